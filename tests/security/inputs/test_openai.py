"""OpenAI's own client against the whole of it: gunicorn, a worker, an engine; and what is left when it hangs up."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest

from tests.functions.server.serving import Served
from tests.security.working import asking, count, until, working

ASK: Any = [{"role": "system", "content": "Be short."}, {"role": "user", "content": "Why is the sky blue?"}]


@pytest.fixture
def tokens_per_s(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", "0"))


@pytest.fixture
def client(served: Served, database_url: str, redis_url: str, tmp_path: Path, tokens_per_s: str) -> Iterator[openai.OpenAI]:
    """OpenAI's client with a key of Ann's, once a worker offers the demo."""
    with (
        working(tmp_path, DATABASE_URL=database_url, REDIS_URL=redis_url, OLAMCHAT_DEMO_TOKENS_PER_S=tokens_per_s),
        asking(served) as found,
    ):
        yield found


def test_the_official_client_lists_asks_and_streams(client: openai.OpenAI, database_url: str) -> None:
    [model] = client.models.list().data

    whole = client.chat.completions.create(model=model.id, messages=ASK, seed=1, temperature=0)
    chunks = list(
        client.chat.completions.create(
            model=model.id, messages=ASK, seed=1, temperature=0, stream=True, stream_options={"include_usage": True}
        )
    )

    streamed = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert whole.choices[0].message.content
    assert streamed
    assert (whole.choices[0].finish_reason, chunks[-2].choices[0].finish_reason) == ("stop", "stop")
    assert whole.usage is not None
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens > 0
    assert len(chunks) > 3
    until(lambda: count(database_url, "turns") == 0)
    assert (count(database_url, "completions"), count(database_url, "messages"), count(database_url, "conversations")) == (2, 0, 0)


def test_what_is_refused_is_refused_in_openais_words(client: openai.OpenAI) -> None:
    with pytest.raises(openai.AuthenticationError):
        client.with_options(api_key="olk_wrong").models.list()
    with pytest.raises(openai.UnprocessableEntityError, match="No engine offers"):
        client.chat.completions.create(model="nothing", messages=ASK)
    with pytest.raises(openai.UnprocessableEntityError, match="one answer is made"):
        client.chat.completions.create(model="demo", messages=ASK, n=2)
    with pytest.raises(openai.InternalServerError, match="can't do what was asked"):
        client.chat.completions.create(model="demo", messages=ASK, response_format={"type": "json_object"})


@pytest.mark.parametrize("tokens_per_s", ["2"], indirect=True)
def test_a_client_that_hangs_up_frees_the_engine(client: openai.OpenAI, database_url: str) -> None:
    stream = client.chat.completions.create(model="demo", messages=ASK, stream=True)
    next(iter(stream))
    until(lambda: count(database_url, "turns WHERE state = 'running'") == 1)

    stream.close()

    until(lambda: count(database_url, "turns") == 0)
    assert count(database_url, "completions WHERE status = 'stopped'") == 1


@pytest.mark.parametrize("tokens_per_s", ["2"], indirect=True)
def test_a_client_that_hangs_up_before_its_whole_answer_frees_the_engine_too(client: openai.OpenAI, database_url: str) -> None:
    with pytest.raises(openai.APITimeoutError):
        client.with_options(timeout=3).chat.completions.create(model="demo", messages=ASK)

    until(lambda: count(database_url, "turns") == 0)
    assert count(database_url, "completions WHERE status = 'stopped'") == 1
