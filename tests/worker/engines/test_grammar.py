"""Whatever form a server gives an answer, the answer is understood: made by chance from the grammar of what servers send.

A short run belongs to every test run; `make test-engines` makes many more.
"""

import json
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.scripted_engine import grammar
from tests.scripted_engine.book import Book
from tests.scripted_engine.grammar import Protocol, Put, Said
from tests.scripted_engine.server import Server, serving
from tests.worker.engines.conftest import KINDS, Heard, hear, request
from worker.engines.base import EngineError

SHORT, LONG = 150, 5_000
pytestmark = [pytest.mark.engines, pytest.mark.timeout(3600)]


@pytest.fixture(scope="module")
def own() -> Any:
    with serving(Book({})) as served:
        yield served


@pytest.fixture
def examples(pytestconfig: pytest.Config) -> int:
    return LONG if pytestconfig.getoption("--real-engines") else SHORT


def check(own: Server, protocol: Protocol, said: Said, how: Put) -> None:
    own.book.forget()
    own.book.say("counter", grammar.response(said, how, protocol))
    heard = hear(KINDS[protocol](own.url), request())
    assert heard.text == "".join(said.text)
    assert heard.reasoning.strip("\n") == "".join(said.reasoning)
    assert heard.usage.finish_reason == said.finish
    assert calls(heard) == ([said.call] if said.call else [])
    assert len(own.book.asked()) == 1


def calls(heard: Heard) -> list[dict[str, Any]]:
    return [{"name": call.name, "arguments": json.loads(call.arguments)} for call in heard.usage.calls]


@pytest.mark.parametrize("protocol", KINDS)
def test_an_answer_is_the_same_in_every_form(own: Server, protocol: str, examples: int) -> None:
    kind = cast("Protocol", protocol)

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink))
    @given(data=st.data())
    def answers(data: st.DataObject) -> None:
        said = data.draw(grammar.answers())
        check(own, kind, said, data.draw(grammar.put(said, kind)))

    answers()


@pytest.mark.parametrize("protocol", KINDS)
def test_a_complaint_keeps_the_engines_words_and_gets_its_code(own: Server, protocol: str, examples: int) -> None:
    kind = cast("Protocol", protocol)

    @settings(max_examples=examples // 2, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink))
    @given(data=st.data())
    def complaints(data: st.DataObject) -> None:
        response, words, code = grammar.complaint(data.draw, kind)
        own.book.say("counter", response)
        with pytest.raises(EngineError) as caught:
            hear(KINDS[protocol](own.url), request())
        assert (caught.value.code, words in str(caught.value)) == (code, True)
        assert caught.value.retry == (code in {"engine_unavailable", "engine_failed"})

    complaints()
