"""By which browser a session was renewed last: within the leeway only that one may come with the token of before."""

UP = """
ALTER TABLE sessions ADD COLUMN device text;
"""
