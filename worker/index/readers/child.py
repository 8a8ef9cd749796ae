"""`python -m worker.index.readers.child NAME MEMORY_BYTES CPU_S [KIND]`: a document comes in by stdin, its blocks go out by stdout, one JSON array a line.

A process of its own, with bounds on memory and time. A page that is a scan is an object: {"scan": 7}. So is the last line: {"end": "text"}, or
the code of what is wrong. With KIND it is read as that, whatever its bytes look like.
"""

import json
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator
from typing import IO

from olamchat.files import kinds
from worker.index.readers.blocks import Block, Scan, Unreadable

_REFUSED = {"old": "old_office", "zip": "archive", "image": "image"}


def main() -> None:
    """Read, and say."""
    name, memory_bytes, cpu_s = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    out = sys.stdout
    out.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    end = told(sys.stdin.buffer.read(), name, out, *sys.argv[4:5])
    out.write(json.dumps({"end": end}) + "\n")


def told(data: bytes, name: str, out: IO[str], kind: str = "") -> str:
    """Write the blocks, and return how it ended."""
    try:
        for block in _readers()[kind](data, name) if kind else read(data, name):
            if isinstance(block, Scan):
                out.write(json.dumps({"scan": block.page}) + "\n")
            elif block.text:
                out.write(json.dumps([block.page, block.heading, block.text], ensure_ascii=False) + "\n")
    except Unreadable as refused:
        return refused.code
    except MemoryError:
        return "too_much"
    except Exception as error:  # noqa: BLE001, whatever a broken file provokes in a reader
        sys.stderr.write(f"{type(error).__name__}: {error}"[:500])
        return "broken"
    return "text"


def read(data: bytes, name: str) -> Iterator[Block | Scan]:
    """Return the document's blocks. Raises Unreadable, and whatever a broken file provokes in a reader."""
    try:
        kind = kinds.kind(data, name)
    except (zipfile.BadZipFile, NotImplementedError):
        raise Unreadable("broken") from None
    if kind == "old" and kinds.is_locked_office(data):
        raise Unreadable("locked")
    if kind in _REFUSED:
        raise Unreadable(_REFUSED[kind])
    return _readers()[kind](data, name)


def _readers() -> dict[str, Callable[[bytes, str], Iterator[Block | Scan]]]:
    """Each reader is imported where it is used: most documents need one of them."""
    from worker.index.readers import texts

    def of(module: str, function: str) -> Callable[[bytes, str], Iterator[Block | Scan]]:
        from importlib import import_module

        return lambda data, _: getattr(import_module(f"worker.index.readers.{module}"), function)(data)

    return {
        "pdf": of("pdf", "read"), "docx": of("office", "docx"), "xlsx": of("office", "xlsx"), "pptx": of("office", "pptx"),
        "html": of("markup", "page"), "epub": of("markup", "epub"), "odt": of("markup", "odt"), "text": texts.read, "tika": of("tika", "read"),
    }  # fmt: skip


if __name__ == "__main__":
    main()
