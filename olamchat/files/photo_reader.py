"""`python -m olamchat.files.photo_reader PIXELS SIDE`: an image comes in by stdin, an upright one goes out by stdout. Run by olamchat.files.photos alone.

A process of its own, with bounds on its memory and its time: what a hostile image unfolds to ends here. The first line says how it
went: `same` (nothing was to be done), `made` (the image follows), or `broken`.
"""

import io
import resource
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

MEMORY_BYTES = 1 << 30
CPU_S = 15
FORMATS = ["JPEG", "PNG", "WEBP", "AVIF"]
ORIENTATION = 0x0112


def main() -> None:
    """Read, and say."""
    most_pixels, longest_side = map(int, sys.argv[1:3])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    how, made = turned(sys.stdin.buffer.read(), most_pixels, longest_side)
    sys.stdout.buffer.write(how + b"\n" + made)


def turned(data: bytes, most_pixels: int, longest_side: int) -> tuple[bytes, bytes]:
    """Return how it went, and the image where one was made. What a camera wrote into it beside the colours is left out, places too."""
    from PIL import Image, ImageOps

    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        if image.format != "AVIF" and image.getexif().get(ORIENTATION, 1) not in range(2, 9):
            return b"same", b""
        if getattr(image, "is_animated", False):
            return (b"broken", b"") if image.format == "AVIF" else (b"same", b"")
        if max(image.size) > longest_side or image.width * image.height > most_pixels:
            return b"broken", b""
        return b"made", _written(ImageOps.exif_transpose(image), image.format, image.info.get("icc_profile"))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001, whatever a broken file provokes
        return b"broken", b""


def _written(image: "Image.Image", was: str | None, profile: bytes | None) -> bytes:
    """Return the bytes: JPEG for what was a photo, PNG for what may be seen through or was one."""
    written = io.BytesIO()
    if was == "PNG" or image.mode in {"RGBA", "LA", "P", "PA"}:
        image.save(written, "PNG", icc_profile=profile)
    else:
        image.convert("L" if image.mode == "L" else "RGB").save(written, "JPEG", quality=92, icc_profile=profile)
    return written.getvalue()


if __name__ == "__main__":
    main()
