"""Make what a release consists of into dist/: `python -m scripts.release [--images]`. Nothing is uploaded or signed.

The wheel with the page in it, the chart as a package and as an OCI layout, bills of materials, the notes, and SHA256SUMS over all of it; with
--images also both images, built by buildah. The same commit makes the same chart and wheel: every file in them is from the commit's time.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from helm_python import package

from scripts import oci_layout, version

ROOT = version.ROOT
DIST = ROOT / "dist"
CHART = ROOT / "charts" / "olamchat"


class CannotRelease(Exception):
    """Something is missing that a release needs; the sentence says what."""


def main(words: list[str]) -> int:
    """Make a release; exit code 1 where one can't be made."""
    wish = _parser().parse_args(words)
    try:
        make(images=wish.images)
    except CannotRelease as problem:
        print(f"No release was made. {problem}", file=sys.stderr)
        return 1
    return 0


def make(*, images: bool = False) -> None:
    """Make every file of a release. Raises CannotRelease."""
    number = version.current()
    _check(number)
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    at = _committed_at()
    _wheel(at)
    print(f"  ✓ chart {_chart(number, at)}")
    _bills(number)
    (DIST / "NOTES.md").write_text(f"{version.notes(number)}\n")
    if images:
        _images(number)
    _sums()
    print("".join(f"  {file.stat().st_size / 1e6:8.2f} MB  dist/{file.name}\n" for file in sorted(DIST.iterdir())), end="")


def _check(number: str) -> None:
    if wrong := version.differing(number):
        raise CannotRelease(f"These files name another version than {number}: {', '.join(wrong)}. Run: python -m scripts.version")
    if not version.notes(number):
        raise CannotRelease(f"CHANGELOG.md has no section [{number}].")
    if not (ROOT / "web" / "out" / "index.html").exists():
        raise CannotRelease("The page is not built: make web/out/.built")


def _committed_at() -> int:
    told = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=True)
    return int(told.stdout)


def _wheel(at: int) -> None:
    uv = Path(sys.executable).with_name("uv")
    _run(
        [uv, "build", "--quiet", "--wheel", "--no-build-isolation", "--python", sys.executable, "--out-dir", DIST, ROOT],
        SOURCE_DATE_EPOCH=str(at),
    )
    (DIST / ".gitignore").unlink(missing_ok=True)
    print("  ✓ wheel")


def _chart(number: str, at: int) -> str:
    archive = Path(package(CHART, destination=DIST))
    metadata = yaml.safe_load((CHART / "Chart.yaml").read_text())
    return oci_layout.of_chart(archive, metadata, DIST / f"olamchat-chart-{number}.oci.tar", at)


def _bills(number: str) -> None:
    for part, words in (("wheel", ["requirements", "requirements/local.txt"]), ("images", ["requirements", "requirements/cluster.txt"]),
                        ("page", ["node", "web/package-lock.json"])):  # fmt: skip
        bill = subprocess.run([sys.executable, "scripts/sbom.py", *words], cwd=ROOT, capture_output=True, check=True).stdout
        json.loads(bill)
        (DIST / f"olamchat-{part}-{number}.cdx.json").write_bytes(bill)
    print("  ✓ bills of materials")


def _images(number: str) -> None:
    if shutil.which("buildah") is None:
        raise CannotRelease("Images are built by buildah, which is not installed: apt-get install buildah")
    _run([ROOT / "scripts" / "image-build"])
    for target in ("app", "web"):
        _run(
            [
                "buildah",
                "push",
                "--quiet",
                f"localhost/olamchat/{target}",
                f"oci-archive:{DIST / f'olamchat-{target}-{number}.oci.tar'}:{number}",
            ]
        )
        print(f"  ✓ image {target}")


def _sums() -> None:
    files = sorted(DIST.iterdir())
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    (DIST / "SHA256SUMS").write_text("".join(lines))


def _run(command: list[str | Path], **variables: str) -> None:
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotRelease(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.release", description="Make what a release consists of into dist/.")
    parser.add_argument("--images", action="store_true", help="build both images too, by buildah")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
