"""An Open WebUI to move in from, in either of its databases, and olamchat's stores to move it into."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from local.moving import run, store
from local.moving.report import Report
from local.moving.uploads import Uploads
from tests.conftest import fresh_database
from tests.local.moving import open_webui
from tests.olamchat.services.conftest import key_files, stores, variables

__all__ = ["key_files", "stores", "variables"]
Move = Callable[..., Report]


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path, postgres_server: str) -> Iterator[str]:
    """A filled Open WebUI: the path of its file, or its URL."""
    with _filled(request.param, tmp_path, postgres_server) as made:
        yield made


@contextmanager
def _filled(kind: str, folder: Path, server: str) -> Iterator[str]:
    if kind == "sqlite":
        open_webui.write_sqlite(folder / "webui.db", folder / "uploads")
        yield str(folder / "webui.db")
        return
    with fresh_database(server) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP OWNED BY CURRENT_USER")
        open_webui.write_postgres(url, folder / "uploads")
        yield url


@pytest.fixture
def move(stores: pytest.MonkeyPatch, place: str, tmp_path: Path) -> Move:
    """Move it into the test's own database."""

    def _move(*, dry: bool = False, uploads: Path | None = tmp_path / "uploads") -> Report:
        report = Report()
        with store.opened(place) as there:
            run.move_in(there, Uploads(uploads, report, dry), report, dry=dry)
        return report

    return _move
