"""What Tika makes of a document: XHTML, with a <div class="page"> for each page where the document has pages (https://cwiki.apache.org/confluence/display/TIKA/TikaServer)."""

from typing import Any

from worker.index.readers import markup
from worker.index.readers.blocks import Blocks


def read(data: bytes) -> Blocks:
    """Yield the blocks; a document without pages is one page."""
    if not data.strip():
        return
    root = markup.tree(data)
    pages: list[Any] = root.xpath("//div[@class='page']")
    for number, page in enumerate(pages or [root], start=1):
        yield from markup.blocks(page, number)
