"""A kept file as an answer: only images are shown in place; everything else is a download, and text is plain text."""

from urllib.parse import quote

from flask import Response, request

from olamchat.files import kinds
from olamchat.services.files import Content

MEDIA = ("image/png", "image/jpeg", "image/webp", "image/gif", "text/plain", *kinds.MEDIA)
_PLAIN = "text/plain; charset=utf-8"


def handed_out(file: Content) -> Response:
    """Return the file, or that it is as the browser has it. Raises NotFound, DatabaseLost."""
    response = Response(content_type=_PLAIN if file.kind == "text" else file.media_type)
    response.set_etag(file.digest)
    # The browser may keep it, and asks each time whether it still may show it.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = _disposition(file.name, inline=file.kind == "image")
    if request.if_none_match.contains(file.digest):
        response.status_code = 304
        return response
    response.set_data(file.read())
    return response


def _disposition(name: str, *, inline: bool) -> str:
    """Name the download (RFC 6266); the plain name is for readers that don't know RFC 8187."""
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in " ._-") else "_" for letter in name)
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
