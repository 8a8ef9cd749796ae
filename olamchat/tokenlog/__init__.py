"""The token log: what is told about an answer while it is written, in order and once."""

from functools import cache

from olamchat.tokenlog.base import START, Append, Entry, Fate, Subscription, TokenLog, order
from olamchat.tokenlog.redis_log import RedisLog
from olamchat.tokenlog.topics import conv_topic, user_topic

__all__ = ["START", "Append", "Entry", "Fate", "Subscription", "TokenLog", "conv_topic", "order", "token_log", "user_topic"]


@cache
def token_log() -> TokenLog:
    """Return this process's log."""
    return RedisLog()
