"""Files to attach: take one in, read it, let go of it.

The body is the file itself, its name stands in the query: one file a request, whose size is known before it is read, and no parser of
parts that a client could lead astray. What it is its bytes say, Content-Type says nothing.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from functions.files import exports
from functions.http import uploads
from functions.http.auth import signed_in
from functions.http.download import MEDIA, handed_out
from functions.http.messages import read, read_query
from functions.http.operation import operation
from functions.schemas.files import AttachResource, File, FileLimits, NewFile
from olamchat.errors import (
    FileInUse,
    FileRefused,
    FileTooLarge,
    FileUnreadable,
    Malformed,
    NotConnected,
    NotFound,
    StorageFull,
    ToolServerFailed,
    TooMany,
    Unavailable,
)
from olamchat.services import files
from olamchat.services.knowledge import attaching
from olamchat.services.steps import offers

bp = Blueprint("files", __name__, url_prefix="/api")
bp.register_blueprint(exports.bp)


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
    with uploads.room(user_id):
        return attaching.upload(user_id=user_id, name=name, content=uploads.body())


@bp.post("/files/resources")
@operation(
    status=201, body=AttachResource, response=File,
    refuses=(NotFound, NotConnected, ToolServerFailed, FileTooLarge, FileRefused, FileUnreadable, StorageFull, TooMany, Unavailable),
)  # fmt: skip
@signed_in
def attach(user_id: UUID) -> dict[str, Any]:
    """Keep what a tool server has at an address as a file of yours, to be attached to a message. It is read once, now."""
    said = read(AttachResource)
    with uploads.room(user_id):
        return offers.attach(user_id=user_id, server=said.server, uri=said.uri)


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
