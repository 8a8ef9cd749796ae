"""What tools were asked and what they answered is found by the search of conversations."""

UP = """
CREATE TABLE step_words (
    message_id uuid NOT NULL,
    number integer NOT NULL,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    -- The tool, its arguments and the beginning of its result: what is shown where the words stand, and where writing without spaces is looked for.
    said text NOT NULL,
    -- The words of all of it.
    words tsvector NOT NULL,
    PRIMARY KEY (message_id, number),
    FOREIGN KEY (message_id, number) REFERENCES steps ON DELETE CASCADE
);
CREATE INDEX step_words_of_user ON step_words (user_id, created_at DESC);
INSERT INTO step_words (message_id, number, user_id, created_at, said, words)
SELECT s.message_id, s.number, s.user_id, s.created_at, t.said, to_tsvector('simple', t.said)
FROM steps s, LATERAL (SELECT left(concat_ws(' ', s.title, s.tool, left(s.arguments, 10000), s.preview), 20000) AS said) t
WHERE s.state IN ('done', 'failed') AND s.tool <> '';
"""
