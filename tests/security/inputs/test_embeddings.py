"""Embeddings by OpenAI's own client and as Ollama's clients ask: gunicorn, workers, and an engine that makes them."""

import base64
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import psycopg
import pytest

from tests.functions.server.serving import Served
from tests.scripted_engine.embeddings import WINDOW, vector
from tests.scripted_engine.script import make
from tests.scripted_engine.server import Server
from tests.security.working import ADDRESSES, asking, count, until, working
from tests.worker.engines.conftest import server

__all__ = ["server"]
MODEL = "nomic-embed-text"


@pytest.fixture
def protocol(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", "ollama"))


@pytest.fixture
def client(served: Served, server: Server, database_url: str, redis_url: str, tmp_path: Path, protocol: str) -> Iterator[openai.OpenAI]:
    """OpenAI's client with a key of Ann's, once a worker offers a model that answers and one that embeds."""
    server.book.set("counter", make({"length": 3}), None)
    server.book.set(MODEL, make({"embeds": True}), None)
    name, path = ADDRESSES[protocol]
    given = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, name: server.url + path}
    with working(tmp_path, **given), asking(served) as found:
        yield found
    server.book.remove(MODEL)


def spent(database_url: str) -> Any:
    with psycopg.connect(database_url) as connection:
        return connection.execute("SELECT sum(prompt_tokens), sum(completion_tokens) FROM spent WHERE model = %s", [MODEL]).fetchone()


def near(found: list[float], text: str, dimensions: int = 256) -> bool:
    return found == pytest.approx(vector(text)[:dimensions], abs=1e-6)


@pytest.mark.parametrize("protocol", ["ollama", "openai"], indirect=True)
def test_the_official_client_gets_each_texts_vector(client: openai.OpenAI, database_url: str) -> None:
    texts = [f"text {number}" for number in range(150)]  # several batches

    kinds = {model.id: model.type for model in client.models.list().data}  # type: ignore[attr-defined]
    many = client.embeddings.create(model=MODEL, input=texts)  # the client asks for base64 and unpacks it
    one = client.embeddings.create(model=MODEL, input="a red car", encoding_format="float")
    raw = client.post("/embeddings", body={"model": MODEL, "input": "tea", "encoding_format": "base64"}, cast_to=dict[str, Any])
    short = client.embeddings.create(model=MODEL, input=["a red car"], dimensions=64)

    assert kinds == {"counter": "chat", MODEL: "embedding"}
    assert [entry.index for entry in many.data] == list(range(150))
    assert all(near(entry.embedding, text) for entry, text in zip(many.data, texts, strict=True))
    assert (near(one.data[0].embedding, "a red car"), near(short.data[0].embedding, "a red car", 64)) == (True, True)
    assert (many.usage.prompt_tokens, many.usage.total_tokens, one.usage.prompt_tokens) == (300, 300, 3)
    assert near(list(struct.unpack("<256f", base64.b64decode(raw["data"][0]["embedding"]))), "tea")
    until(lambda: count(database_url, "turns") == 0)
    assert (count(database_url, "completions"), count(database_url, "completions WHERE vectors IS NOT NULL")) == (4, 0)
    assert spent(database_url) == (307, 0)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"input": [1, 2, 3]}, "not tokens"),
    ({"input": [[1, 2], [3]]}, "check_embedding_ctx_length"),
    ({"input": []}, "at least 1"),
    ({"input": ["a"] * 2_049}, "at most 2048"),
    ({"dimensions": 0}, "greater than or equal to 1"),
    ({"encoding_format": "hex"}, "'float' or 'base64'"),
    ({"model": "counter"}, "makes no embeddings"),
    ({"model": "nothing"}, "No engine offers"),
    ({"dimensions": 300}, "may not take these dimensions"),
    ({"input": "word " * (WINDOW + 1)}, "too long for this model"),
]


def test_what_can_not_be_embedded_is_refused_in_words(client: openai.OpenAI, database_url: str) -> None:
    for given, why in REFUSED:
        with pytest.raises(openai.UnprocessableEntityError, match=why):
            client.post("/embeddings", body={"model": MODEL, "input": "tea", **given}, cast_to=dict[str, Any])
    with pytest.raises(openai.UnprocessableEntityError, match="No engine offers"):
        client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "Hi"}])

    until(lambda: count(database_url, "turns") == 0)


def test_ollamas_clients_are_answered_as_by_ollama(client: openai.OpenAI, served: Served) -> None:
    def ask(path: str, **body: Any) -> tuple[int, Any]:
        return served.call("POST", path, body, client.api_key)

    several, one, older = (
        ask("/api/embed", model=MODEL, input=["tea", "a red car"], keep_alive="5m", options={"num_ctx": 512}),
        ask("/api/embed", model=MODEL, input="word " * (WINDOW + 1)),
        ask("/api/embeddings", model=MODEL, prompt="tea"),
    )
    refused = [ask("/api/embed", model=MODEL, input="word " * (WINDOW + 1), truncate=False), ask("/api/embed", model="counter", input="x")]

    assert [status for status, _ in (several, one, older)] == [200, 200, 200]
    assert [near(found, text) for found, text in zip(several[1]["embeddings"], ["tea", "a red car"], strict=True)] == [True, True]
    assert (several[1]["model"], several[1]["prompt_eval_count"], len(one[1]["embeddings"])) == (MODEL, 4, 1)
    assert near(older[1]["embedding"], "tea")
    assert [(status, said["code"]) for status, said in refused] == [(422, "context_too_long"), (422, "model_cannot_embed")]
    assert "makes no embeddings" in refused[1][1]["error"]
