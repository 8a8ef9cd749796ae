"""What every engine does, whichever protocol it speaks."""

import threading
import time
from dataclasses import replace
from typing import Any

import pytest

from tests.scripted_engine.script import make
from tests.worker.engines.conftest import Bench, hear, request, until
from worker.engines.base import (
    Anew,
    ContextTooLong,
    Delta,
    EngineError,
    EngineFailed,
    EngineUnavailable,
    Loading,
    ModelNotFound,
    RequestRejected,
    StreamInterrupted,
    Thoughts,
)
from worker.engines.continuing import goes_on

COUNTED = "".join(f" w{number}" for number in range(20))


def test_an_answer_comes_piece_by_piece_and_ends_with_its_usage(bench: Bench) -> None:
    bench.script(length=20, rate=100)
    heard = bench.ask()
    assert heard.text == COUNTED
    assert sum(isinstance(piece, Delta) for piece in heard.pieces) > 3
    assert (heard.usage.completion_tokens, heard.usage.finish_reason) == (20, "stop")
    assert heard.usage.prompt_tokens


def test_a_long_answer_at_full_speed_is_whole(bench: Bench) -> None:
    bench.script(length=5000)
    assert bench.ask().text == "".join(f" w{number}" for number in range(5000))


def test_an_answer_goes_on_where_it_was_cut(bench: Bench) -> None:
    assert bench.ask(said=" w0 w1 w2").text == COUNTED.removeprefix(" w0 w1 w2")


def test_options_reach_the_engine(bench: Bench) -> None:
    heard = bench.ask(max_tokens=3, temperature=0.5, seed=7, top_p=0.9, stop=("w9",))
    assert (heard.text, heard.usage.finish_reason) == (" w0 w1 w2", "length")
    options = bench.book.asked()[-1]["options"]
    assert (options["temperature"], options["seed"], options["top_p"], options["stop"]) == (0.5, 7, 0.9, ["w9"])


def test_a_stop_string_ends_the_answer(bench: Bench) -> None:
    assert bench.ask(stop=(" w4",)).text == " w0 w1 w2 w3"


def test_characters_split_over_packets_arrive_whole(bench: Bench) -> None:
    bench.script(text="Grüße 👩‍👩‍👧 und 漢字 🎉", dribble=True)
    heard = bench.ask()
    assert heard.text == "Grüße 👩‍👩‍👧 und 漢字 🎉"
    assert "\ufffd" not in heard.text


@pytest.mark.parametrize("tags", [False, True])
def test_reasoning_is_kept_apart(bench: Bench, tags: bool) -> None:
    bench.script(length=3, think=4, think_tags=tags)
    heard = bench.ask()
    assert (heard.reasoning.strip(), heard.text) == ("r0 r1 r2 r3", " w0 w1 w2")


def test_think_tags_split_over_packets_are_still_tags(bench: Bench) -> None:
    bench.script(text="<think> a < b </think>\n\nYes: a <b", rate=500)
    heard = bench.ask()
    assert (heard.reasoning, heard.text) == (" a < b ", "Yes: a <b")


def test_thoughts_that_were_passed_on_as_text_are_taken_back(bench: Bench) -> None:
    bench.script(text="The user wants a fox.\n</think>\n\nThe quick brown fox.", rate=200)
    heard = bench.ask()
    assert any(isinstance(piece, Thoughts) for piece in heard.pieces)
    assert (heard.reasoning, heard.text) == ("The user wants a fox.", "The quick brown fox.")


def test_an_engine_that_begins_again_instead_of_going_on_is_not_believed_twice(bench: Bench) -> None:
    bench.script(text="The quick brown fox jumps over the lazy dog.", begins_again=True)
    heard = bench.ask(said="The quick brown fox")
    assert heard.text == " jumps over the lazy dog."
    assert not bench.engine.continues("counter")


def test_an_engine_that_begins_again_in_other_words_gives_a_new_answer(bench: Bench) -> None:
    bench.script(text="The quick brown fox jumps over the lazy cat.", begins_again=True)
    heard = bench.ask(said="The quick brown fox jumps over a dog")
    assert any(isinstance(piece, Anew) for piece in heard.pieces)
    assert heard.text == "The quick brown fox jumps over the lazy cat."


def test_a_model_that_continues_is_told_by_one_short_question(bench: Bench) -> None:
    assert goes_on(bench.engine, "counter") is True
    assert [asked["continues"] for asked in bench.book.asked()] == [True]


def test_a_model_that_cannot_count_is_told_by_its_own_text(bench: Bench) -> None:
    bench.script(text="The quick brown fox jumps over the lazy dog and runs away.")
    bench.script(text="The first of the numbers is one.", begins_again=True, times=1)
    assert goes_on(bench.engine, "counter") is True
    assert [asked["continues"] for asked in bench.book.asked()] == [True, False, True]


@pytest.mark.parametrize(
    "again", ["The quick brown fox jumps over the lazy dog.", "Sure! Here is a fox that jumps over a dog.", "One, two,", ""]
)
def test_a_model_that_starts_over_is_found_out_in_whatever_words(bench: Bench, again: str) -> None:
    bench.script(text=again, length=0, begins_again=True)
    bench.script(text="Here they are.", begins_again=True, times=1)
    bench.script(text="The quick brown fox jumps over the lazy dog.", times=1)
    assert goes_on(bench.engine, "counter") is False


def test_of_a_model_that_does_not_reply_nothing_is_told(bench: Bench) -> None:
    bench.script(status=500)
    assert goes_on(bench.engine, "counter") is None


def test_what_one_model_fails_at_says_nothing_of_another(bench: Bench) -> None:
    bench.book.set("other", make({"begins_again": True}), None)
    hear(bench.engine, replace(request("w0 w1 w2 w3 w4 w5 w6"), model="other"))
    assert (bench.engine.continues("other"), bench.engine.continues("counter")) == (False, True)


def test_broken_utf8_becomes_the_replacement_character(bench: Bench) -> None:
    bench.script(length=4, bad_utf8_at=2)
    assert bench.ask().text == " w0 w1\ufffd\ufffd w2 w3"


def test_a_null_character_is_replaced_because_postgres_refuses_it(bench: Bench) -> None:
    bench.script(text="a \x00b")
    assert bench.ask().text == "a \ufffdb"


@pytest.mark.parametrize("silence_s", [0.4, pytest.param(30, marks=pytest.mark.engines)])
def test_silence_before_the_first_word_is_waited_for(bench: Bench, silence_s: float) -> None:
    bench.script(length=2, headers_s=silence_s / 2, delay_s=silence_s / 2)
    assert bench.ask().text == " w0 w1"


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ({"status": 404}, ModelNotFound),
        ({"status": 500}, EngineUnavailable),
        ({"status": 400}, RequestRejected),
        ({"too_long": True}, ContextTooLong),
        ({"cut_at": 5}, StreamInterrupted),
        ({"malformed_at": 5}, StreamInterrupted),
        ({"error_at": 5}, EngineFailed),
        ({"endless_line": True}, StreamInterrupted),
    ],
)
def test_what_goes_wrong_has_its_type(bench: Bench, script: dict[str, Any], error: type[EngineError]) -> None:
    bench.script(**script)
    with pytest.raises(error):
        bench.ask()


def test_what_was_said_before_the_cut_is_heard(bench: Bench) -> None:
    bench.script(cut_at=5, rate=200)
    heard = ""
    with pytest.raises(StreamInterrupted):
        for piece in bench.engine.chat(request()):
            heard += piece.text if isinstance(piece, Delta) else ""
    assert heard == " w0 w1 w2 w3 w4"


def test_a_model_that_loads_says_so_and_then_answers(bench: Bench) -> None:
    bench.script(length=2, loading_s=0.3)
    bench.engine.models()
    heard = bench.ask()
    assert isinstance(heard.pieces[0], Loading)
    assert heard.text == " w0 w1"


def test_models_are_listed_with_their_context_length(bench: Bench) -> None:
    (model,) = bench.engine.models()
    assert (model.name, model.context_length) == ("counter", 8192)


def test_a_model_that_comes_while_the_engine_runs_is_listed(bench: Bench) -> None:
    bench.engine.models()
    bench.book.set("newcomer", bench.book.models()["counter"], None)
    assert {model.name for model in bench.engine.models()} == {"counter", "newcomer"}


@pytest.mark.parametrize("stage", [{"headers_s": 30}, {"delay_s": 30}, {"silence_at": 3, "silence_s": 30}, {"rate": 50, "length": 10_000}])
def test_closing_from_another_thread_frees_the_engine_at_once(bench: Bench, stage: dict[str, Any]) -> None:
    bench.script(**stage)
    call = bench.engine.chat(request())
    pieces: list[object] = []
    reader = threading.Thread(target=lambda: pieces.extend(call))
    reader.start()
    until(lambda: bench.book.asked())
    time.sleep(0.1)  # so that the reader waits in the stage meant

    begin = time.time()
    call.close()
    reader.join(20)

    assert not reader.is_alive()
    until(lambda: bench.book.asked()[0]["how"] == "cancelled")
    assert bench.book.asked()[0]["ended"] - begin < 20


def test_a_call_closed_before_it_began_asks_nothing(bench: Bench) -> None:
    call = bench.engine.chat(request())
    call.close()
    assert list(call) == []
    assert bench.book.asked() == []


def test_connections_are_used_again(bench: Bench) -> None:
    for _ in range(3):
        bench.ask()
    pools = bench.engine._http._session.adapters["http://"].poolmanager.pools  # type: ignore[attr-defined]
    assert sum(pools[key].num_connections for key in list(pools.keys())) == 1


def test_an_engine_that_is_not_there_is_unavailable(bench: Bench) -> None:
    bench.engine._http.base = "http://127.0.0.1:9"  # type: ignore[attr-defined]
    with pytest.raises(EngineUnavailable):
        hear(bench.engine, request())
    with pytest.raises(EngineUnavailable):
        bench.engine.models()
