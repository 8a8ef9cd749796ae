"""The bench itself: what its engine sends arrives, and what goes wrong on the way is noticed."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from bench import answers, measure
from bench.answers import Load
from bench.client.received import Received
from bench.client.script import Script, asked, token
from bench.client.wire import Connection
from bench.reporting.regression import compare
from bench.reporting.results import Point, Results, load, save
from bench.systems import front
from local.process import end, spawn
from tests.conftest import free_port

ROOT = Path(__file__).parents[2]
QUICK = Script(length=50, rate=1000)


def test_a_question_asks_for_its_answer() -> None:
    assert asked(QUICK.question().encode()) == QUICK
    assert asked(b"Give this chat a title: bench length=9 rate=9 delay=9").length == 4


def test_a_lost_a_doubled_and_a_misplaced_token_are_noticed() -> None:
    whole = [token(number, 0).decode() for number in range(4)]
    lost, doubled, misplaced = Received(Script(4)), Received(Script(4)), Received(Script(4))

    lost.take(whole[0] + whole[2] + whole[3])
    doubled.take("".join(whole[:2]) + "".join(whole[1:]))
    misplaced.take(whole[0], at=0)
    misplaced.take(whole[1], at=3)
    for one in (lost, doubled, misplaced):
        one.end()

    assert (lost.count, lost.lost, lost.doubled) == (3, 1, 0)
    assert (doubled.count, doubled.lost, doubled.doubled) == (4, 0, 1)
    assert misplaced.trouble


def test_a_token_in_two_pieces_is_one_token() -> None:
    got, text = Received(Script(2)), (token(0, 0) + token(1, 0)).decode()
    got.take(text[:5], at=0)
    got.take(text[5:], at=5)
    got.end(length=len(text))
    assert (got.count, got.lost, got.doubled, got.trouble) == (2, 0, 0, "")


@pytest.mark.parametrize("behind_nginx", [False, True])
def test_every_token_of_many_streams_arrives(tmp_path: Path, behind_nginx: bool) -> None:
    async def measured() -> answers.Row:
        async with measure.Ground(tmp_path, house=False) as ground:
            system = (await ground.nginx()) if behind_nginx else ground.engine_itself()
            assert system is not None
            return await measure.one(ground, system, Load(20, QUICK, spread_s=0.1))

    if behind_nginx and front.binary() is None:
        pytest.skip("nginx is not on this machine")
    row = asyncio.run(measured())

    assert (row.tokens, row.lost, row.doubled, row.failed) == (20 * 50, 0, 0, 0)


def test_both_protocols_say_the_same(tmp_path: Path) -> None:
    from worker.engines.base import ChatRequest, Delta, Message
    from worker.engines.ollama import Ollama
    from worker.engines.openai import OpenAI

    port = free_port()
    engine = spawn([sys.executable, "-m", "bench.systems.engine", str(port)], log=tmp_path / "log", dies_by=signal.SIGTERM, cwd=ROOT)
    try:
        asyncio.run(measure.listening(port))
        request = ChatRequest(model="bench-clock", messages=[Message(role="user", content=QUICK.question())])
        for door in (Ollama(f"http://127.0.0.1:{port}"), OpenAI(f"http://127.0.0.1:{port}/v1")):
            got = Received(QUICK)
            for piece in door.chat(request):
                if isinstance(piece, Delta):
                    got.take(piece.text)
            got.end()
            assert [model.name for model in door.models()] == ["bench-clock"]
            assert (got.count, got.lost, got.doubled) == (50, 0, 0)
    finally:
        end(engine, signal.SIGTERM, 5)


def test_a_reply_in_pieces_is_one_reply() -> None:
    connection = Connection()
    seen: list[bytes] = []
    connection._sink = seen.append
    whole = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    for at in range(len(whole)):
        connection.data_received(whole[at : at + 1])
    assert b"".join(seen) == b"abcde"


def test_results_are_kept_and_compared_by_ratio(tmp_path: Path) -> None:
    def row(system: str, cpu_s: float) -> answers.Row:
        return answers.Row(system, 64, "spread", 1, 1, 1, 1, 1000, 1.0, 0, 0, 0, cpu_s={"engine": 1.0, "it": cpu_s})

    then = Results({}, {}, [row("nginx in front", 0.1), row("olamchat", 0.5)], [Point("A", "b", 1, "ms", 2)])
    now = Results({}, {}, [row("nginx in front", 0.2), row("olamchat", 1.9)])
    save(then, tmp_path / "kept.json")

    (cpu,) = compare(now, load(tmp_path / "kept.json"))

    assert (round(cpu.then, 3), round(cpu.now, 3), cpu.worse) == (5.0, 9.5, True)
