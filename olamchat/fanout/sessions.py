"""Closes the streams of sessions that have ended, whatever became of the word that they have.

A session's end is told through Redis and closes its streams at once. Where that word is lost (Redis was away, an administrator changed the row by
hand), Postgres is asked: every LOOK_S, once for all streams of the process.
"""

import logging
import threading
import time
from uuid import UUID

from olamchat.clock import now
from olamchat.db.people import sessions
from olamchat.db.pool import DatabaseLost, connected
from olamchat.fanout.hub import Hub

LOOK_S = 2.0
_log = logging.getLogger(__name__)
_watched: set[int] = set()
_lock = threading.Lock()


def watch(hub: Hub) -> None:
    """Watch over a fan-out's streams from now on, in a thread; asked again it does nothing."""
    with _lock:
        if id(hub) in _watched:
            return
        _watched.add(id(hub))
    threading.Thread(target=_watch_for_ever, args=[hub], name="doorkeeper", daemon=True).start()


def look(hub: Hub) -> None:
    """End the streams of sessions that are not good any more. Raises DatabaseLost."""
    open_now = hub.sessions()
    if not open_now:
        return
    with connected():
        good = {str(session_id) for session_id in sessions.good_among(map(UUID, open_now), now())}
    if gone := open_now - good:
        hub.sign_out(gone)


def _watch_for_ever(hub: Hub) -> None:
    while True:
        time.sleep(LOOK_S)
        try:
            look(hub)
        except DatabaseLost as error:
            _log.warning("the sessions of open streams can't be looked up now: %s", error)
        except Exception:  # noqa: BLE001, the thread has to live
            _log.exception("the sessions of open streams could not be looked up")
