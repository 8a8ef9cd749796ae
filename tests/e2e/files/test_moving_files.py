"""Pictures and files on their way: in by a ZIP, seen by a stranger who has the link, out by a ZIP."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, expect

from tests import samples
from tests.e2e.chat.test_well_built import complaints
from tests.e2e.conftest import watch
from tests.e2e.files.test_sharing import make_link, open_dialog, picture
from tests.e2e.people.test_account import choose, exported
from tests.e2e.person import Person

FILES = {"files/1/sea.png": samples.png(640, 360), "files/2/notes.md": b"# Milk\n", "files/3/virus.png": b"MZ\x90\x00 a program"}


def whole() -> dict[str, Any]:
    """A conversation as our own ZIP has it."""
    attachments = [
        {"id": path.split("/")[1], "name": path.rpartition("/")[2], "media_type": "image/png", "bytes": len(content), "kind": "image", "path": path}
        for path, content in FILES.items()
    ]  # fmt: skip
    said: dict[str, Any] = {"reasoning": "", "status": "done", "attachments": []}
    return {
        "format": "olamchat/1",
        "conversation": {"id": "01900000-0000-7000-8000-0000000000aa", "title": "At the sea", "settings": {}, "active_leaf_id": "a"},
        "messages": [
            {**said, "id": "q", "parent_id": None, "role": "user", "content": "Where is this?", "attachments": attachments},
            {**said, "id": "a", "parent_id": "q", "role": "assistant", "content": "At the **sea**."},
        ],
    }


def packed(folder: Path) -> Path:
    file = folder / "olamchat.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("conversations/2026-11-24 At the sea 000000aa.json", json.dumps(whole()))
        for path, content in FILES.items():
            archive.writestr(path, content)
    return file


def test_files_come_in_are_shared_and_go_out_again(
    sign_up: Callable[..., Person], open_context: Callable[..., BrowserContext], faults: list[str], tmp_path: Path
) -> None:
    ada = sign_up()
    ada.page.goto("/account")
    choose(ada.page, packed(tmp_path))
    expect(ada.page.get_by_text("1 conversation imported")).to_be_visible()
    expect(ada.page.get_by_text("1 item skipped")).to_be_visible()
    expect(ada.page.get_by_text(re.compile("A file was skipped: virus.png: "))).to_be_visible()
    assert all("415" in fault for fault in faults)
    faults.clear()
    picture(ada.page, "moving-report")

    ada.sidebar().get_by_role("link", name="At the sea").click()
    expect(ada.questions.get_by_role("img", name="sea.png")).to_be_visible()
    dialog = open_dialog(ada)
    link = make_link(dialog)

    stranger = watch(open_context().new_page(), faults)
    stranger.goto(link)
    image = stranger.get_by_role("img", name="sea.png")
    expect(image).to_be_visible()
    assert image.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }") == 640
    with stranger.expect_download() as waiting:
        stranger.get_by_role("link", name="notes.md").click()
    assert waiting.value.path().read_bytes() == FILES["files/2/notes.md"]
    assert complaints(stranger) == []
    picture(stranger, "moving-shared")
    stranger.get_by_role("button", name="sea.png").click()
    expect(stranger.get_by_role("dialog", name="sea.png").get_by_role("img")).to_be_visible()
    place = image.first.get_attribute("src")
    assert place

    dialog.get_by_role("button", name="Revoke link").click()
    expect(dialog.get_by_role("button", name="Create link")).to_be_visible()
    assert stranger.request.get(place).status == 404

    archive = zipfile.ZipFile(io.BytesIO(exported(ada, tmp_path).read_bytes()))
    [sea] = [name for name in archive.namelist() if name.endswith("sea.png")]
    assert archive.read(sea) == FILES["files/1/sea.png"]
