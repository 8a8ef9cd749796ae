"""Servers of tools as administrators have them: the installation's own can neither be removed nor be taken for another's."""

from olamchat.services.steps import servers
from tests.functions.conftest import Person


def test_built_in_tools_stay_and_keep_their_name(ann: Person) -> None:
    servers.keep_built_in({"web": []}, {"web": "Web"})

    removed = ann.delete("/api/admin/tools/web")
    added = ann.post("/api/admin/tools", {"name": "files", "url": "http://127.0.0.1/mcp"})

    assert (removed.status_code, removed.get_json()["code"]) == (409, "conflict")
    assert (added.status_code, added.get_json()["code"]) == (409, "conflict")
    assert [server["name"] for server in ann.get("/api/admin/tools").get_json()["items"]] == ["web"]
