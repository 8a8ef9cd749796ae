"""Which steps that wait for a person were told to those who watch: a worker may die between writing and telling."""

UP = """
-- The revision that was told.
ALTER TABLE steps ADD told integer NOT NULL DEFAULT 0;
UPDATE steps SET told = revision;
CREATE INDEX steps_untold ON steps (message_id) WHERE told < revision
    AND (state IN ('proposed', 'unknown') OR (state = 'running' AND question->'ask' IS NOT NULL));
"""
