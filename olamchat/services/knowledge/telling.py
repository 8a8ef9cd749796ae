"""Who hears of a document: the index workers, and its owner's open pages. Where Redis can't be reached the sweeper makes up for it."""

import logging
from uuid import UUID

from olamchat import jobs
from olamchat.db.knowledge import indexing
from olamchat.db.pool import DatabaseLost, connected
from olamchat.redis import Lost
from olamchat.services import publish
from olamchat.services.knowledge import shape
from olamchat.tokenlog.events import DocumentChanged

_log = logging.getLogger(__name__)


def waits(document_id: UUID) -> None:
    """Tell the index workers that a document waits."""
    try:
        jobs.DOCUMENTS.send(str(document_id))
    except Lost:
        _log.warning("document %s waits in Postgres: Redis can't be reached", document_id)


def changed(document_id: UUID) -> None:
    """Tell the owner's pages how the document is now, after the commit: what can't be told now they see when they look again."""
    try:
        with connected():
            row = indexing.shown(document_id)
    except DatabaseLost as error:
        _log.warning("a change of document %s could not be told: %s", document_id, error)
        return
    if row is not None:
        publish.tell_user(row["user_id"], DocumentChanged(document=shape.document(row)))


def left(document_id: UUID) -> None:
    """Count a document out of the load."""
    try:
        jobs.DOCUMENTS.leave(str(document_id))
    except Lost:
        _log.warning("document %s is counted out by the sweeper", document_id)
