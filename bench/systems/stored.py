"""Fill the database as years of use would: many conversations of one person, straight into the tables."""

import psycopg

WORDS = "the a model answer question token stream table river mountain python query index light word green house boat letter number"

# Conversations 37 minutes apart; the text is words by chance, one message in a thousand has a rare one.
FILL = """
WITH made AS (
    INSERT INTO conversations (id, created_at, user_id, title, model, updated_at)
    SELECT uuidv7(n * interval '-37 minutes'), now() - n * interval '37 minutes', %(user)s,
           'About the ' || (%(words)s::text[])[1 + n %% 20] || ' no ' || n, 'bench-clock', now() - n * interval '37 minutes'
    FROM generate_series(1, %(count)s) n
    RETURNING id, created_at
), rows AS (
    SELECT uuidv7(made.created_at - now() + k * interval '1 second') AS id, made.id AS conversation, made.created_at + k * interval '1 second' AS at, k
    FROM made, generate_series(1, %(each)s) k
)
INSERT INTO messages (id, created_at, conversation_id, role, content, status, model)
SELECT rows.id, rows.at, rows.conversation, CASE WHEN rows.k %% 2 = 1 THEN 'user' ELSE 'assistant' END,
       said.words || CASE WHEN abs(hashtext(rows.id::text)) %% 1000 = 0 THEN ' zanzibar' ELSE '' END,
       'done', CASE WHEN rows.k %% 2 = 0 THEN 'bench-clock' END
FROM rows, LATERAL (
    SELECT string_agg((%(words)s::text[])[1 + (random() * 19)::int], ' ') AS words FROM generate_series(1, 30) WHERE rows.k > 0
) said
"""


def conversations(url: str, user: str, count: int, each: int, *, vacuum: bool = True) -> None:
    """Store `count` conversations of `each` messages for a user; without `vacuum` Postgres has no statistics of them, as after a great import."""
    with psycopg.connect(url, autocommit=True, options="-c statement_timeout=0") as connection:
        connection.execute(FILL, {"user": user, "count": count, "each": each, "words": WORDS.split()})
        if vacuum:
            connection.execute("VACUUM ANALYZE")
