"""What this house uses of libraries that they don't promise: each use is held to the version it was looked at with.

When a pin changes, the test of that library fails until somebody has looked whether the part is still there and means the same,
has run what `looked_at` names, and has written the new version down.
"""

import ast
import re
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pytest
from celery import Celery
from peewee import OperationalError, __exception_wrapper__  # type: ignore[attr-defined]
from playhouse.pool import PooledDatabase
from prometheus_client import CollectorRegistry, Gauge

from olamchat import jobs

ROOT = Path(__file__).parents[2]
CODE = ("functions", "olamchat", "worker", "local", "migrations")


@dataclass(frozen=True)
class Use:
    """A library's private parts: the version that was looked at, and the tests that show what is needed of them."""

    version: str
    parts: tuple[str, ...]
    looked_at: str


USES = {
    "kombu": Use("5.7.0", ("_get",), "tests/worker/test_doors.py and the copy below"),
    "redis": Use("8.1.0", ("_get_socket",), "tests/olamchat/tokenlog/test_logs.py"),
    "urllib3": Use("2.8.0", ("_original_response", "_connection"), "tests/worker/engines"),
    "prometheus-client": Use("0.26.0", ("_value",), "tests/functions/stream/test_streams.py"),
    "werkzeug": Use("3.1.9", ("_get_current_object",), "its own documentation: LocalProxy"),
    "peewee": Use("4.5.3", ("_is_closed", "__exception_wrapper__"), "tests/olamchat/db"),
    "gunicorn": Use("27.0.1", ("gunicorn.socket", "timeout_ctx", "StopIteration"), "tests/functions/stream, tests/functions/server"),
}


@pytest.mark.parametrize("library", USES)
def test_a_library_whose_private_parts_are_used_was_looked_at_in_this_version(library: str) -> None:
    use = USES[library]

    assert version(library) == use.version, (
        f"look at {', '.join(use.parts)} of {library} again, by {use.looked_at}, and write the version down"
    )


def private_names() -> set[str]:
    """Return the private names that the code reads of others, each where the linter was told to let it pass."""
    found: set[str] = set()
    for path in [path for room in CODE for path in (ROOT / room).rglob("*.py")]:
        lines = path.read_text().splitlines()
        for node in ast.walk(ast.parse("\n".join(lines))):
            if isinstance(node, ast.Attribute) and node.attr.startswith("_") and "SLF001" in lines[node.lineno - 1] and not _is_own(node):
                found.add(node.attr)
    return found


def _is_own(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "self"


def test_no_private_part_is_used_that_is_not_in_the_list() -> None:
    assert private_names() <= {part for use in USES.values() for part in use.parts}


def test_a_message_that_is_copied_is_the_one_that_celery_sends() -> None:
    jobs._copied.cache_clear()
    celery = Celery("sender", broker="memory://", set_as_current=False)
    celery.send_task(jobs.TASK, kwargs={"pool": "contract"}, queue=jobs.queue_name("contract"), task_id="theirs", ignore_result=True)
    with celery.connection() as connection:
        queue = connection.SimpleQueue(jobs.queue_name("contract"))
        sent = queue.get(block=False)
        queue.close()

    copied = jobs._message("contract")

    assert re.search(r'"id": "[0-9a-f-]{36}"', copied)
    assert jobs._NAME not in copied
    for name in ("lang", "task", "kwargsrepr", "ignore_result", "retries", "timelimit"):
        assert f'"{name}"' in copied
        assert name in sent.headers


def test_peewee_turns_a_drivers_error_into_its_own() -> None:
    import psycopg

    with pytest.raises(OperationalError), __exception_wrapper__:
        raise psycopg.OperationalError("gone")


def test_peewees_pool_asks_whether_a_connection_is_closed_by_a_method_that_can_be_replaced() -> None:
    assert callable(PooledDatabase._is_closed)


def test_a_gauges_value_can_be_read() -> None:
    gauge = Gauge("g", "", registry=CollectorRegistry())
    gauge.inc(3)
    assert gauge._value.get() == 3
