"""Every word Redis refuses with × every call of ours: each is Lost, as a server that is gone would be."""

import shutil
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest
import redis as redis_py

from local import valkey
from olamchat import jobs, redis, roster, sign_ons, stops
from olamchat.redis import Lost
from olamchat.tokenlog.base import Append
from olamchat.tokenlog.redis_log import RedisLog
from tests.conftest import free_port
from tests.refusing import TEXTS, WRITES_ALONE, Refusing

TURN = UUID(int=1)
WRITES: dict[str, Callable[[], object]] = {
    "jobs.send_turn": lambda: jobs.send_turn("demo"),
    "jobs.enter": lambda: jobs.enter("demo", TURN),
    "jobs.leave": lambda: jobs.leave("demo", TURN),
    "jobs.count_anew": lambda: jobs.count_anew("demo", ["a"]),
    "roster.announce": lambda: roster.announce("w", [], capacity=1, running=0),
    "roster.withdraw": lambda: roster.withdraw("w"),
    "sign_ons.keep": lambda: sign_ons.keep("s", {}),
    "sign_ons.take": lambda: sign_ons.take("s"),
    "stops.nudge": lambda: stops.nudge(TURN),
    "log.claim": lambda: RedisLog().claim("t", "a", 1, b"{}"),
    "log.append": lambda: RedisLog().append([Append("t", "a", 1, [b"{}"])]),
    "log.tell": lambda: RedisLog().tell("t", [b"{}"]),
    "log.wake": lambda: RedisLog().wake("t"),
    "log.tails": lambda: RedisLog().tails(["t"]),
    "log.trim": lambda: RedisLog().trim("t", "1-0"),
}
READS: dict[str, Callable[[], object]] = {
    "jobs.load": lambda: jobs.load("demo"),
    "roster.workers": roster.workers,
    "log.read": lambda: RedisLog().read("t"),
    "log.has": lambda: RedisLog().has("t", "0-0"),
    "log.has an entry": lambda: RedisLog().has("t", "1-0"),
    "log.tail": lambda: RedisLog().tail("t"),
}
CALLS = WRITES | READS
TABLE = [(word, call) for word in redis.REFUSALS for call in (WRITES if word in WRITES_ALONE else CALLS)]


@pytest.fixture
def door(wire: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Refusing]:
    """A door to the Valkey that refuses when told to; this process speaks through it."""
    door = Refusing(urlsplit(wire).port or 0)
    client = redis.connect(door.url)
    monkeypatch.setattr(redis, "client", cache(lambda: client))
    yield door
    client.close()
    door.close()


def test_every_word_is_known_to_the_door() -> None:
    assert sorted(TEXTS) == sorted(redis.REFUSALS)


@pytest.mark.parametrize(("word", "call"), TABLE)
def test_a_refusal_is_an_outage_and_passes(door: Refusing, word: str, call: str) -> None:
    door.refuse(word)
    with pytest.raises(Lost):
        CALLS[call]()
    assert door.refused

    door.relent()
    CALLS[call]()


@pytest.mark.parametrize("word", sorted(set(redis.REFUSALS) - WRITES_ALONE))
def test_who_listens_hears_of_it(door: Refusing, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("olamchat.tokenlog.redis_ear.redis.connect", lambda **_: redis_connect(door.url))
    ear = RedisLog().subscribe()
    door.refuse(word)
    ear.add(["t"])
    with pytest.raises(Lost, match=word):
        ear.hear()
    ear.close()


redis_connect = redis.connect


def test_a_mistake_of_ours_stays_a_mistake(door: Refusing) -> None:
    with pytest.raises(redis_py.ResponseError, match="unknown command"), redis.guard():
        redis.client().execute_command("NOSUCHCOMMAND")  # type: ignore[no-untyped-call]


# The same from a real server, brought into each state that one can be brought into from outside.
def _read_only(admin: redis_py.Redis, _: Path) -> None:
    admin.replicaof("127.0.0.1", 1)


def _without_its_master(admin: redis_py.Redis, _: Path) -> None:
    admin.config_set("replica-serve-stale-data", "no")
    admin.replicaof("127.0.0.1", 1)


def _without_replicas(admin: redis_py.Redis, _: Path) -> None:
    admin.config_set("min-replicas-to-write", 1)


def _out_of_memory(admin: redis_py.Redis, _: Path) -> None:
    admin.config_set("maxmemory", 1)


def _forbidden(admin: redis_py.Redis, _: Path) -> None:
    admin.acl_setuser("default", enabled=True, nopass=True, categories=["+@all", "-@write", "-@scripting", "-@pubsub"], keys=["*"])


def _unable_to_save(admin: redis_py.Redis, folder: Path) -> None:
    admin.config_set("save", "3600 1")
    shutil.rmtree(folder)
    admin.bgsave()
    while admin.info("persistence")["rdb_last_bgsave_status"] == "ok":
        time.sleep(0.01)


STATES = {
    "READONLY": _read_only,
    "MASTERDOWN": _without_its_master,
    "NOREPLICAS": _without_replicas,
    "OOM": _out_of_memory,
    "NOPERM": _forbidden,
    "MISCONF": _unable_to_save,
}
# What a server does though it refuses writes: it frees memory, and tells whoever listens. The rest has nothing to write the second time.
NOTHING_NEW = {"jobs.count_anew", "log.tails", "stops.nudge", "log.wake"}
STILL_DONE = {"OOM": NOTHING_NEW | {"jobs.leave", "roster.withdraw", "sign_ons.take", "log.trim"}}


@pytest.mark.parametrize("word", STATES)
def test_a_real_server_that_refuses_is_an_outage(word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "data"
    server = valkey.start(folder, free_port(), log=tmp_path / "log", durable=False)
    client = redis.connect(server.url)
    monkeypatch.setattr(redis, "client", cache(lambda: client))
    with redis_py.Redis.from_url(server.url) as admin:
        for call in CALLS.values():
            call()
        STATES[word](admin, folder)
        went_through = {name for name, call in WRITES.items() if _is_done(call)}
    client.close()
    server.stop()
    assert went_through <= STILL_DONE.get(word, NOTHING_NEW)


def _is_done(call: Callable[[], object]) -> bool:
    try:
        call()
    except Lost:
        return False
    return True
