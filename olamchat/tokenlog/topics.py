"""Which log is whose. The braces keep a topic's keys on one node of a Redis Cluster."""

from uuid import UUID


def conv_topic(conversation_id: UUID | str) -> str:
    """Return the topic of one conversation: its messages, answers and title."""
    return f"conv:{{{conversation_id}}}"


def user_topic(user_id: UUID | str) -> str:
    """Return the topic of one user: the list of conversations, what is answering, the end of sessions."""
    return f"user:{{{user_id}}}"


def log_key(topic: str) -> str:
    """Return the key of the topic's stream."""
    return f"{topic}:log"


def fence_key(topic: str) -> str:
    """Return the key that says which attempt of a turn may write."""
    return f"{topic}:fence"


def turn_topic(turn_id: UUID | str) -> str:
    """Return the topic of one turn that belongs to no conversation."""
    return f"turn:{{{turn_id}}}"
