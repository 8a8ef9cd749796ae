"""What answers have read: web pages as they were when an answer opened them first, and the attachments of its conversation."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from olamchat.db.acting import web_pages
from olamchat.db.pool import connected
from olamchat.db.rows import Row


def find(message_id: UUID, url: str) -> Row | None:
    """Return a page that this answer has opened: {final_url, title, content, cut}. Raises DatabaseLost."""
    with connected():
        return web_pages.find(message_id, url)


def keep(message_id: UUID, url: str, page: Mapping[str, Any]) -> Row:
    """Keep a page as it was read now, and return what is kept: what was read first stays. Raises DatabaseLost."""
    with connected():
        return web_pages.keep(message_id, url, page)


def attached(message_id: UUID) -> Sequence[Row]:
    """Return the files that belong to the messages before this answer, the newest first: {name, text, cut}. Raises DatabaseLost."""
    with connected():
        return web_pages.attached(message_id)
