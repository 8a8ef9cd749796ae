"""Signing in tells nobody who has an account: neither by what is said nor by the work that is done for it."""

import json
import os
import statistics
import time
from typing import Any

import bcrypt
import pytest
from flask import Flask

from olamchat import environment
from olamchat.db.pool import database
from tests.functions.conftest import PASSWORD, Person
from tests.security.accounts.test_sign_up import let
from tests.security.report import Matrix

WRONG = "not the password"
TRIES = 15


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bytes]]:
    """What bcrypt was asked to do: the function and the cost."""
    done: list[tuple[str, bytes]] = []

    def counted(name: str) -> Any:
        real = getattr(bcrypt, name)

        def do(password: bytes, salt: bytes) -> Any:
            done.append((name, salt.split(b"$")[2]))
            return real(password, salt)

        return do

    for name in ("checkpw", "hashpw"):
        monkeypatch.setattr(bcrypt, name, counted(name))
    return done


def test_every_failed_sign_in_does_the_same_work_and_says_the_same(ann: Person, bob: Person, work: list[tuple[str, bytes]]) -> None:
    database.execute_sql("UPDATE users SET disabled_at = now() WHERE email = %s", [bob.email])
    database.execute_sql("INSERT INTO users (id, created_at, email) VALUES (gen_random_uuid(), now(), 'by@provider.org')")
    database.close()
    told, done = [], []

    for email in ("nobody@example.org", ann.email, bob.email, "by@provider.org", "nobody@example.org"):
        work.clear()
        answer = ann.post("/api/auth/login", {"email": email, "password": WRONG})
        told.append((answer.status_code, answer.get_data()))
        done.append(list(work))

    assert len(set(told)) == 1
    assert done == [done[0]] * len(done)
    assert [name for name, _ in done[0]] == ["checkpw"]


@pytest.mark.parametrize("path", ["/api/auth/login", "/api/auth/signup"])
@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])
def test_a_form_of_another_site_signs_nobody_in_as_somebody_else(ann: Person, path: str, media: str) -> None:
    """These are all that a page may send elsewhere without being asked first: a victim's browser would go on in the attacker's account."""
    body = json.dumps({"email": ann.email if path.endswith("login") else "new@example.org", "password": PASSWORD}).encode()

    answer = ann.app.test_client().post(path, data=body, content_type=media, headers={"Origin": "https://evil.example"})

    assert answer.status_code == 415
    assert "Set-Cookie" not in answer.headers


@pytest.mark.skipif(not os.environ.get("SECURITY"), reason="it measures; `make security` runs it")
def test_an_unknown_email_takes_as_long_as_a_wrong_password(app: Flask, ann: Person, variables: pytest.MonkeyPatch, matrix: Matrix) -> None:
    let(variables, limit_sign_in="-", limit_address="-", bcrypt_cost="9")
    environment.environment.cache_clear()
    ann.post("/api/auth/login", {"email": ann.email, "password": PASSWORD})  # hashed anew, with today's work

    took: dict[str, list[float]] = {ann.email: [], "nobody@example.org": []}
    for _ in range(TRIES):
        for email, times in took.items():
            begin = time.perf_counter()
            ann.post("/api/auth/login", {"email": email, "password": WRONG})
            times.append(time.perf_counter() - begin)

    known, unknown = (statistics.median(times) for times in took.values())
    matrix.count("percent of a wrong password's time that an unknown e-mail takes", round(100 * unknown / known))
    assert 0.5 < unknown / known < 2
