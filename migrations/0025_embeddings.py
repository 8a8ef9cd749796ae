"""What embeddings a program asked for: they lie beside what they took until the program has them, minutes at most."""

UP = """
ALTER TABLE completions ADD vectors bytea;
-- They can't be made smaller, so nothing is to try.
ALTER TABLE completions ALTER vectors SET STORAGE EXTERNAL;
CREATE INDEX completions_with_vectors ON completions (finished_at) WHERE vectors IS NOT NULL;
"""
