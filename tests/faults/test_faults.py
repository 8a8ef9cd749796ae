"""The fault suite's short form: a few answers, a few faults, no answer lost, doubled or with a gap."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.faults.faults import FAULTS, SHORT
from tests.faults.house import House
from tests.faults.scenario import MODELS, people, run

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("house"), MODELS)
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

    asyncio.run(suite())
