"""What else a house consists of beside its database: keys, variables, the files that those name."""

import os
from collections.abc import Mapping
from pathlib import Path

from local.engines import finding
from local.folder import Folder
from olamchat.environment import VARIABLES

# What is a house's own, or lies beside the settings in the backup.
_OWN = {"DATABASE_URL", "REDIS_URL", "OLAMCHAT_SIGNING_KEY_FILE", "OLAMCHAT_VERIFY_KEYS_FILE"}
_FILES = ("OLAMCHAT_POOLS_FILE", "OLAMCHAT_MCP_FILE", "OLAMCHAT_CA_FILE")


def members(folder: Folder, given: Mapping[str, str]) -> dict[str, Path | bytes]:
    """Return a backup's members besides the database; `given` are the variables that were set."""
    found: dict[str, Path | bytes] = {f"keys/{file.name}": file for file in sorted(folder.keys.glob("*.pem"))}
    found["settings/variables.env"] = "".join(f"{name}={value}\n" for name, value in sorted(given.items())).encode()
    for name in _FILES:
        if (file := Path(given.get(name) or "/")).is_file():
            found[f"settings/{file.name}"] = file.read_bytes()
    return found


def put_back(folder: Folder, unpacked: Path) -> list[str]:
    """Put keys and settings into a data folder; returns the names of the variables that were set."""
    for kind in ("keys", "settings"):
        for file in sorted((unpacked / kind).glob("*")):
            (folder.path / kind).mkdir(mode=0o700, exist_ok=True)
            file.replace(folder.path / kind / file.name)
    variables = folder.path / "settings" / "variables.env"
    return [line.partition("=")[0] for line in variables.read_text().splitlines()] if variables.exists() else []


def variables(folder: Folder) -> dict[str, str]:
    """Return what was set for the house that runs, or else for this process."""
    env = _environment_of(folder) or os.environ
    wanted = {*VARIABLES.values(), *finding.variables(env)} - _OWN
    return {
        name: value for name, value in env.items() if value and "\n" not in value and (name in wanted or name.startswith("OLAMCHAT_TOOL_"))
    }


def _environment_of(folder: Folder) -> Mapping[str, str]:
    house = folder.house() if folder.runs() else None
    try:
        raw = Path(f"/proc/{house.pid}/environ").read_bytes() if house else b""
    except OSError:
        return {}
    return dict(entry.split("=", 1) for entry in raw.decode(errors="replace").split("\0") if "=" in entry)
