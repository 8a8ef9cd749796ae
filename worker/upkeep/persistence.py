"""Asking Postgres until it answers: what a model said or a tool brought must not be lost for an outage."""

import logging
from collections.abc import Callable
from typing import TypeVar

from olamchat.db.pool import DatabaseLost

T = TypeVar("T")
RETRY_S = 0.5
_log = logging.getLogger(__name__)


def persistently(ask: Callable[[], T], what: str, given_up: Callable[[float], bool]) -> T | None:
    """Return what `ask` returns, asked again after each outage; None once `given_up`, which waits so many seconds at most, says that it is no use."""
    while True:
        try:
            return ask()
        except DatabaseLost as error:
            _log.warning("%s waits for Postgres: %s", what, error)
            if given_up(RETRY_S):
                return None
