"""What the sweeper looks for when it erases what has been kept long enough."""

UP = """
CREATE INDEX conversations_deleted ON conversations (deleted_at) WHERE deleted_at IS NOT NULL;
"""
