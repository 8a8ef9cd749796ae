"""PDFs of plain text, made on the spot: as many pages as wanted, each as full as a page of a book."""

from collections.abc import Iterator

LINES, WORDS = 40, ("tea", "water", "kettle", "leaf", "river", "mountain", "harvest", "roasting", "cellar", "spring", "morning", "letter")


def pdf(pages: int, seed: int) -> bytes:
    """Return a PDF of so many pages; another seed is another text."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for page in range(pages):
        shown = _shown(page, seed)
        kids.append(f"{len(objects) + 1} 0 R")
        box = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F 3 0 R >> >> /Contents {len(objects) + 2} 0 R >>"
        objects += [box.encode(), b"<< /Length %d >>\nstream\n%b\nendstream" % (len(shown), shown)]
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {pages} >>".encode()
    return _written(objects)


def _shown(page: int, seed: int) -> bytes:
    return b"BT /F 10 Tf 50 760 Td 16 TL " + b" ".join(f"({line}) '".encode() for line in _lines(page, seed)) + b" ET"


def _lines(page: int, seed: int) -> Iterator[str]:
    for line in range(LINES):
        start = seed * 7 + page * 31 + line * 17
        yield " ".join(f"{WORDS[(start + at * at) % len(WORDS)]}{(start * 13 + at) % 997}" for at in range(9))


def _written(objects: list[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return bytes(out) + b"xref\n0 %d\n0000000000 65535 f \n%b%b" % (len(objects) + 1, table, end)
