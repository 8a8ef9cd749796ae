"""The version: pyproject.toml decides it, and everything else that names it is written by `python -m scripts.version [--check | 1.2.3]`."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Where else the version stands: the text before it, as a pattern. It ends where the digits and dots do.
PLACES = {
    "charts/olamchat/Chart.yaml": r"^(?:version|appVersion): ",
    "web/package.json": r'\A\{\s*"name": "[^"]+",\s*"version": "',
    "web/package-lock.json": r'"name": "olamchat[^"]*",\s*"version": "',
    "Dockerfile": r"^ARG VERSION=",
    "docs/install.md": r"olamchat/(?:app|web):",
}
_VERSION = re.compile(r"\d+\.\d+\.\d+")


def current() -> str:
    """Return the version that pyproject.toml names."""
    version: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    return version


def written(name: str, version: str) -> str:
    """Return a file's text with this version in it. Raises ValueError where the file names none."""
    text, count = re.subn(f"({PLACES[name]}){_VERSION.pattern}", rf"\g<1>{version}", (ROOT / name).read_text(), flags=re.MULTILINE)
    if not count:
        raise ValueError(f"{name} names no version where one is expected.")
    return text


def differing(version: str) -> list[str]:
    """Name the files that give another version."""
    return [name for name in PLACES if written(name, version) != (ROOT / name).read_text()]


def notes(version: str) -> str:
    """Return what CHANGELOG.md says of a version, empty where it has no such section."""
    changes = (ROOT / "CHANGELOG.md").read_text()
    found = re.search(rf"^## \[{re.escape(version)}\].*?\n(.*?)(?=^## |^\[|\Z)", changes, re.MULTILINE | re.DOTALL)
    return found[1].strip() if found else ""


def main(words: list[str]) -> int:
    """Write the version everywhere, or say where another one stands (--check, exit code 1)."""
    if words == ["--check"]:
        wrong = differing(current())
        print("".join(f"{name} names another version than pyproject.toml: python -m scripts.version\n" for name in wrong), end="")
        return bool(wrong)
    if words and not _VERSION.fullmatch(words[0]):
        print("usage: python -m scripts.version [--check | 1.2.3]", file=sys.stderr)
        return 2
    version = words[0] if words else current()
    project = ROOT / "pyproject.toml"
    project.write_text(re.sub(r'^version = "[^"]+"', f'version = "{version}"', project.read_text(), count=1, flags=re.MULTILINE))
    for name in PLACES:
        (ROOT / name).write_text(written(name, version))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
