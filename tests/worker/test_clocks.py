"""Workers whose machines' clocks are wrong: they are offered, answer at once, and leave no end untold."""

from pathlib import Path

import pytest

from tests.worker.conftest import House, counted, until

FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
pytestmark = pytest.mark.skipif(FAKETIME is None, reason="libfaketime is not installed (apt-get install faketime)")


@pytest.mark.parametrize("shift", ["-3600s", "+3600s"])
def test_a_worker_with_a_wrong_clock_answers(house: House, shift: str) -> None:
    worker = house.start(LD_PRELOAD=str(FAKETIME), FAKETIME=shift, DONT_FAKE_MONOTONIC="1")
    until(lambda: house.offer("counter") == "loaded", "a worker on the roster")

    house.script(length=20)
    asked = [house.ask() for _ in range(2)]
    for one in asked:
        one.until_told()

    assert [one.row["content"] for one in asked] == [counted(20)] * 2
    [(waited,)] = house.run("SELECT max(finished_at - created_at) < interval '1 minute' FROM messages WHERE role = 'assistant'")
    [(ordered,)] = house.run("SELECT bool_and(finished_at >= created_at - interval '1 second') FROM messages WHERE role = 'assistant'")
    assert waited
    assert ordered
    assert worker.process.poll() is None
