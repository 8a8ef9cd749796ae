"""The fault suite's short form: a few answers, a few faults, no answer lost, doubled or with a gap."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import documents, stopping, table
from tests.faults.faults import FAULTS, SHORT
from tests.faults.house import House
from tests.faults.judging import Row, Verdict
from tests.faults.scenario import DEADLINE_S, MODELS, STAGES, people, run
from tests.faults.steps import cases
from tests.faults.steps import faults as acting
from tests.faults.steps import scenario as steps

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("house"), MODELS | stopping.MODELS | cases.models())
    try:
        house.start()
        yield house
    finally:
        house.stop()


@pytest.mark.parametrize("name", SHORT)
def test_every_accepted_answer_arrives_once_and_whole(house: House, name: str) -> None:
    async def suite() -> None:
        verdict = await run(house, await people(house, 2), FAULTS[name], 12)
        assert verdict.problems == []
        assert verdict.clean
        assert {row.stage: row.answers for row in verdict.rows.values()} == dict.fromkeys(STAGES.values(), 3)

    asyncio.run(suite())


def test_answers_that_act_arrive_and_no_write_is_repeated_unasked(house: House) -> None:
    async def suite() -> None:
        users = await people(house, 2)
        await steps.add_servers(house)
        for name in acting.SHORT:
            verdict = await steps.run(house, users, acting.FAULTS[name], len(cases.CASES))
            assert verdict.problems == []
            assert verdict.clean
            assert {row.stage: row.answers for row in verdict.rows.values()} == {stage.name: 3 for stage in cases.STAGES}

    asyncio.run(suite())


def test_a_person_stops_and_continues_while_a_worker_is_dead(house: House) -> None:
    async def suite() -> None:
        verdict = await stopping.run(house, await people(house, 2), FAULTS["worker-kill"], 9)
        assert verdict.problems == []
        assert verdict.clean

    asyncio.run(suite())


def test_a_stop_is_measured_to_the_end_of_the_engines_connection(house: House) -> None:
    async def suite() -> None:
        measured = await stopping.latencies(house, await people(house, 2), 2)
        assert [len(times) for times in measured.values()] == [2, 2, 2]
        assert all(0 < time_s < DEADLINE_S for times in measured.values() for time_s in times)

    asyncio.run(suite())


def test_documents_are_read_once_and_whole_while_their_readers_are_killed(house: House) -> None:
    async def suite() -> None:
        [person] = await people(house, 1)
        verdict = await documents.run(house, person, 50, every_s=2.0)
        assert verdict.problems == []
        assert (verdict.ready, verdict.unreadable, verdict.lost, verdict.wrong) == (49, 1, 0, 0)
        assert verdict.kills > 0

    asyncio.run(suite())


def test_the_page_has_a_place_for_what_is_printed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(table.PAGE.read_text())
    verdict = Verdict("thunder", {"queued": Row("thunder", "queued", 50, recovery_s=[1.5, 2.5])})
    table.write("what make faults printed", "\n".join([table.head(), *table.lines(verdict)]), page)
    assert "| thunder | queued | 50 | 0 | 0 | 0 | 2 | 1.5 | 2.5 | 2.5 |\n<!-- end of what make faults printed -->" in page.read_text()
