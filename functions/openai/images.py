"""Images that come inside a request. Nothing is ever fetched for somebody: only data: URLs are taken."""

import binascii
import re
from base64 import b64decode, b64encode
from typing import Any

from olamchat.files.photos import upright
from olamchat.files.sniffing import NotTaken, Unreadable, sniff

_HEAD = re.compile(r"data:image/[a-z+.-]{1,40};base64,")


def picture(url: Any) -> dict[str, str]:
    """Return an image's `media_type`, by its bytes, and its `data` in base64. Raises ValueError with a sentence for people."""
    head = _HEAD.match(url) if isinstance(url, str) else None
    if head is None:
        raise ValueError("an image comes as data:image/…;base64,…; addresses are not fetched")
    data = url[head.end() :]
    try:
        given = b64decode(data, validate=True)
        kept = upright(given)
        told = sniff(kept)
    except binascii.Error:
        raise ValueError("this is no base64") from None
    except (NotTaken, Unreadable) as refused:
        raise ValueError(str(refused)) from None
    if told.kind != "image":
        raise ValueError("only PNG, JPEG, WebP, GIF and AVIF images are taken")
    return {"media_type": told.media_type, "data": data if kept is given else b64encode(kept).decode()}
