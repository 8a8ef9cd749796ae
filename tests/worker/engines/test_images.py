"""Images: each engine is sent them in its own format, and what it says against them comes out as one error."""

from base64 import b64decode

import pytest

from tests import samples
from tests.worker.engines.conftest import Bench, hear
from worker.engines.base import ChatRequest, EngineUnavailable, Image, ImageRejected, Message
from worker.engines.ollama import Ollama

PNG, JPEG = samples.png(), samples.jpeg()
PICTURES = (Image(media_type="image/png", data=PNG), Image(media_type="image/jpeg", data=JPEG))


def asked(text: str = "What is it?") -> ChatRequest:
    messages = [Message(role="system", content="Be brief."), Message(role="user", content=text, images=PICTURES)]
    return ChatRequest(model="counter", messages=messages)


def test_images_are_sent_as_the_engine_takes_them(bench: Bench) -> None:
    bench.script(length=2, vision=True)

    heard = hear(bench.engine, asked())

    assert heard.text == " w0 w1"
    [sent] = bench.book.asked()
    system, question = sent["messages"]
    assert system == {"role": "system", "content": "Be brief."}
    if sent["protocol"] == "ollama":
        assert question["content"] == "What is it?"
        assert [b64decode(image) for image in question["images"]] == [PNG, JPEG]
    else:
        text, *parts = question["content"]
        assert text == {"type": "text", "text": "What is it?"}
        heads = [part["image_url"]["url"].partition(",") for part in parts]
        assert [head for head, _, _ in heads] == ["data:image/png;base64", "data:image/jpeg;base64"]
        assert [b64decode(data) for _, _, data in heads] == [PNG, JPEG]


def test_an_image_needs_no_words(bench: Bench) -> None:
    bench.script(length=1)

    assert hear(bench.engine, asked("")).text == " w0"
    [sent] = bench.book.asked()
    assert sent["messages"][1]["content"] in ("", [part for part in sent["messages"][1]["content"] if part["type"] == "image_url"])


def test_an_engine_that_takes_no_images_is_understood(bench: Bench) -> None:
    bench.script(no_images=True)

    with pytest.raises(ImageRejected) as refused:
        hear(bench.engine, asked())

    assert not refused.value.retry
    assert bench.ask().text.startswith(" w0")


def test_an_engine_out_of_order_is_not_taken_for_one_that_refuses(bench: Bench) -> None:
    bench.script(status=500)

    with pytest.raises(EngineUnavailable):
        hear(bench.engine, asked())


def test_ollama_says_which_models_see(bench: Bench) -> None:
    if not isinstance(bench.engine, Ollama):
        pytest.skip("servers that speak OpenAI's protocol don't say it")
    bench.script(vision=True)

    [model] = bench.engine.models()

    assert "vision" in model.capabilities
