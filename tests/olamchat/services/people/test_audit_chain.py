"""The audit log is a chain: whoever changes, removes or moves a row is found out, and retention is not taken for that."""

import re
import threading

import psycopg
import pytest

from functions.admin import verify_audit
from olamchat.db.pool import connected
from olamchat.db.rows import run
from olamchat.services import retention
from olamchat.services.people import audit, audit_chain
from tests.olamchat.services.conftest import key_files, stores, variables

__all__ = ["key_files", "stores", "variables"]


@pytest.fixture
def log(stores: pytest.MonkeyPatch) -> None:
    """Nine events."""
    for number in range(9):
        audit.note("login.failed", subject=f"{number}@example.org", tries=number)


def sql(statement: str, *values: object) -> list[dict[str, object]]:
    with connected():
        return run(statement, list(values))


@pytest.mark.usefixtures("log")
def test_a_log_that_nobody_touched_is_whole() -> None:
    found = audit_chain.verify()
    assert (found.wrong, found.rows, found.head.number, found.erased) == ("", 9, 9, 0)


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    ("tampering", "wrong"),
    [
        ("UPDATE audit SET subject = 'eve@example.org' WHERE number = 4", "row 4 .* was changed"),
        ("UPDATE audit SET details = '{\"tries\": 0}' WHERE number = 4", "row 4 .* was changed"),
        ("UPDATE audit SET created_at = created_at + interval '1 microsecond' WHERE number = 9", "row 9 .* was changed"),
        ("DELETE FROM audit WHERE number = 1", "rows 1 to 1 are missing"),
        ("DELETE FROM audit WHERE number = 5", "rows 5 to 5 are missing"),
        ("DELETE FROM audit WHERE number >= 8", "missing at the end: the last one is 7 and should be 9"),
        ("DELETE FROM audit", "missing at the end: the last one is 0 and should be 9"),
        ("UPDATE audit SET number = -number WHERE number IN (3, 4); UPDATE audit SET number = 7 + number WHERE number < 0", "row 3 .* was changed"),
        ("DELETE FROM audit WHERE number = 5; UPDATE audit SET number = number - 1 WHERE number > 5", "row 5 .* was changed"),
    ],
)  # fmt: skip
def test_whoever_touches_it_is_found_out(tampering: str, wrong: str, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        for statement in tampering.split("; "):
            connection.execute(statement)
    assert re.search(wrong, audit_chain.verify().wrong)


@pytest.mark.usefixtures("log")
def test_a_log_that_was_written_again_from_a_row_on_is_found_out_by_a_noted_head() -> None:
    noted = audit_chain.verify().head
    sql("""DELETE FROM audit WHERE number > 5 RETURNING number""")
    sql("UPDATE audit_chain SET number = 5, hash = (SELECT hash FROM audit WHERE number = 5) RETURNING number")
    for number in range(9):
        audit.note("login.done", subject=f"{number}@example.org")

    assert audit_chain.verify().wrong == ""
    assert audit_chain.verify(noted).wrong == "row 9 is not the one that was noted: the log was written again"


@pytest.mark.usefixtures("log")
def test_a_noted_head_stays_good_while_rows_are_added() -> None:
    noted = audit_chain.verify().head
    audit.note("login.done")
    assert audit_chain.verify(audit_chain.parse(str(noted))).wrong == ""


def old(log_days: int, until: int) -> None:
    """Make the log's first rows so old, as if they had been written then."""
    sql("UPDATE audit SET created_at = created_at - make_interval(days => %s) WHERE number <= %s RETURNING id", log_days, until)
    sql("""DO $$ DECLARE entry audit; last bytea := sha256('olamchat'); BEGIN
             FOR entry IN SELECT * FROM audit ORDER BY number LOOP
                 last := audit_hash(last, entry);
                 UPDATE audit SET hash = last WHERE number = entry.number;
             END LOOP;
             UPDATE audit_chain SET hash = last; END $$""")


@pytest.mark.usefixtures("log")
def test_retention_erases_from_the_front_and_what_is_left_is_whole() -> None:
    old(366, until=4)
    old(10, until=6)
    assert audit_chain.verify().wrong == ""

    assert retention.sweep()["audit"] == 4

    found = audit_chain.verify()
    assert (found.wrong, found.rows, found.erased) == ("", 5, 4)
    assert retention.sweep()["audit"] == 0


@pytest.mark.usefixtures("log")
def test_a_row_behind_a_younger_one_waits_for_it() -> None:
    sql("UPDATE audit SET created_at = created_at - interval '366 days' WHERE number IN (1, 2, 4) RETURNING id")
    assert retention.sweep()["audit"] == 2


@pytest.mark.usefixtures("log")
def test_after_everything_was_erased_the_chain_goes_on() -> None:
    old(366, until=9)
    assert retention.sweep()["audit"] == 9
    audit.note("login.done")
    found = audit_chain.verify()
    assert (found.wrong, found.rows, found.head.number, found.erased) == ("", 1, 10, 9)


@pytest.mark.usefixtures("log")
def test_rows_removed_under_cover_of_retention_are_found_out() -> None:
    old(366, until=4)
    retention.sweep()
    sql("DELETE FROM audit WHERE number = 5 RETURNING id")
    assert audit_chain.verify().wrong == "rows 5 to 5 are missing"


@pytest.mark.usefixtures("stores")
def test_people_who_do_things_at_once_make_one_chain() -> None:
    def write() -> None:
        for _ in range(20):
            audit.note("login.done")

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = audit_chain.verify()
    assert (found.wrong, found.rows) == ("", 80)


@pytest.mark.usefixtures("log")
def test_the_command_says_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert verify_audit.main([]) == 0
    said, head = capsys.readouterr().out.splitlines()
    assert said == "The audit log is whole: 9 rows."
    assert verify_audit.main(["--head", head.removeprefix("Head: ")]) == 0

    sql("UPDATE audit SET event = 'login.done' WHERE number = 2 RETURNING id")
    assert verify_audit.main([]) == 1
    assert "The audit log is not whole: row 2 of " in capsys.readouterr().err


def test_the_command_refuses_what_is_no_head(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        verify_audit.main(["--head", "nonsense"])
    assert ended.value.code == 2
    assert "a head is written as NUMBER:HASH" in capsys.readouterr().err
