"""The text of what was fetched: pages by trafilatura in a process of its own, PDFs as attachments are read, plain text as it is."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from dataclasses import dataclass

from olamchat.files import pdf
from olamchat.files.encodings import decoded
from olamchat.files.sniffing import Unreadable
from worker.steps.builtin.fetching import Fetched
from worker.steps.builtin.refusals import NotDone

CHARACTERS = 400_000
# Of a longer page its beginning is read: parsing takes a second of a CPU for each of some megabytes.
HTML_BYTES = 2 << 20
PATIENCE_S = 25.0
# Readers at once in one process: each may take a CPU and some hundred megabytes for its time.
_READERS = asyncio.Semaphore(2)
_PAGES = {"text/html", "application/xhtml+xml"}
_TEXTS = {"application/json", "application/ld+json", "application/xml", "application/rss+xml", "application/atom+xml", "application/yaml"}


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a page says. `url` is where it was at last; `cut` says that there was more."""

    url: str
    title: str
    text: str
    cut: bool


async def read(fetched: Fetched) -> Page:
    """Return the text. Raises NotDone where there is none, or where finding it takes too much."""
    if fetched.media_type in _PAGES:
        return await _page(fetched)
    if fetched.media_type == "application/pdf":
        return await asyncio.to_thread(_pdf, fetched)
    if fetched.media_type.startswith("text/") or fetched.media_type in _TEXTS:
        return _plain(fetched)
    raise NotDone("not_readable", f"This is no page but a file of the type {fetched.media_type[:100]}.")


async def _page(fetched: Fetched) -> Page:
    command = [sys.executable, "-m", "worker.steps.builtin.page_reader", fetched.url, str(CHARACTERS), fetched.charset]
    async with _READERS:
        process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
        try:
            async with asyncio.timeout(PATIENCE_S):
                said, _ = await process.communicate(fetched.data[:HTML_BYTES])
        except TimeoutError:
            raise NotDone("not_readable", "This page takes too long to read.") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode:
        raise NotDone("not_readable", "This page takes too much to read.")
    told = json.loads(said)
    return _kept(fetched, told["title"], told["text"], cut=told["cut"] or len(fetched.data) > HTML_BYTES)


def _pdf(fetched: Fetched) -> Page:
    if fetched.cut:
        raise NotDone("too_large", "This PDF is too large to be read.")
    try:
        found = pdf.read(fetched.data, most_characters=CHARACTERS)
    except Unreadable as error:
        raise NotDone("not_readable", str(error)) from None
    return _kept(fetched, "", found.text, cut=found.cut)


def _plain(fetched: Fetched) -> Page:
    text = decoded(fetched.data)
    if text is None and fetched.cut:  # it may have been cut within a letter
        text = fetched.data.decode("utf-8", "replace")
    return _kept(fetched, "", text or "", cut=len(text or "") > CHARACTERS)


def _kept(fetched: Fetched, title: str, text: str, *, cut: bool) -> Page:
    text = "".join(letter for letter in text[:CHARACTERS] if letter in "\n\t" or (letter >= " " and not "\ud800" <= letter <= "\udfff"))
    if not text.strip():
        raise NotDone("empty", "There is no text on this page; it may be made by scripts, which are not run.")
    name = " ".join(title.replace("\x00", "").split())[:200] or fetched.url
    return Page(url=fetched.url, title=name, text=text.strip(), cut=cut or fetched.cut)
