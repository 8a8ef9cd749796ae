"""How the bench of the peers judges what is left of an answer, without a peer."""

import asyncio
from typing import Any

import pytest

from bench.peers import rounds
from bench.peers.kept import EXPECTED, Fate, Seen, count, lines
from bench.peers.open_webui import text_of

WHOLE = " ".join(EXPECTED)


@pytest.mark.parametrize(
    ("texts", "fate"),
    [
        ((f" {WHOLE}",), "complete"),
        (("w0 w1 w2",), "partly kept"),
        (("",), "empty"),
        ((), "empty"),
        (("w0 w1 w1 w2",), "doubled or garbled"),
        ((WHOLE + " w0",), "doubled or garbled"),
        ((WHOLE, WHOLE), "doubled or garbled"),
    ],
)
def test_an_answer_is_held_against_the_one_that_was_sent(texts: tuple[str, ...], fate: Fate) -> None:
    assert Seen(texts, writing=False).fate == fate


def test_a_round_is_one_line() -> None:
    row = count("olamchat", "a worker", [Seen((WHOLE,), writing=False), Seen(("w0",), writing=True), Seen((WHOLE,), writing=False)])

    assert list(lines([row]))[2] == "| olamchat | a worker | 3 | 2 | 1 | 0 | 0 | 1 |"


@pytest.mark.parametrize(
    "message",
    [
        {"content": "w0 w1"},
        {"content": "", "output": [{"type": "reasoning"}, {"type": "message", "content": [{"text": "w0"}, {"text": " w1"}]}]},
    ],
)
def test_what_a_peer_keeps_apart_from_the_text_counts_as_kept(message: dict[str, Any]) -> None:
    assert text_of(message) == "w0 w1"


class Chats:
    """A system whose answers stand where they stood when the fault came."""

    name = "a system"

    def __init__(self, *texts: str) -> None:
        self._texts, self.asked = texts, 0

    async def ask(self) -> str:
        self.asked += 1
        return str(self.asked - 1)

    async def read(self, chat_id: str) -> Seen:
        text = self._texts[int(chat_id)]
        return Seen((text,), writing=text != WHOLE)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for wait in ("HALFWAY_S", "QUIET_S"):
        monkeypatch.setattr(rounds, wait, 0.0)


@pytest.mark.usefixtures("at_once")
def test_a_round_counts_what_is_left_once_nothing_moves() -> None:
    row, chats = asyncio.run(rounds.run(Chats("w0", "", "w0 w0"), rounds.Fault("nothing", rounds.nothing), 3))

    assert chats == ["0", "1", "2"]
    assert row.cells() == ["a system", "nothing", "3", "0", "1", "1", "1", "3"]


@pytest.mark.usefixtures("at_once")
def test_an_answer_that_was_done_before_the_fault_proves_nothing() -> None:
    with pytest.raises(RuntimeError, match="done before the fault"):
        asyncio.run(rounds.run(Chats("w0", WHOLE), rounds.Fault("nothing", rounds.nothing), 2))
