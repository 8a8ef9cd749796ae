"""The file of this machine's programs: what it may say, and what is refused with a sentence."""

import json
from pathlib import Path
from typing import Any

import pytest

from olamchat.environment import BadSetting
from olamchat.services.steps import mcp_file
from worker.steps.builtin import catalog

RUNS = {"command": "true"}


def file(folder: Path, servers: Any) -> str:
    path = folder / "mcp.json"
    path.write_text(json.dumps({"mcpServers": servers}))
    return str(path)


def test_names_become_those_of_servers(tmp_path: Path) -> None:
    assert list(mcp_file.read(file(tmp_path, {"My Notes": RUNS, "file_system": RUNS}))) == ["my-notes", "file-system"]


@pytest.mark.parametrize(
    ("servers", "sentence"),
    [
        ({"files": RUNS}, "'files' in .* is the name of built-in tools. Give the server another name, such as 'my-files'"),
        ({"Web!": RUNS}, "is the name of built-in tools"),
        ({"notes": RUNS, "Notes": RUNS}, "would be called 'notes'. Give 'Notes' another name"),
        ({"wiki": {"url": "http://wiki/mcp"}}, "'wiki' in .* has no command"),
        ({"wiki": None}, "can't be read as a file of mcpServers"),
        ([], "can't be read as a file of mcpServers"),
    ],
)
def test_what_would_silently_be_missing_is_refused(tmp_path: Path, servers: Any, sentence: str) -> None:
    with pytest.raises(BadSetting, match=sentence):
        mcp_file.read(file(tmp_path, servers))


def test_every_name_of_built_in_tools_is_kept_for_them() -> None:
    assert set(catalog.TITLES) == mcp_file.BUILT_IN
