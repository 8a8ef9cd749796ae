"""`python -m olamchat.files.pdf_reader PAGES CHARACTERS`: a PDF comes in by stdin, its text goes out by stdout. Run by olamchat.files.pdf alone.

A process of its own, with bounds on its memory and its time: what a hostile PDF unfolds to ends here. The last line says how it
ended: `text`, `scans` (some pages have pictures and no text), `cut`, `empty`, `locked` or `broken`.
"""

import resource
import sys

MEMORY_BYTES = 768 << 20
CPU_S = 15


def main() -> None:
    """Read, and say."""
    most_pages, most_characters = map(int, sys.argv[1:3])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    text, how = read(sys.stdin.buffer.read(), most_pages, most_characters)
    sys.stdout.write(f"{text}\n{how}")


def read(data: bytes, most_pages: int, most_characters: int) -> tuple[str, str]:
    """Return the text and how it ended."""
    from olamchat.files import pdfium

    pieces: list[str] = []
    left, scans = most_characters, False
    try:
        for number, (page, is_scan) in enumerate(pdfium.seen_pages(pdfium.opened(data))):
            if number >= most_pages or left <= 0:
                return "\n\n".join(pieces), "cut"
            scans = scans or is_scan
            piece = page.strip()
            pieces.append(piece[:left])
            left -= len(piece) + 2
    except pdfium.Locked:
        return "", "locked"
    except Exception:  # noqa: BLE001, whatever a broken file provokes: what was read so far counts
        return ("\n\n".join(pieces), "cut") if any(pieces) else ("", "broken")
    text = "\n\n".join(piece for piece in pieces if piece)
    return text, "cut" if left < 0 else "empty" if not text else "scans" if scans else "text"


if __name__ == "__main__":
    main()
