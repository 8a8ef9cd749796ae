"""Where the address of a page comes from: the person, a search, a page that was read; or the model alone, which hostile text may have talked into it.

An address can carry data out of a conversation. So what counts is the whole of it: who changes a letter of its path or adds a query has made it up.
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from olamchat.db.acting import web_pages
from olamchat.db.pool import connected
from olamchat.db.rows import Row

# Longer ones are never opened.
URL_LENGTH = 2_000
_PORTS = {"http": 80, "https": 443}
_BEGINS = re.compile("https?://", re.IGNORECASE)
_WORD = re.compile(r"[^\s<>\"`\\^{}|]+")
_ASCII = re.compile(r"[!-~]+")
_HOST = re.compile(r"[^\s/?#@:\\%\[\]]+|\[[0-9a-fA-F:.]+\]")
_MOST_AFTER = 8
_AFTER = ".,;:!?)]}*_~'"


def plain(url: str) -> str | None:
    """Return an address as it is compared; None where it is none, or hides where it leads to.

    Scheme and host fold their case (a host outside ASCII stays as it is), the usual port, the fragment and a lone slash are dropped. Nothing is decoded.
    """
    found = _split(url)
    if found is None:
        return None
    path = found.path or "/"
    query = f"?{found.query}" if "?" in url.partition("#")[0] else ""
    return f"{found.scheme}://{host(url)}{path}{query}"


def host(url: str) -> str | None:
    """Return an address's host, with its port where that is not the usual one; None as `plain`."""
    found = _split(url)
    if found is None:
        return None
    name, port = _name(found), found.port
    return name if port in {None, _PORTS[found.scheme]} else f"{name}:{port}"


def stands(url: str, texts: Sequence[str], *, bare: bool = False) -> bool:
    """Tell whether an address stands in one of these texts; `bare` where it may stand there without its scheme, as people write."""
    wanted = plain(url)
    return wanted is not None and any(wanted in _written(text, bare, wanted) for text in texts)


def is_known(url: str, *, conversation_id: UUID, message_id: UUID) -> bool:
    """Tell whether somebody other than the model brought an address into the conversation, or the answer has this page already. Raises DatabaseLost."""
    wanted, place = plain(url), host(url)
    if wanted is None or place is None:
        return False
    with connected():
        written = web_pages.written(conversation_id, message_id)
        found = {plain(address) for address in web_pages.searched(conversation_id)}
        pages = web_pages.opened(conversation_id, place)
    if any(page["message_id"] == message_id and plain(page["url"]) == wanted for page in pages):
        return True
    return wanted in found or stands(url, written, bare=True) or stands(url, _of_known_pages(pages, place, written, found))


def _of_known_pages(pages: Sequence[Row], place: str, written: Sequence[str], found: set[str | None]) -> list[str]:
    """Return the texts of the host's pages, in the order of their opening, whose own addresses did not come from the model."""
    known: list[str] = []
    for page in pages:
        if host(page["url"]) != place or host(page["final_url"]) != place:
            continue
        if plain(page["url"]) in found or stands(page["url"], written, bare=True) or stands(page["url"], known):
            known.append(page["content"])
    return known


def _split(url: str) -> SplitResult | None:
    url = url.strip(" ")
    if len(url) > URL_LENGTH or not _WORD.fullmatch(url) or not url.isprintable():
        return None
    try:
        found = urlsplit(url)
        port = found.port
    except ValueError:
        return None
    if found.scheme not in _PORTS or port == 0 or not _BEGINS.match(url):
        return None
    name, _, digits = found.netloc.rpartition(":") if re.search(r":\d*$", found.netloc) else (found.netloc, "", "")
    return found if _HOST.fullmatch(name) and (not digits or digits.isascii()) else None


def _name(found: SplitResult) -> str:
    name = re.sub(r":\d*$", "", found.netloc)
    return name.lower() if name.isascii() else name


def _written(text: str, bare: bool, wanted: str) -> Iterator[str | None]:
    """Yield the addresses in a text that may be the wanted one, each also without what a sentence or Markdown puts after it."""
    scheme, _, rest = wanted.partition("://")
    name = re.split("[/?]", rest, maxsplit=1)[0]
    for place in _places(text, name):
        begins = next((length for length in (8, 7) if _BEGINS.fullmatch(text[max(0, place - length) : place])), 0)
        if not begins and not (bare and _stands_alone(text, place)):
            continue
        word = _WORD.match(text[place : place + URL_LENGTH])
        front = text[place - begins : place] if begins else f"{scheme}://"
        if word:
            yield from (plain(front + piece) for piece in _pieces(word[0]))


def _places(text: str, name: str) -> Iterator[int]:
    return (found.start() for found in re.finditer(re.escape(name), text, re.IGNORECASE))


def _stands_alone(text: str, place: int) -> bool:
    """Tell whether a word begins here: what stands before is no part of a longer name, an address with a scheme or a mail address."""
    return place == 0 or not (text[place - 1].isalnum() or text[place - 1] in "-_./@:%\\&=?#+~")


def _pieces(word: str) -> Iterator[str]:
    """Yield a word, and its beginning in ASCII, with less and less of the punctuation after it."""
    for piece in {word, found[0] if (found := _ASCII.match(word)) else word}:
        after = min(_MOST_AFTER, len(piece) - len(piece.rstrip(_AFTER)))
        yield from (piece[: len(piece) - cut] for cut in range(after + 1))
