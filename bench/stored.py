"""Fill the database as years of use would: many conversations of one person, straight into the tables."""

import psycopg

WORDS = "the a model answer question token stream table river mountain python query index light word green house boat letter number"

# Each conversation a day's part after the one before; messages alternate; the text is words by chance, one in a thousand has a rare one.
FILL = """
WITH made AS (
    INSERT INTO conversations (id, created_at, user_id, title, model, updated_at)
    SELECT uuidv7(-(n * interval '37 minutes')), now() - n * interval '37 minutes', %(user)s, 'About the ' || w[1 + n %% 20] || ' no ' || n, 'bench-clock',
           now() - n * interval '37 minutes'
    FROM generate_series(1, %(count)s) n, string_to_array(%(words)s, ' ') w
    RETURNING id, created_at
), rows AS (
    SELECT uuidv7(made.created_at - now() + k * interval '1 second') AS id, made.id AS conversation, made.created_at + k * interval '1 second' AS at, k
    FROM made, generate_series(1, %(each)s) k
)
INSERT INTO messages (id, created_at, conversation_id, role, content, status, model)
SELECT rows.id, at, conversation, CASE WHEN k %% 2 = 1 THEN 'user' ELSE 'assistant' END,
       (SELECT string_agg(w[1 + floor(random() * 20 + hashint4(k) * 0)::int], ' ') FROM generate_series(1, 30))
           || CASE WHEN hashtext(rows.id::text) %% 1000 = 0 THEN ' zanzibar' ELSE '' END,
       'done', CASE WHEN k %% 2 = 0 THEN 'bench-clock' END
FROM rows, string_to_array(%(words)s, ' ') w
"""


def conversations(url: str, user: str, count: int, each: int) -> None:
    """Store `count` conversations of `each` messages for a user."""
    with psycopg.connect(url, autocommit=True, options="-c statement_timeout=0") as connection:
        connection.execute(FILL, {"user": user, "count": count, "each": each, "words": WORDS})
        connection.execute("VACUUM ANALYZE")
