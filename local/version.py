"""Which version this is: of the wheel it was installed from, or of the checkout it lies in."""

import tomllib
from importlib import metadata

from local.parts import ROOT


def number() -> str:
    """Return the version, such as 1.2.3."""
    project = ROOT / "pyproject.toml"
    if project.exists():
        told: str = tomllib.loads(project.read_text())["project"]["version"]
        return told
    return metadata.version("olamchat")
