"""Which version this is, and how it is started: in a checkout by make, installed from a wheel by its own command."""

import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_CHECKOUT = (ROOT / "Makefile").exists()
# The page, as `make` built it or as the wheel has it.
PAGE = ROOT / "web" / "out" if _CHECKOUT else ROOT / "local" / "web"
# What to do where a package of the house is missing.
INSTALL = "Run `make up`" if _CHECKOUT else "Install it whole: pipx install 'olamchat[house]'"
PROGRAM = "python -m local" if _CHECKOUT else "olamchat"


def number() -> str:
    """Return the version, such as 1.2.3."""
    if _CHECKOUT:
        told: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
        return told
    return metadata.version("olamchat")


def start(**options: object) -> str:
    """Return what starts the house: `make up PORT=8001` in a checkout, `olamchat up --port 8001` from a wheel."""
    if _CHECKOUT:
        return " ".join(["make up", *(f"{name.upper()}={value}" for name, value in options.items())])
    return " ".join(["olamchat up", *(f"--{name} {value}" for name, value in options.items())])
