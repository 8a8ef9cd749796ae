"""Real documents: what Debian packages of documentation hold, fetched by apt once and kept in .cache. Nothing of them is committed."""

import gzip
import subprocess
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".cache" / "bench-knowledge"
PACKAGES = (
    "postgresql-doc-15", "python3.11-doc", "debian-policy", "debian-faq", "debian-faq-de", "debian-handbook", "debian-reference-en",
    "debian-reference-de", "debian-reference-zh-cn", "developers-reference-de", "maint-guide-zh-cn",
)  # fmt: skip


@dataclass(frozen=True)
class Shelf:
    """Documents of one folder of the unpacked packages: what path they get, and which files they are."""

    path: str
    folder: str
    files: str


SHELVES = (
    Shelf("postgresql", "doc/postgresql-doc-15/html", "*.html"),
    Shelf("python/library", "doc/python3.11/html/library", "*.html"),
    Shelf("python/tutorial", "doc/python3.11/html/tutorial", "*.html"),
    Shelf("python/howto", "doc/python3.11/html/howto", "*.html"),
    Shelf("debian", "doc/debian-policy", "policy.pdf.gz"),
    Shelf("debian", "doc/debian/FAQ", "debian-faq.en.pdf.gz"),
    Shelf("debian", "doc/debian/FAQ", "debian-faq.de.pdf.gz"),
    Shelf("debian", "debian-reference", "*.pdf"),
    Shelf("debian", "doc/maint-guide-zh-cn", "*.pdf"),
    Shelf("developers-reference-de", "developers-reference/de", "*.html"),
    Shelf("handbook-de-DE", "doc/debian-handbook/html/de-DE", "*.html"),
    Shelf("handbook-zh-CN", "doc/debian-handbook/html/zh-CN", "*.html"),
)


def fetch() -> Path:
    """Fetch and unpack what is not there yet; return the folder. Raises CalledProcessError where apt doesn't have a package."""
    unpacked = FOLDER / "unpacked"
    for package in PACKAGES:
        if not (unpacked / ".have" / package).exists():
            FOLDER.mkdir(parents=True, exist_ok=True)
            subprocess.run(["apt-get", "download", "-q", package], cwd=FOLDER, check=True, capture_output=True)
            [archive] = FOLDER.glob(f"{package}_*.deb")
            subprocess.run(["dpkg-deb", "-x", archive, unpacked], check=True)
            archive.unlink()
            (unpacked / ".have").mkdir(exist_ok=True)
            (unpacked / ".have" / package).touch()
    return unpacked / "usr" / "share"


def documents(paths: Collection[str] = ()) -> Iterator[tuple[str, bytes]]:
    """Yield (path, bytes) of every document, or of these alone, always in the same order."""
    share = fetch()
    for shelf in SHELVES:
        for file in sorted((share / shelf.folder).glob(shelf.files)):
            path = f"{shelf.path}/{file.name.removesuffix('.gz')}"
            if paths and path not in paths:
                continue
            content = file.read_bytes()
            if file.suffix == ".gz":
                content = gzip.decompress(content)
            yield path, content
