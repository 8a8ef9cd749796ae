"""A house whose only engine is the scripted one, and a way into its tables."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.folder import Folder
from tests.conftest import free_port
from tests.e2e import house
from tests.leash import LEASH
from tests.scripted_engine.book import Book
from tests.scripted_engine.script import Script
from tests.scripted_engine.server import Server, serving
from tests.tool_server.book import Book as Calls
from tests.website.site import Site
from tests.website.site import serving as serving_site


@pytest.fixture(scope="package")
def engine() -> Iterator[Server]:
    """The engine; its models are `steady`, and what a test adds."""
    with serving(Book({"steady": Script(length=20, rate=50.0)})) as server:
        yield server


@pytest.fixture(scope="package")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the house keeps what it keeps."""
    folder = tmp_path_factory.mktemp("scripted")
    for parent in (folder, *folder.parents[:2]):  # Postgres runs as nobody where the tests run as root
        parent.chmod(0o755)
    return folder / "data"


@pytest.fixture(scope="package")
def site() -> Iterator[Site]:
    """A website, which answers searches too."""
    with serving_site() as site:
        yield site


@pytest.fixture(scope="package")
def address(engine: Server, data: Path, site: Site) -> Iterator[str]:
    """Where the page is."""
    engines = {"OLLAMA_URL": "", "VLLM_URL": "", "OPENAI_BASE_URL": f"{engine.url}/v1", "OLAMCHAT_CONCURRENCY": "1"}
    web = {"OLAMCHAT_SEARCH": "searxng", "OLAMCHAT_SEARCH_URL": site.url, "OLAMCHAT_WEB_NETWORKS": "127.0.0.1/32"}
    with house.up(data, free_port(), **engines, **web) as place:
        yield place


@pytest.fixture
def database_url(address: str, data: Path) -> str:
    lives = Folder(data).house()
    assert lives is not None
    return lives.database_url


@pytest.fixture(scope="package")
def tool_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Calls]]:
    """The scripted MCP server: its address, and what it was asked."""
    book = tmp_path_factory.mktemp("tools") / "calls.jsonl"
    command = [*LEASH, sys.executable, "-W", "ignore", "-m", "tests.tool_server", "--port", "0", "--book", str(book)]
    process = subprocess.Popen(command, cwd=house.ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield json.loads(process.stdout.readline())["url"], Calls(book)
    process.kill()
    process.communicate()
