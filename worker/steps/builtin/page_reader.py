"""`python -m worker.steps.builtin.page_reader URL CHARACTERS CHARSET`: a page comes in by stdin, its title and text go out by stdout as JSON.

A process of its own, with bounds on its memory and its time: what a hostile page does to a parser ends here. Run by `reading` alone.
"""

import json
import resource
import sys
from html import unescape

MEMORY_BYTES = 1 << 30
CPU_S = 15


def main() -> None:
    """Read, and say."""
    url, most, charset = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    title, text = read(decoded(sys.stdin.buffer.read(), charset), url)
    sys.stdout.write(json.dumps({"title": title[:500], "text": text[:most], "cut": len(text) > most}))


def decoded(data: bytes, charset: str) -> str | bytes:
    """Return the page as its server says it is written; as bytes, for the reader to find out, where it says nothing."""
    try:
        return data.decode(charset) if charset else data
    except (LookupError, UnicodeDecodeError):
        return data


def read(page: str | bytes, url: str) -> tuple[str, str]:
    """Return what a page is called and what it says, as Markdown without what stands around it; all of its text where that is nothing."""
    from trafilatura import extract, extract_metadata, html2txt, load_html

    tree = load_html(page)
    if tree is None:
        return "", ""
    title = extract_metadata(tree, default_url=url).title or ""
    text = extract(tree, url=url, output_format="markdown", include_comments=False, include_tables=True)
    return unescape(title), text or html2txt(tree)


if __name__ == "__main__":
    main()
