"""What a person thinks of an answer: a thumb up or down, kept with the answer."""

UP = """
ALTER TABLE messages ADD COLUMN feedback text CHECK (feedback IN ('up', 'down')),
    ADD CONSTRAINT messages_feedback_of_answers CHECK (feedback IS NULL OR role = 'assistant');
"""
