"""REDIS_URL: each part of it holds for all who speak to Redis, or is refused in words."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis as redis_py

from olamchat import jobs, redis, redis_url
from olamchat.environment import BadSetting, Environment
from tests.tls import Door, make_certificate
from worker.app import make


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("redis+sentinel://a:26379,b:26379/mymaster/0", "names Sentinels"),
        ("sentinel://a:26379;sentinel://b:26379", "names Sentinels"),
        ("redis+cluster://a:7000,b:7000", "names a Redis Cluster"),
        ("redis://a:6379,b:6379/0", "names several servers|can't be read"),
        ("unix:///run/redis.sock", "names a Unix socket"),
        ("redis+socket:///run/redis.sock", "names a Unix socket"),
        ("valkey://a:6379", "must begin with redis://"),
        ("redis://:secret@a:6379/0?timeout=5", "parameter 'timeout'"),
        ("redis://:secret@a:6379/0?ssl_ca_certs=/ca.pem", "begins with redis://"),
        ("rediss://:secret@a:6379/0?ssl_cert_reqs=maybe", "ssl_cert_reqs"),
        ("redis://:secret@a:6379/main", "number of a database"),
        ("redis://:sec/ret@a:6379/0", "percent form"),
        ("redis://:secret@a:port/0", "percent form"),
        ("redis:///0", "can't be read"),
    ],
)
def test_what_can_not_be_honoured_is_refused_in_words_without_a_password(url: str, told: str) -> None:
    with pytest.raises(BadSetting, match=told) as refused:
        redis.connect(url)
    assert "secret" not in str(refused.value)
    assert "sec/ret" not in str(refused.value)


@pytest.mark.parametrize("url", ["redis://h", "redis://h:6379/3", "rediss://u:p%40@[::1]:6379/0?ssl_cert_reqs=none", "redis://u@h/"])
def test_what_is_honoured_passes(url: str) -> None:
    assert redis_url.check(url) == url


def test_a_place_has_no_secrets() -> None:
    assert redis_url.place("rediss://u:p@h:6380/0?ssl_cert_reqs=none") == "h:6380"


@pytest.fixture
def named_user(wire: str) -> Iterator[str]:
    """The Valkey, as it is reached by a user with a password of its own."""
    admin = redis_py.Redis.from_url(wire)
    admin.acl_setuser("anna", enabled=True, passwords=["+p@ss/wörd:%"], keys=["*"], channels=["*"], categories=["+@all"])
    yield wire.replace("redis://", "redis://anna:p%40ss%2Fw%C3%B6rd%3A%25@")
    admin.acl_deluser("anna")


def test_a_user_with_any_letters_in_the_password_is_known_to_both(named_user: str) -> None:
    assert _text(redis.connect(named_user).acl_whoami()) == "anna"
    assert _celery_is_told_by(named_user) == "anna"


def test_tls_is_checked_by_both(wire: str, tmp_path: Path) -> None:
    # given a server behind TLS, whose certificate nobody knows
    certificate = make_certificate(tmp_path)
    door = Door(certificate, urlsplit(wire).port or 0)
    secure = f"rediss://127.0.0.1:{door.port}/0"

    # then both refuse it
    with pytest.raises(redis.Lost, match="certificate verify failed"), redis.guard():
        redis.connect(secure).ping()
    with pytest.raises(Exception, match="certificate verify failed"):
        _celery_is_told_by(secure)

    # and take it where they are told of it
    known = f"{secure}?ssl_ca_certs={certificate.certificate}"
    with redis.connect(known) as client:
        assert client.ping()
    assert _celery_is_told_by(known) == "default"
    door.close()


def _celery_is_told_by(url: str) -> str:
    """Have the worker's Celery reach the server; return as whom."""
    environment = Environment(redis_url=url)
    with make(environment, [jobs.queue_name("demo")]).connection_for_read() as connection:
        channel = connection.channel()
        with channel.conn_or_acquire() as client:
            client.lpush(jobs.queue_name("demo"), "x")
            return _text(client.acl_whoami())


def _text(word: bytes | str) -> str:
    return word.decode() if isinstance(word, bytes) else word
