"""Every process of an installation is replaced once, by the chart's own commands, hooks and graces, while people stream answers."""

import asyncio
import os
import sys
import time
import urllib.request
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from functions.routes import FUNCTIONS
from local import keys
from tests.chart.rendering import Object, named, objects
from tests.chart.routing.test_nginx import nginx
from tests.upgrade.cluster import Deployment, Place, Service
from tests.upgrade.people import Person, Told

PEOPLE = int(os.environ.get("UPGRADE_PEOPLE", "10"))
# Over how long the people's first questions are spread, about as long as an answer takes.
SPREAD_S = 10.0
PERFECT = ("lost", "doubled", "failed requests", "wrong texts", "wrong rows", "not done")

# The chart's values, with short graces: what matters here is the order of things.
VALUES = {
    "functionDefaults": {"autoscaling": {"enabled": False, "min": 1}, "leaveSeconds": 2, "gunicorn": {"gracefulSeconds": 10}},
    "functions": {"messages": {"autoscaling": {"min": 2}}, "stream": {"gunicorn": {"gracefulSeconds": 10}}},
    "web": {"autoscaling": {"enabled": False, "min": 1}, "leaveSeconds": 2, "gracefulSeconds": 3},
    "settings": {
        "OLAMCHAT_SECURE_COOKIES": False, "OLAMCHAT_BCRYPT_COST": 4, "OLAMCHAT_DEMO_TOKENS_PER_S": 6, "OLAMCHAT_LOG_LEVEL": "warning",
        "OLAMCHAT_LIMIT_ADDRESS": "-",
    },
    "workers": {"pools": [{"name": "demo", "engine": "demo", "concurrency": 64, "graceSeconds": 3, "scaling": {"min": 2, "max": 2}}]},
}  # fmt: skip


def ready(path: str) -> "Ready":
    return Ready(path)


class Ready:
    """Asks a pod's readiness probe."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __call__(self, port: int) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{self._path}", timeout=3) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


@pytest.fixture
def place(database_url: str, redis_url: str, tmp_path: Path) -> Place:
    made = keys.make_once(tmp_path / "keys")
    (tmp_path / "page").mkdir()
    (tmp_path / "page/index.html").write_text("page")
    return Place(
        tmp_path, {"DATABASE_URL": database_url, "REDIS_URL": redis_url}, Path(made["OLAMCHAT_VERIFY_KEYS_FILE"]).parent, {}, nginx()
    )


def deployments(found: list[Object], place: Place, web: Service) -> list[Deployment]:
    """The chart's Deployments in an order in which they may start."""
    backs = [Deployment(named(found, "Deployment", f"chat-{name}"), place, place.hosts[name], ready("/health/ready")) for name in FUNCTIONS]
    worker = Deployment(named(found, "Deployment", "chat-worker-demo"), place, None, ready("/health/ready"))
    return [worker, *backs, Deployment(named(found, "Deployment", "chat-web"), place, web, ready("/"))]


async def upgrade(place: Place) -> tuple[Told, dict[str, float], int]:
    """Install, let people chat, roll one Deployment after another, and return what the people saw and what each roll took."""
    place.hosts = {name: Service() for name in FUNCTIONS}
    web = Service()
    for service in (*place.hosts.values(), web):
        await service.start()
    found = objects(VALUES)
    place.conf(named(found, "ConfigMap", "chat-web")["data"]["nginx.conf"])
    house = deployments(found, place, web)
    told, enough, took = Told(), asyncio.Event(), {}
    try:
        for one in house:
            await one.start()
        people = [Person(web.port, told) for _ in range(PEOPLE)]
        for some in range(0, PEOPLE, 10):
            await asyncio.gather(*(person.arrive() for person in people[some : some + 10]))
        chats = [asyncio.ensure_future(_later(person.chat(enough), SPREAD_S * number / PEOPLE)) for number, person in enumerate(people)]
        await asyncio.sleep(SPREAD_S)
        for one in house:
            took[one.name] = await one.roll()
        enough.set()
        for problem in await asyncio.gather(*chats, return_exceptions=True):
            if problem:
                told.troubles.append(repr(problem))
        await asyncio.gather(*(person.leave() for person in people))
    finally:
        for one in house:
            await one.stop()
        for service in (*place.hosts.values(), web):
            await service.stop()
    return told, took, sum(one.killed for one in house)


async def _later(chat: Coroutine[Any, Any, None], delay_s: float) -> None:
    await asyncio.sleep(delay_s)
    await chat


@pytest.mark.timeout(600)
def test_an_upgrade_loses_no_token_and_fails_no_request(place: Place) -> None:
    began = time.monotonic()
    told, took, killed = asyncio.run(upgrade(place))
    report(told, took, time.monotonic() - began)
    assert {name: told.counts[name] for name in PERFECT} == dict.fromkeys(PERFECT, 0), "\n".join(told.troubles[:20])
    assert not told.troubles
    assert killed == 0
    assert told.counts["answers"] >= PEOPLE
    assert told.counts["reconnects"] >= PEOPLE


def report(told: Told, took: dict[str, float], seconds: float) -> None:
    """Print the table that docs/operating.md shows."""
    lines = [f"| {name} | {roll:.1f} s |" for name, roll in took.items()]
    seen = [
        f"| {name} | {told.counts[name]:,} |"
        for name in ("answers", "tokens", "taken over", "requests", "reconnects", "streams cut", *PERFECT)
    ]
    table = [
        f"{PEOPLE} people, {seconds:.0f} s in all",
        "",
        "| rolled | took |",
        "| --- | --- |",
        *lines,
        "",
        "| seen by people | |",
        "| --- | --- |",
        *seen,
    ]
    sys.stdout.write("\n" + "\n".join(table) + "\n")
