"""Uploads: the body is the file itself, whose size is known before it is read, and bounded in what one process holds at once."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from olamchat.environment import environment
from olamchat.errors import Malformed, TooMany, Unavailable
from olamchat.services import files

# Bytes of uploads that one process holds at once, and uploads of one person.
ROOM_BYTES = 192 << 20
AT_ONCE = 4
_coming: defaultdict[UUID, list[int]] = defaultdict(list)


def body() -> bytes:
    """Return the body. Raises FileTooLarge, Malformed."""
    most = environment().file_bytes
    request.max_content_length = most + 1  # this route's own; the app's is for JSON
    if (request.content_length or 0) > most:
        raise files.too_large()
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise files.too_large() from None
    if len(body) > most:
        raise files.too_large()
    if request.content_length is not None and len(body) < request.content_length:
        raise Malformed("The upload was incomplete.")
    return body


@contextmanager
def room(user_id: UUID) -> Iterator[None]:
    """Hold a place in this process's memory. Raises TooMany, Unavailable."""
    most = environment().file_bytes
    size = min(most if request.content_length is None else request.content_length, most)
    if len(_coming.get(user_id, ())) >= AT_ONCE:
        raise TooMany(f"{AT_ONCE} of your uploads are already in progress.", retry_after_s=2)
    if sum(map(sum, _coming.values())) + size > max(ROOM_BYTES, most):
        raise Unavailable("Too many uploads are in progress. Try again in a moment.", retry_after_s=2)
    _coming[user_id].append(size)
    try:
        yield
    finally:
        _coming[user_id].remove(size)
        if not _coming[user_id]:
            del _coming[user_id]
