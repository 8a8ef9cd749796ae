"""The statements about what servers ask people in the middle of a call. Like all that moves steps, they lock the answer's turn first."""

from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.db.acting.steps import change
from olamchat.db.rows import Row, run

# The call has ended with the question: it is made again, with the answer, by whichever worker comes first then.
_PUT_BY = """
UPDATE steps SET state = 'proposed', question = %(question)s, worker = NULL, revision = revision + 1
WHERE message_id = %(id)s AND number = %(number)s AND attempt = %(attempt)s AND state = 'running' RETURNING *
"""

# The call goes on while the person thinks: it stays its worker's.
_KEEP_UP = """
UPDATE steps SET question = %(question)s, revision = revision + 1
WHERE message_id = %(id)s AND number = %(number)s AND attempt = %(attempt)s AND state = 'running' RETURNING *
"""

# The person's time is over, and the call goes on without them.
_WITHDRAW = """
UPDATE steps SET question = question - 'ask' - 'key', revision = revision + 1
WHERE message_id = %(id)s AND number = %(number)s AND attempt = %(attempt)s AND state = 'running' AND question->'ask' IS NOT NULL RETURNING *
"""

# Two devices answer at once: the one that saw the newest counts. A call that was put by is granted when its last question has an answer.
_ANSWER = """
UPDATE steps SET question = %(question)s, revision = revision + 1,
    state = CASE WHEN state = 'proposed' AND %(question)s::jsonb->'ask' IS NULL THEN 'granted' ELSE state END,
    granted_at = CASE WHEN state = 'proposed' THEN now() ELSE granted_at END
WHERE message_id = %(id)s AND number = %(number)s AND attempt = %(attempt)s AND revision = %(revision)s
    AND state IN ('proposed', 'running') AND question->'ask' IS NOT NULL
RETURNING *
"""


def put_by(message_id: UUID, number: int, attempt: int, question: Row) -> Row | None:
    """Let a step wait for its person's answer, with no worker; None where it is not that attempt's any more."""
    return change(message_id, _PUT_BY, {"number": number, "attempt": attempt, "question": Jsonb(question)})[0]


def keep_up(message_id: UUID, number: int, attempt: int, question: Row) -> Row | None:
    """Let a running step show a question; None where it is not that attempt's any more."""
    return change(message_id, _KEEP_UP, {"number": number, "attempt": attempt, "question": Jsonb(question)})[0]


def withdraw(message_id: UUID, number: int, attempt: int) -> Row | None:
    """Take a question away that nobody has answered; None where it has an answer, or is not that attempt's any more."""
    return change(message_id, _WITHDRAW, {"number": number, "attempt": attempt})[0]


def answer(message_id: UUID, number: int, *, attempt: int, revision: int, question: Row) -> Row | None:
    """Keep what a question is after an answer; None where another answer, or an end, came first."""
    values = {"number": number, "attempt": attempt, "revision": revision, "question": Jsonb(question)}
    return change(message_id, _ANSWER, values)[0]


def of(message_id: UUID, number: int, attempt: int) -> Row | None:
    """Return the question of a step that still runs in this attempt, None where it doesn't."""
    sql = "SELECT question FROM steps WHERE message_id = %s AND number = %s AND attempt = %s AND state = 'running'"
    found = run(sql, [message_id, number, attempt])
    return found[0]["question"] if found else None
