"""What every engine does, real or scripted, with a model that counts to a thousand."""

import threading
import time

import pytest

from tests.worker.engines.conftest import Counter, hear
from worker.engines.base import ChatRequest, ContextTooLong, Counts, Delta, Embeds, Message, ModelNotFound, ToEmbed
from worker.engines.reply.text import NOT_A_CHARACTER

pytestmark = pytest.mark.timeout(1200)


def test_an_answer_comes_piece_by_piece_to_its_end(counter: Counter) -> None:
    heard = counter.ask()
    assert heard.text == counter.counted(1000)
    assert heard.usage.finish_reason == "stop"


def test_what_an_answer_took_is_told(counter: Counter) -> None:
    heard = counter.ask(max_tokens=20)
    assert (heard.text, heard.usage.finish_reason) == (counter.counted(20), "length")
    if counter.real.counts:
        assert heard.usage.completion_tokens == 20
        assert (heard.usage.prompt_tokens or 0) > 0


def test_an_answer_goes_on_where_it_was_cut(counter: Counter) -> None:
    if not counter.engine.continues(counter.real.model):
        pytest.skip("this engine begins anew")
    assert counter.ask(counter.counted(7), max_tokens=5).text == counter.counted(12, first=7)


def test_a_stop_string_ends_the_answer(counter: Counter) -> None:
    heard = counter.ask(stop=(" " + counter.word(4),))
    assert (heard.text.rstrip(), heard.usage.finish_reason) == (counter.counted(4), "stop")


def test_all_ways_to_sample_are_taken(counter: Counter) -> None:
    heard = counter.ask(max_tokens=10, temperature=0.5, top_p=0.9, seed=7, stop=("never",))
    assert heard.text == counter.counted(10)


def test_the_question_may_be_in_any_writing(counter: Counter) -> None:
    messages = [Message(role="user", content="Grüße 👩‍👩‍👧 漢字 \u200f\u202e \"'\\ {{ }} <|im_end|>")]
    heard = hear(counter.engine, ChatRequest(model=counter.real.model, messages=messages, options=counter.request(max_tokens=3).options))
    assert heard.text == counter.counted(3)


def test_characters_that_are_several_tokens_arrive_whole(counter: Counter) -> None:
    if counter.book is not None or not counter.engine.continues(counter.real.model):
        pytest.skip("this engine begins anew" if counter.book is None else "tested by script")
    from tests.worker.engines.counter_model import SPLIT

    heard = counter.ask(" wz")
    assert (heard.text, heard.usage.finish_reason) == (SPLIT, "stop")
    assert all(NOT_A_CHARACTER not in piece.text for piece in heard.pieces if isinstance(piece, Delta))


def test_a_model_that_is_not_there_is_said_so(counter: Counter) -> None:
    asked = ChatRequest(model="nobody", messages=[Message(role="user", content="Hello?")])
    if not counter.real.knows_models:
        pytest.skip("this server answers by the one model it has, whatever is asked for")
    with pytest.raises(ModelNotFound):
        hear(counter.engine, asked)


def test_what_is_too_long_for_the_model_is_said_so(counter: Counter) -> None:
    if counter.book is not None or not counter.real.refuses_too_long:
        pytest.skip("this engine does not say so" if counter.book is None else "tested by script")
    asked = ChatRequest(model=counter.real.model, messages=[Message(role="user", content="Count on. " * 8192)])
    with pytest.raises(ContextTooLong):
        hear(counter.engine, asked)


def test_models_are_listed(counter: Counter) -> None:
    [model] = [model for model in counter.engine.models() if model.name == counter.real.model]
    assert model.state in {"loaded", "cold"}


def test_closing_an_answer_frees_the_engine_for_the_next(counter: Counter) -> None:
    heard: list[str] = []
    call = counter.engine.chat(counter.request())
    reader = threading.Thread(target=lambda: heard.extend(piece.text for piece in call if isinstance(piece, Delta)))
    reader.start()
    deadline = time.monotonic() + 60
    while not heard and time.monotonic() < deadline:
        time.sleep(0.001)

    call.close()
    reader.join(60)

    assert not reader.is_alive()
    assert counter.ask(max_tokens=2).text == counter.counted(2)


def test_answers_at_the_same_time_do_not_mix(counter: Counter) -> None:
    heard: list[str] = []
    askers = [threading.Thread(target=lambda: heard.append(counter.ask(max_tokens=100).text)) for _ in range(4)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert heard == [counter.counted(100)] * 4


def test_a_thread_is_counted_where_the_engine_can(counter: Counter) -> None:
    if not isinstance(counter.engine, Counts):
        pytest.skip("this engine has no way to ask")
    short, long = ([Message(role="user", content=counter.counted(words))] for words in (10, 400))
    counts = [counter.engine.count(counter.real.model, messages) for messages in (short, long)]
    assert counts[0] is not None
    assert counts[1] is not None
    assert 10 <= counts[0] < 40
    assert counts[1] - counts[0] == 390


def test_texts_become_vectors(counter: Counter) -> None:
    if not counter.real.embeds or not isinstance(counter.engine, Embeds):
        pytest.skip("this engine has no model for it")
    one, other, again = counter.engine.embed(ToEmbed(model=counter.real.model, texts=[" wa", " wb wc wd", " wa"])).vectors
    assert len(one) == len(other) > 1
    assert one == again
