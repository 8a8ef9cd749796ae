"""A turn of which workers have died runs in a process of its own, and not any more once it has killed that too."""

import os
import signal
from pathlib import Path

import psutil
import pytest

from olamchat.db.pool import database, open_database
from olamchat.services.turns import lifecycle
from olamchat.services.turns.lifecycle import CONVICTED, SUSPECT
from tests.worker.conftest import Asked, House, counted, until


def suspected(house: House, deaths: int = SUSPECT) -> Asked:
    """An answer that waits and of which so many workers have died."""
    asked = house.ask(send=False)
    house.run("UPDATE turns SET deaths = %s WHERE id = %s", deaths, asked.id)
    return asked


def apart(asked: Asked) -> list[psutil.Process]:
    """The processes in which the answer runs by itself."""
    return [child for child in psutil.Process(os.getpid()).children(recursive=True) if _answers(child, asked)]


def _answers(child: psutil.Process, asked: Asked) -> bool:
    try:
        return Path(child.exe()).name.startswith("python") and str(asked.id) in child.cmdline()
    except psutil.NoSuchProcess:  # it has ended meanwhile
        return False


def test_a_suspect_runs_by_itself_and_ends_as_any_other(house: House) -> None:
    house.script(length=40, rate=20)
    asked, other = suspected(house), house.ask(send=False)
    house.start()

    until(lambda: apart(asked), "a process of its own")
    assert not apart(other)
    asked.until_told()
    other.until_told()

    assert (asked.row["status"], asked.read) == ("done", counted(40))
    until(lambda: not apart(asked), "its end")
    assert house.run("SELECT count(*) FROM turns") == [(0,)]


def test_one_that_kills_its_own_process_fails_alone_and_leaves_its_worker(house: House) -> None:
    house.script(length=40, rate=20, delay_s=60)
    asked = suspected(house)
    worker = house.start()

    for deaths in range(SUSPECT + 1, CONVICTED + 1):
        until(lambda before=deaths - 1: house.run("SELECT deaths FROM turns") == [(before,)] and apart(asked), "another try")  # type: ignore[misc]
        apart(asked)[0].send_signal(signal.SIGKILL)
    row = asked.until_told()

    assert (row["status"], row["error"]["code"]) == ("failed", "internal")
    worker.send(signal.SIGTERM)
    assert worker.wait() == 0


@pytest.mark.parametrize(
    ("deaths", "saved", "alone", "charged"),
    [
        (0, "", False, 1),
        (1, "", False, SUSPECT),
        (SUSPECT, "", False, SUSPECT),
        (SUSPECT + 1, "", False, SUSPECT + 1),
        (SUSPECT, "", True, SUSPECT + 1),
        (0, "some words", False, 0),
        (SUSPECT, "some words", True, SUSPECT),
    ],
)
def test_a_death_is_charged_to_what_made_no_progress(
    house: House, database_url: str, deaths: int, saved: str, alone: bool, charged: int
) -> None:
    asked = suspected(house, deaths)
    open_database(database_url, size=2)
    turn = lifecycle.take(worker="w", pools=["ollama"])
    assert turn is not None
    house.run("UPDATE messages SET content = %s WHERE id = %s", saved, asked.id)

    given = lifecycle.give_back([(asked.id, turn.attempt)], alone=alone)

    assert [pool for _, _, pool in given] == ["ollama"]
    assert house.run("SELECT deaths, reached, state FROM turns") == [(charged, len(saved), "queued")]
    database.close_all()
