"""Files that go out with something else: in the ZIP with everything, and by a link. They belong to the function files, which alone has the store's keys."""

from uuid import UUID

from flask import Blueprint, Response

from functions.http import rate_limits
from functions.http.auth import signed_in
from functions.http.download import MEDIA, handed_out
from functions.http.operation import operation
from olamchat.clock import now
from olamchat.errors import TooMany, Unavailable
from olamchat.services.copies import exports, sharing

bp = Blueprint("handing_out", __name__)
# Who is being handed everything: packing costs more than any other answer, and once at a time is enough.
_packing: set[UUID] = set()


@bp.get("/conversations/export")
@operation(media=("application/zip",))
@signed_in
def everything(user_id: UUID) -> Response:
    """Export everything as a ZIP: each conversation as JSON and as Markdown, the files in them, and what one has set."""
    if user_id in _packing:
        raise TooMany("Your export is already in progress.", retry_after_s=5)
    response = Response(exports.everything(user_id=user_id), content_type="application/zip")
    _packing.add(user_id)
    response.call_on_close(lambda: _packing.discard(user_id))
    response.headers["Content-Disposition"] = f'attachment; filename="olamchat-{now():%Y-%m-%d}.zip"'
    return response


@bp.get("/shares/<token>/files/<uuid:file_id>")
@operation(bytes_of=MEDIA, refuses=(TooMany, Unavailable))
def shared_file(token: str, file_id: UUID) -> Response:
    """Read a file of a message that a link shows. It needs no session."""
    rate_limits.visiting()
    response = handed_out(sharing.file(token=token, file_id=file_id))
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
