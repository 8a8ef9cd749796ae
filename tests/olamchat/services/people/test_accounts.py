"""Accounts and sessions, where time and what is kept matter."""

from datetime import timedelta

import pytest

from olamchat import environment
from olamchat.clock import now
from olamchat.db.pool import database
from olamchat.errors import EmailTaken, Invalid, NotSignedIn, WrongLogin
from olamchat.services.people import accounts
from olamchat.services.people.accounts import SignedIn
from olamchat.services.people.audit import Device
from olamchat.tokenlog import token_log, user_topic
from olamchat.tokenlog.events import SignedOut, parse

PASSWORD = "correct horse"


def ann() -> SignedIn:
    return accounts.sign_up(email="ann@example.org", password=PASSWORD, device=Device(user_agent="Firefox", address="127.0.0.1"))


def log_in(email: str = "ann@example.org") -> accounts.SignedIn:
    come = accounts.log_in(email=email, password=PASSWORD)
    assert isinstance(come, accounts.SignedIn)
    return come


def one(sql: str) -> tuple[object, ...]:
    row: tuple[object, ...] = database.execute_sql(sql).fetchone()
    database.close()
    return row


def ended(session: SignedIn) -> list[str | None]:
    told = [parse(entry.body) for entry in token_log().read(user_topic(session.user_id))]
    return [event.session_id for event in told if isinstance(event, SignedOut)]


def pass_time(seconds: float) -> None:
    database.execute_sql("UPDATE sessions SET rotated_at = rotated_at - make_interval(secs => %s)", [seconds])
    database.close()


def test_what_is_kept_of_a_sign_up(stores: pytest.MonkeyPatch) -> None:
    session = ann()

    assert session.user["email"] == "ann@example.org"
    assert one("SELECT user_agent, address, ended_at FROM sessions") == ("Firefox", "127.0.0.1", None)
    assert PASSWORD not in str(one("SELECT users::text FROM users"))


def test_no_password_hash_leaves_the_service(stores: pytest.MonkeyPatch) -> None:
    session = ann()

    told = {"id", "email", "name", "role", "settings", "created_at", "has_password"}
    assert set(session.user) == set(accounts.me(user_id=session.user_id)) == told


@pytest.mark.parametrize("password", ["", "seven77", "x" * 1_001, "\ud800" * 9])
def test_a_password_out_of_bounds_is_refused(stores: pytest.MonkeyPatch, password: str) -> None:
    with pytest.raises(Invalid):
        accounts.sign_up(email="a@b.org", password=password)


def test_a_second_account_of_one_email_is_refused(stores: pytest.MonkeyPatch) -> None:
    ann()
    with pytest.raises(EmailTaken):
        accounts.sign_up(email="ANN@example.org", password=PASSWORD)


def test_the_token_before_is_overlooked_for_a_moment_and_gets_the_same_successor(stores: pytest.MonkeyPatch) -> None:
    session = ann()
    first = accounts.refresh(session_id=session.session_id, jti=session.jti)
    pass_time(accounts.ROTATION_LEEWAY_S - 2)

    second = accounts.refresh(session_id=session.session_id, jti=session.jti)

    assert second.jti == first.jti


def test_after_that_moment_it_ends_the_session_and_its_streams(stores: pytest.MonkeyPatch) -> None:
    session = ann()
    newest = accounts.refresh(session_id=session.session_id, jti=session.jti)
    pass_time(accounts.ROTATION_LEEWAY_S + 1)

    with pytest.raises(NotSignedIn, match="used again"):
        accounts.refresh(session_id=session.session_id, jti=session.jti)

    assert ended(session) == [str(session.session_id)]
    with pytest.raises(NotSignedIn):
        accounts.refresh(session_id=session.session_id, jti=newest.jti)


def test_the_token_before_the_last_is_never_overlooked(stores: pytest.MonkeyPatch) -> None:
    session = ann()
    second = accounts.refresh(session_id=session.session_id, jti=session.jti)
    accounts.refresh(session_id=session.session_id, jti=second.jti)

    with pytest.raises(NotSignedIn, match="used again"):
        accounts.refresh(session_id=session.session_id, jti=session.jti)


def test_reuse_ends_its_own_family_only(stores: pytest.MonkeyPatch) -> None:
    phone, laptop = ann(), log_in()

    with pytest.raises(NotSignedIn):
        accounts.refresh(session_id=phone.session_id, jti="of somewhere")

    accounts.check(user_id=laptop.user_id, session_id=laptop.session_id)


def test_each_refresh_prolongs_the_session(stores: pytest.MonkeyPatch) -> None:
    session = ann()
    database.execute_sql("UPDATE sessions SET expires_at = %s", [now() + timedelta(seconds=60)])

    accounts.refresh(session_id=session.session_id, jti=session.jti)

    [expires_at] = one("SELECT expires_at FROM sessions")
    assert expires_at > now() + timedelta(seconds=environment.environment().refresh_ttl_s - 60)  # type: ignore[operator]


def test_a_login_with_more_work_asked_for_renews_the_hash(stores: pytest.MonkeyPatch) -> None:
    ann()
    stores.setenv("OLAMCHAT_BCRYPT_COST", "5")
    environment.environment.cache_clear()

    accounts.log_in(email="ann@example.org", password=PASSWORD)

    assert str(one("SELECT password_hash FROM users")[0]).split("$")[2] == "05"
    accounts.log_in(email="ann@example.org", password=PASSWORD)
    with pytest.raises(WrongLogin):
        accounts.log_in(email="ann@example.org", password="something else")


def test_a_new_password_tells_the_streams_of_the_other_sessions(stores: pytest.MonkeyPatch) -> None:
    here, there = ann(), log_in()

    accounts.change_password(user_id=here.user_id, session_id=here.session_id, current=PASSWORD, new="another one")

    assert ended(here) == [str(there.session_id)]


def test_an_email_that_is_composed_differently_is_the_same(stores: pytest.MonkeyPatch) -> None:
    accounts.sign_up(email="zoe\u0308@example.org", password=PASSWORD)

    assert log_in("Zo\u00cb@EXAMPLE.org").user["email"] == "zo\u00eb@example.org"
