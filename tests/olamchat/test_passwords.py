"""What is kept of a password."""

import subprocess
import sys
from pathlib import Path

import bcrypt
import pytest

from olamchat import environment, passwords

ROOT = Path(__file__).parents[2]


def test_a_password_matches_its_own_hash_only() -> None:
    kept = passwords.hash_password("correct horse")

    assert passwords.matches("correct horse", kept)
    assert not passwords.matches("correct hors", kept)
    assert "correct" not in kept


@pytest.mark.parametrize(("password", "other"), [("x" * 72 + "1", "x" * 72 + "2"), ("a\x00b", "a\x00c"), ("é" * 500, "é" * 499)])
def test_no_character_is_cut_off(password: str, other: str) -> None:
    kept = passwords.hash_password(password)

    assert passwords.matches(password, kept)
    assert not passwords.matches(other, kept)


def test_nobodys_password_takes_as_long_as_somebodys(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[bytes] = []
    kept = passwords.hash_password("somebody's")
    real = bcrypt.checkpw

    def check(password: bytes, known: bytes) -> bool:
        checked.append(known)
        return real(password, known)

    monkeypatch.setattr(bcrypt, "checkpw", check)

    answers = [passwords.matches("", None), passwords.matches("wrong", kept)]

    assert answers == [False, False]
    assert len({len(known) for known in checked}) == 1
    assert len({known.split(b"$")[2] for known in checked}) == 1, "the same work for both"


def test_a_hash_of_less_work_is_outdated(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = passwords.hash_password("x")
    assert not passwords.is_outdated(kept)

    monkeypatch.setenv("OLAMCHAT_BCRYPT_COST", "5")
    environment.environment.cache_clear()
    try:
        assert passwords.is_outdated(kept)
    finally:
        environment.environment.cache_clear()


def test_under_gevent_others_go_on_while_a_password_is_hashed() -> None:
    """Ticks go on during the hash: one greenlet counts while another hashes."""
    program = """
from gevent import monkey
monkey.patch_all()
import gevent
from olamchat import passwords
ticks = []
def tick():
    while True:
        ticks.append(1)
        gevent.sleep(0.001)
ticker = gevent.spawn(tick)
gevent.sleep(0.01)
before = len(ticks)
passwords.hash_password("x")
print(len(ticks) - before)
"""
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, env={"OLAMCHAT_BCRYPT_COST": "13"}
    )

    assert int(told.stdout) > 10


def test_a_hash_from_elsewhere_goes_on_working_until_it_is_replaced() -> None:
    kept = passwords.foreign(bcrypt.hashpw("correct hörse".encode(), bcrypt.gensalt(4)).decode())

    assert passwords.matches("correct hörse", kept)
    assert not passwords.matches("correct horse", kept)
    assert passwords.is_outdated(kept)
    assert not passwords.is_outdated(passwords.hash_password("correct hörse"))


def test_a_long_password_from_elsewhere_is_cut_where_it_was_cut_there() -> None:
    kept = passwords.foreign(bcrypt.hashpw(b"x" * 72, bcrypt.gensalt(4)).decode())

    assert passwords.matches("x" * 100, kept)
    assert not passwords.matches("x" * 71, kept)


@pytest.mark.parametrize("kept", ["", "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA", "$2b$12$short", "plain:$2b$12$" + "a" * 53])
def test_only_bcrypt_is_taken_over(kept: str) -> None:
    with pytest.raises(ValueError, match="no hash of bcrypt"):
        passwords.foreign(kept)
