"""What real servers were seen to send, byte for byte (tests/samples/engines), and what comes of it."""

from pathlib import Path

import pytest

from tests.scripted_engine.verbatim import Framing, Verbatim
from tests.worker.engines.conftest import Bench, until
from worker.engines.base import QuotaSpent

SAMPLES = Path(__file__).parents[2] / "samples" / "engines"
FOX = "The quick brown fox."
pytestmark = pytest.mark.parametrize("bench", ["openai"], indirect=True)


def response(name: str, *, framing: Framing = "chunked", holds_s: float = 0) -> Verbatim:
    kind = "application/json" if name.endswith(".json") else "text/event-stream"
    return Verbatim(body=(SAMPLES / name).read_bytes(), content_type=kind, framing=framing, holds_s=holds_s)


@pytest.mark.parametrize(
    ("name", "reasoning", "text", "finish"),
    [
        ("data-without-space.sse", "", FOX, "stop"),
        ("done-without-finish-reason.sse", "", FOX, "stop"),
        ("content-as-list-of-parts.sse", "Hmm, a fox.", FOX, "stop"),
        ("whole-answer.json", "", FOX, "stop"),
        ("only-closing-think.sse", "The user asks about a fox. I should be brief.", FOX, "stop"),
        ("refusal.sse", "", "I cannot help with that.", "refusal"),
        ("content-filter.sse", "", "The quick", "content_filter"),
    ],
)
def test_an_odd_answer_is_understood(bench: Bench, name: str, reasoning: str, text: str, finish: str) -> None:
    bench.book.say("counter", response(name))
    heard = bench.ask()
    assert (heard.reasoning, heard.text, heard.usage.finish_reason) == (reasoning, text, finish)
    assert len(bench.book.asked()) == 1


def test_an_error_under_status_200_is_one_and_not_asked_again(bench: Bench) -> None:
    bench.book.say("counter", response("error-under-status-200.json"))
    with pytest.raises(QuotaSpent, match=r"^Your credit balance is too low for this model\.$") as caught:
        bench.ask()
    assert not caught.value.retry


@pytest.mark.parametrize("framing", ["chunked", "length", "close"])
def test_the_end_mark_is_the_end_whatever_the_connection_does(bench: Bench, framing: Framing) -> None:
    bench.book.say("counter", response("data-without-space.sse", framing=framing, holds_s=60))
    assert bench.ask().text == FOX
    until(lambda: bench.book.asked()[0]["how"])
    assert bench.book.asked()[0]["how"] == "cancelled"
