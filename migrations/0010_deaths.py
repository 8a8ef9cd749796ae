"""How often a worker died of a turn, so that one that kills is run by itself."""

UP = """
ALTER TABLE turns ADD COLUMN deaths integer NOT NULL DEFAULT 0;
-- How long the answer's texts were when its last worker was lost.
ALTER TABLE turns ADD COLUMN reached integer NOT NULL DEFAULT 0;
"""
