"""Small files of every type that is taken, made when they are asked for, and hostile ones."""

import struct
import zlib


def png(width: int = 4, height: int = 3, rgb: bytes = b"\x1b\x69\x57") -> bytes:
    """A PNG of one colour."""
    rows = b"".join(b"\x00" + rgb * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def png_claiming(width: int, height: int) -> bytes:
    """A PNG that says it is so large."""
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + _chunk(b"IEND", b"")


def jpeg(width: int = 4, height: int = 3) -> bytes:
    """The head of a JPEG as cameras write it: application data, tables, the frame."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    segments = [(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"), (0xDB, bytes(65)), (0xC2, frame)]
    return b"\xff\xd8" + b"".join(struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body for marker, body in segments) + b"\xff\xd9"


def gif(width: int = 4, height: int = 3) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x00\x00\x00;"


def webp(form: bytes, width: int = 4, height: int = 3) -> bytes:
    """The head of a WebP: lossy (VP8 ), lossless (VP8L) or extended (VP8X)."""
    bodies = {
        b"VP8 ": b"\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", width & 0xFFFF, height & 0xFFFF),
        b"VP8L": b"\x2f" + struct.pack("<I", ((width - 1) | (height - 1) << 14) & 0xFFFFFFFF) + bytes(8),
        b"VP8X": bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little"),
    }
    body = bodies[form]
    return b"RIFF" + struct.pack("<I", len(body) + 12) + b"WEBP" + form + struct.pack("<I", len(body)) + body


def pdf(*pages: str) -> bytes:
    """A PDF with a line of text on each page."""
    texts = [f"BT /F1 12 Tf 72 720 Td ({page}) Tj ET".encode() for page in pages]
    return pdf_of([f"<< /Length {len(text)} >>\nstream\n".encode() + text + b"\nendstream" for text in texts])


def pdf_bomb(unfolded: int) -> bytes:
    """A PDF whose only page unfolds to so many bytes."""
    packed = zlib.compress(b"BT /F1 12 Tf (" + b"a" * unfolded + b") Tj ET", 9)
    return pdf_of([f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream"])


def pdf_of(streams: list[bytes]) -> bytes:
    """A PDF of these pages' content streams."""
    first = 4
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(streams)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, stream in enumerate(streams):
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {first + 2 * number + 1} 0 R"
        objects += [page.encode() + b" /Resources << /Font << /F1 3 0 R >> >> >>", stream]
    return _numbered(objects)


def _numbered(objects: list[bytes]) -> bytes:
    body, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(places) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF"
    return body + end.encode()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
