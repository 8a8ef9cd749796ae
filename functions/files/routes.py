"""Files to attach: take one in, read it, let go of it.

The body is the file itself, its name stands in the query: one file a request, whose size is known before it is read, and no parser of
parts that a client could lead astray. What it is its bytes say, Content-Type says nothing.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from functions.files import exports
from functions.files.download import MEDIA, handed_out
from functions.http.auth import signed_in
from functions.http.messages import read_query
from functions.http.operation import operation
from functions.schemas.files import File, FileLimits, NewFile
from olamchat.environment import environment
from olamchat.errors import FileInUse, FileRefused, FileTooLarge, FileUnreadable, Malformed, StorageFull, TooMany, Unavailable
from olamchat.services import files

bp = Blueprint("files", __name__, url_prefix="/api")
bp.register_blueprint(exports.bp)
# Bytes of uploads that one process holds at once, and uploads of one person.
ROOM_BYTES = 192 << 20
AT_ONCE = 4
_coming: defaultdict[UUID, list[int]] = defaultdict(list)


@bp.get("/files")
@operation(response=FileLimits)
@signed_in
def limits(user_id: UUID) -> dict[str, Any]:
    """Tell what may be attached."""
    return files.limits(user_id=user_id)


@bp.post("/files")
@operation(
    status=201, query=NewFile, response=File, raw=True,
    refuses=(FileTooLarge, FileRefused, FileUnreadable, StorageFull, Malformed, TooMany, Unavailable),
)  # fmt: skip
@signed_in
def upload(user_id: UUID) -> dict[str, Any]:
    """Keep a file, to be attached to a message. One that no message has is deleted after a day."""
    name = read_query(NewFile).name
    with _room(user_id):
        return files.upload(user_id=user_id, name=name, content=_body())


@bp.get("/files/<uuid:file_id>")
@operation(bytes_of=MEDIA)
@signed_in
def get(user_id: UUID, file_id: UUID) -> Response:
    """Read a file. Only images are shown in place; everything else is a download, and text is plain text."""
    return handed_out(files.get(user_id=user_id, file_id=file_id))


@bp.delete("/files/<uuid:file_id>")
@operation(status=204, refuses=(FileInUse,))
@signed_in
def delete(user_id: UUID, file_id: UUID) -> None:
    """Delete a file that no message has."""
    files.delete(user_id=user_id, file_id=file_id)


def _body() -> bytes:
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
def _room(user_id: UUID) -> Iterator[None]:
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
