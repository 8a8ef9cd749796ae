"""What servers of tools ask people in the middle of a call."""

UP = """
-- {ask, key, later, answers, state, rounds}: `ask` is the form that waits for the person, gone once they have answered.
ALTER TABLE steps ADD question jsonb CONSTRAINT steps_question CHECK (question IS NULL OR pg_column_size(question) < 1000000);
"""
