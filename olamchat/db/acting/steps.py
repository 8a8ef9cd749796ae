"""The statements that move steps. Each that changes one locks the answer's turn first: two steps that end at once would each see the other
still open, and nobody would let the turn go on.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.clock import now
from olamchat.db.pipeline import transaction
from olamchat.db.rows import PAST, Row, run

OPEN = ("proposed", "granted", "running", "unknown")
_OPEN = "('proposed', 'granted', 'running', 'unknown')"
# Calls of one answer that run at once.
AT_ONCE = 8

_PARK = """
WITH parked AS (
    UPDATE turns SET state = 'parked', worker = NULL, rounds = rounds + 1
    WHERE id = %(id)s AND attempt = %(attempt)s AND state = 'running' AND kind = 'answer' AND stop_at IS NULL RETURNING *
), answer AS (
    UPDATE messages m SET status = 'waiting', content = %(content)s, reasoning = %(reasoning)s, usage = %(usage)s, timings = %(timings)s
    FROM parked WHERE m.id = parked.id
), made AS (
    INSERT INTO steps (message_id, number, user_id, round, call_id, name, server, tool, title, arguments, effect, outside, state, error, at,
        reasoning_at, passages, idempotency_key, created_at, granted_at, finished_at)
    SELECT parked.id, s.number, parked.user_id, (SELECT coalesce(max(round), 0) + 1 FROM steps WHERE message_id = parked.id), s.call_id, s.name, s.server, s.tool, s.title, s.arguments, s.effect, s.outside,
        s.state, s.error, length(%(content)s::text), length(%(reasoning)s::text),
        (SELECT count(*) FROM citations WHERE message_id = parked.id), s.idempotency_key, %(at)s,
        CASE s.state WHEN 'granted' THEN %(at)s END, CASE s.state WHEN 'failed' THEN %(at)s END
    FROM parked, jsonb_to_recordset(%(steps)s) AS s (number integer, call_id text, name text, server text, tool text, title text,
        arguments text, effect text, outside boolean, state text, error jsonb, idempotency_key uuid)
    RETURNING *
)
SELECT * FROM made ORDER BY number
"""

_LOCK = "SELECT state FROM turns WHERE id = %(id)s FOR NO KEY UPDATE"

# Where no step is open any more the turn waits again for a worker, as old as it was.
_RESUME = f"""
WITH resumed AS (
    UPDATE turns t SET state = 'queued', not_before = now() WHERE t.id = %(id)s AND t.state = 'parked'
        AND NOT EXISTS (SELECT FROM steps s WHERE s.message_id = t.id AND s.state IN {_OPEN}) RETURNING t.id, t.pool, t.attempt
), answer AS (
    UPDATE messages m SET status = 'queued' FROM resumed WHERE m.id = resumed.id
)
SELECT * FROM resumed
"""  # noqa: S608, a constant

# Whose step it is: of the person with the fewest running, of those the one that was granted first.
_TAKE = """
WITH busy AS (
    SELECT user_id, count(*) AS running FROM steps WHERE state = 'running' GROUP BY user_id
), next AS (
    SELECT s.message_id, s.number FROM steps s JOIN turns t ON t.id = s.message_id LEFT JOIN busy b ON b.user_id = s.user_id
    WHERE s.state = 'granted' AND t.state = 'parked'
        AND (SELECT count(*) FROM steps r WHERE r.message_id = s.message_id AND r.state = 'running') < %(at_once)s
    ORDER BY coalesce(b.running, 0) / t.weight, s.granted_at, s.message_id, s.number LIMIT 1 FOR UPDATE OF s SKIP LOCKED
)
UPDATE steps s SET state = 'running', attempt = s.attempt + 1, revision = s.revision + 1, worker = %(worker)s, started_at = now()
FROM next, messages m WHERE s.message_id = next.message_id AND s.number = next.number AND m.id = s.message_id
RETURNING s.*, m.conversation_id
"""

# A call that came back after its worker was taken for dead says what became of it, as long as nobody has decided otherwise.
_END = """
WITH ended AS (
UPDATE steps SET state = %(state)s, result = %(result)s, preview = %(preview)s, error = %(error)s, sources = %(sources)s, revision = revision + 1, question = NULL,
    finished_at = CASE WHEN %(state)s = 'unknown' THEN NULL ELSE now() END
WHERE message_id = %(id)s AND number = %(number)s AND attempt = %(attempt)s AND (state = 'running' OR state = 'unknown' AND %(state)s <> 'unknown')
RETURNING *
), worded AS (
    INSERT INTO step_words (message_id, number, user_id, created_at, said, words)
    SELECT message_id, number, user_id, created_at, left(concat_ws(' ', title, tool, left(arguments, 10000), preview), 20000),
        to_tsvector('simple', left(concat_ws(' ', title, tool, arguments, %(words)s::text), 100000))
    FROM ended WHERE state <> 'unknown'
    ON CONFLICT (message_id, number) DO NOTHING
)
SELECT * FROM ended
"""

_GIVE_BACK = """
UPDATE steps SET state = CASE effect WHEN 'write' THEN 'unknown' ELSE 'granted' END, revision = revision + 1, worker = NULL, granted_at = now(),
    question = question - 'ask'
WHERE message_id = %(id)s AND number = %(number)s AND attempt = %(attempt)s AND state = 'running' RETURNING *
"""

_DECIDE = """
UPDATE steps SET state = CASE WHEN %(decision)s = 'refuse' THEN 'refused' ELSE 'granted' END, revision = revision + 1, decision = %(decision)s,
    error = CASE error->>'code' WHEN 'made_up_address' THEN NULL ELSE error END, note = %(note)s, granted_at = CASE WHEN %(decision)s <> 'refuse' THEN now() ELSE granted_at END,
    finished_at = CASE WHEN %(decision)s = 'refuse' THEN now() END
WHERE message_id = %(id)s AND number = ANY(%(numbers)s) AND attempt = %(attempt)s AND state IN ('proposed', 'unknown') AND question->'ask' IS NULL
RETURNING *
"""

# A step that nobody has to allow goes on once its person is connected; `asks` in its error says that one does.
_UNCONNECT = """
UPDATE steps SET state = 'proposed', revision = revision + 1, worker = NULL, error = '{"code": "not_connected", "message": ""}'
WHERE message_id = %(id)s AND number = %(number)s AND attempt = %(attempt)s AND state = 'running' RETURNING *
"""

_CONNECT = """
UPDATE steps SET state = CASE error->>'code' WHEN 'not_connected' THEN 'granted' ELSE 'proposed' END, granted_at = now(), revision = revision + 1,
    error = NULL
WHERE message_id = %(id)s AND number = %(number)s AND state = 'proposed' AND error->>'code' IN ('not_connected', 'not_connected_asks')
RETURNING *
"""

# A page whose address the model made up is allowed with its host alone: such a grant names it after the tool.
_GRANT = """
INSERT INTO tool_grants (conversation_id, server, tool, created_at)
SELECT %(conversation_id)s, server, tool || coalesce(' ' || (error->>'host'), ''), now() FROM steps WHERE message_id = %(id)s AND number = %(number)s AND server <> ''
ON CONFLICT DO NOTHING
"""

_BRIEFLY = """
SELECT message_id, number, name, server, tool, title, left(arguments, 5000) AS arguments, effect, outside, state, attempt, revision, at, reasoning_at,
    passages, decision, preview, sources, error, question, created_at, started_at, finished_at
FROM steps WHERE message_id = ANY(%s) ORDER BY message_id, number
"""

_LIKE = """
SELECT o.number FROM steps s JOIN steps o ON o.message_id = s.message_id AND (o.server, o.tool) = (s.server, s.tool)
WHERE s.message_id = %(id)s AND s.number = %(number)s AND o.state = 'proposed' AND o.attempt = 0
    AND (o.error->>'host') IS NOT DISTINCT FROM (s.error->>'host')
"""


def park(turn_id: UUID, attempt: int, values: Row, steps: Sequence[Row]) -> tuple[list[Row], Row | None]:
    """Keep the text so far and the steps, and let the turn go; return the steps, none where the attempt has no hold on the turn any more.

    Where every step has failed already, the turn waits for a worker at once and is returned, too.
    """
    json = {name: None if values[name] is None else Jsonb(values[name]) for name in ("usage", "timings")}
    given = {**values, **json, "id": turn_id, "attempt": attempt, "steps": Jsonb(list(steps)), "at": now()}
    with transaction() as pipeline:
        made, resumed = pipeline.run((_PARK, given), (_RESUME, given), last=True)
    return made, resumed[0] if resumed else None


def take(worker: str) -> Row | None:
    """Return a step to run now, with its `conversation_id`; two workers never get the same attempt."""
    found = run(_TAKE, {"worker": worker, "at_once": AT_ONCE})
    return found[0] if found else None


def end(message_id: UUID, number: int, attempt: int, ending: Row) -> tuple[Row | None, Row | None]:
    """Write how a step ended (`state`, `result`, `preview`, `sources`, `error`); return it, None where that is not this attempt's to say, and the turn where it goes on."""
    json = {name: None if ending[name] is None else Jsonb(ending[name]) for name in ("result", "error", "sources")}
    return change(message_id, _END, {**ending, **json, "number": number, "attempt": attempt})


def give_back(message_id: UUID, number: int, attempt: int) -> Row | None:
    """Take a step from a worker that is gone or leaves: what may be done twice is granted again, of a write nobody knows. None: it is not that attempt's."""
    return change(message_id, _GIVE_BACK, {"number": number, "attempt": attempt})[0]


def unconnect(message_id: UUID, number: int, attempt: int) -> Row | None:
    """Let a step wait for its person's connection; None: it is not that attempt's."""
    return change(message_id, _UNCONNECT, {"number": number, "attempt": attempt})[0]


def unconnected(user_id: UUID, server: str) -> list[Row]:
    """Return the steps of a person that wait for a connection to a server: message_id, number and conversation_id."""
    sql = """SELECT s.message_id, s.number, m.conversation_id FROM steps s JOIN messages m ON m.id = s.message_id
             WHERE s.user_id = %s AND s.server = %s AND s.state = 'proposed' AND s.error->>'code' IN ('not_connected', 'not_connected_asks')"""
    return run(sql, [user_id, server])


def connect(message_id: UUID, number: int) -> Row | None:
    return change(message_id, _CONNECT, {"number": number})[0]


def decide(conversation_id: UUID, message_id: UUID, number: int, *, attempt: int, decision: str, note: str) -> tuple[list[Row], Row | None]:
    """Decide on a step that waits for a person, as that person saw it; return the steps this changed, and the turn where it goes on."""
    values: Row = {
        "id": message_id, "number": number, "numbers": [number], "attempt": attempt, "decision": decision, "note": note,
        "conversation_id": conversation_id,
    }  # fmt: skip
    with transaction() as pipeline:
        _, like = pipeline.run((_LOCK, values), (_LIKE, values))
        if decision == "grant_for_conversation":
            values["numbers"] = sorted({number, *(row["number"] for row in like)}) if attempt == 0 else [number]
            pipeline.run((_GRANT, values))
        changed, resumed = pipeline.run((_DECIDE, values), (_RESUME, values), last=True)
    return changed, resumed[0] if resumed else None


def of(message_ids: Sequence[UUID]) -> list[Row]:
    """Return the steps of these answers, in their order."""
    return run("SELECT * FROM steps WHERE message_id = ANY(%s) ORDER BY message_id, number", [list(message_ids)])


def briefly(message_ids: Sequence[UUID]) -> dict[UUID, list[Row]]:
    """Return the steps of these answers without what may be long: results, and the rest of arguments."""
    found: dict[UUID, list[Row]] = {}
    if message_ids:
        for row in run(_BRIEFLY, [list(message_ids)]):
            found.setdefault(row["message_id"], []).append(row)
    return found


def find(message_id: UUID, number: int) -> Row | None:
    found = run("SELECT * FROM steps WHERE message_id = %s AND number = %s", [message_id, number])
    return found[0] if found else None


def told(steps: Sequence[Row]) -> None:
    """Note that these were told as they are here."""
    sql = """UPDATE steps s SET told = v.revision FROM unnest(%s::uuid[], %s::int[], %s::int[]) AS v (id, number, revision)
             WHERE s.message_id = v.id AND s.number = v.number AND s.told < v.revision RETURNING s.number"""
    run(sql, [[step[name] for step in steps] for name in ("message_id", "number", "revision")])


def untold(limit: int) -> list[Row]:
    """Return steps that wait for a person and were not told as they are, with `conversation_id`, and of their turn `parked_in` (its attempt), `text` and `thoughts` long."""
    sql = """SELECT s.*, m.conversation_id, CASE t.state WHEN 'parked' THEN t.attempt END AS parked_in, length(m.content) AS text, length(m.reasoning) AS thoughts
             FROM steps s JOIN messages m ON m.id = s.message_id JOIN turns t ON t.id = s.message_id WHERE s.told < s.revision
                 AND (s.state IN ('proposed', 'unknown') OR (s.state = 'running' AND s.question->'ask' IS NOT NULL)) LIMIT %s"""
    return run(sql, [limit])


def held(steps: Sequence[tuple[UUID, int, int]]) -> set[tuple[UUID, int, int]]:
    """Return which of these (message, number, attempt) still run."""
    sql = """SELECT s.message_id, s.number, s.attempt FROM steps s JOIN unnest(%s::uuid[], %s::int[], %s::int[]) AS v (id, number, attempt)
             ON s.message_id = v.id AND s.number = v.number AND s.attempt = v.attempt WHERE s.state = 'running'"""
    columns = [list(column) for column in zip(*steps, strict=True)] or [[], [], []]
    return {(row["message_id"], row["number"], row["attempt"]) for row in run(sql, columns)}


def running(longer_than_s: float) -> list[Row]:
    """Return the steps that have been running for a while: by now they have a lease, or their worker is gone."""
    sql = "SELECT message_id, number, attempt FROM steps WHERE state = 'running' AND started_at " + PAST  # noqa: S608, a constant
    return run(sql, [longer_than_s])


def waiting(longer_than_s: float) -> int:
    """Return how many steps have been granted for a while and not taken."""
    sql = f"""SELECT count(*) AS steps FROM steps s JOIN turns t ON t.id = s.message_id
              WHERE s.state = 'granted' AND t.state = 'parked' AND s.granted_at {PAST}"""  # noqa: S608, a constant
    return int(run(sql, [longer_than_s])[0]["steps"])


def load() -> list[str]:
    """Return the names of the steps that are granted or run, as leases and loads know them."""
    return [row["name"] for row in run("SELECT message_id || ':' || number AS name FROM steps WHERE state IN ('granted', 'running')")]


def by_state() -> dict[str, int]:
    """Return how many steps are open, by state."""
    return {row["state"]: row["steps"] for row in run(f"SELECT state, count(*) AS steps FROM steps WHERE state IN {_OPEN} GROUP BY state")}  # noqa: S608


def asking(user_id: UUID) -> list[UUID]:
    """Return the conversations in which a step waits for a person's word."""
    sql = """SELECT DISTINCT m.conversation_id FROM steps s JOIN messages m ON m.id = s.message_id
             WHERE s.user_id = %s AND (s.state IN ('proposed', 'unknown') OR s.state = 'running' AND s.question->'ask' IS NOT NULL)"""
    return [row["conversation_id"] for row in run(sql, [user_id])]


def granted(conversation_id: UUID) -> set[tuple[str, str]]:
    """Return the tools, as (server, name), that a conversation's person has allowed for good."""
    found = run("SELECT server, tool FROM tool_grants WHERE conversation_id = %s", [conversation_id])
    return {(row["server"], row["tool"]) for row in found}


def outside_was_read(conversation_id: UUID) -> bool:
    """Tell whether a tool has brought text from outside into the conversation."""
    sql = """SELECT EXISTS (SELECT FROM steps s JOIN messages m ON m.id = s.message_id
             WHERE m.conversation_id = %s AND s.outside AND s.state = 'done') AS read"""
    return bool(run(sql, [conversation_id])[0]["read"])


def change(message_id: UUID, sql: str, values: Any) -> tuple[Row | None, Row | None]:
    """Carry a statement out on one step, its answer's turn locked; return the step, and the turn where it goes on."""
    values = {**values, "id": message_id}
    with transaction() as pipeline:
        _, changed, resumed = pipeline.run((_LOCK, values), (sql, values), (_RESUME, values), last=True)
    return (changed[0] if changed else None), (resumed[0] if resumed else None)
