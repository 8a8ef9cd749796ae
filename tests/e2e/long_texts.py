"""Long texts and long conversations, for what has to stay smooth with them."""

import psycopg

PARTS = (
    "## Part {number}\n\n",
    "The {number}th paragraph goes on for a while, with **strong** words, `code` and [a link](https://example.org/{number}). " * 4 + "\n\n",
    "- a first point about {number}\n- a second point, *slanted*\n- a third one\n\n",
    "```python\ndef part_{number}(value: int) -> int:\n    return value * {number}\n```\n\n",
    "| name | value |\n| --- | --- |\n| part | {number} |\n\n",
)


def markdown(words: int) -> str:
    """Return Markdown of every kind with at least so many words."""
    pieces: list[str] = []
    count = number = 0
    while count < words:
        number += 1
        pieces += [part.replace("{number}", str(number)) for part in PARTS]
        count += sum(len(piece.split()) for piece in pieces[-len(PARTS) :])
    return "".join(pieces)


_CONVERSATION = """
WITH made AS (
    INSERT INTO conversations (id, created_at, user_id, title, model, updated_at)
    SELECT uuidv7(), now(), id, 'A long conversation', 'steady', now() FROM users WHERE email = %(email)s RETURNING id
), told AS (
    SELECT k, uuidv7(k * interval '1 millisecond') AS id FROM generate_series(1, %(count)s) k
), rows AS (
    SELECT told.k, told.id, lag(told.id) OVER (ORDER BY told.k) AS parent FROM told
), kept AS (
    INSERT INTO messages (id, created_at, conversation_id, parent_id, role, content, status, model)
    SELECT rows.id, now() - (%(count)s - rows.k) * interval '1 minute', made.id, rows.parent,
           CASE WHEN rows.k %% 2 = 1 THEN 'user' ELSE 'assistant' END,
           CASE WHEN rows.k %% 2 = 1 THEN 'Question ' || rows.k ELSE 'Answer ' || rows.k || E'\\n\\n' || repeat(%(text)s, 1 + rows.k %% 5) END,
           'done', CASE WHEN rows.k %% 2 = 0 THEN 'steady' END
    FROM rows, made
)
SELECT id FROM made
"""


def conversation(database_url: str, email: str, count: int) -> str:
    """Store a conversation of `count` messages, straight into the tables; return its id."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        values = {"email": email, "count": count, "text": markdown(60)}
        [(found,)] = connection.execute(_CONVERSATION, values).fetchall()
        return str(found)
