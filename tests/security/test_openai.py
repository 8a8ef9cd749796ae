"""OpenAI's own client against the whole of it: gunicorn, a worker, an engine; and what is left when it hangs up."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openai
import psycopg
import pytest

from tests.functions.serving import ROOT, Served

PATIENCE_S = 60.0
ASK: Any = [{"role": "system", "content": "Be short."}, {"role": "user", "content": "Why is the sky blue?"}]


@contextmanager
def working(database_url: str, redis_url: str, folder: Path, tokens_per_s: str) -> Iterator[None]:
    """Run a worker with the demo engine until the block ends."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OLAMCHAT_")}
    given = {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "OLAMCHAT_DEMO_TOKENS_PER_S": tokens_per_s,
        "OLAMCHAT_WORKER_GRACE_S": "1",
    }
    with (folder / "worker.log").open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "worker"], cwd=ROOT, env={**clean, **given}, stdout=out, stderr=out)
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def until(is_so: Callable[[], bool], within_s: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def tokens_per_s(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", "0"))


@pytest.fixture
def client(served: Served, database_url: str, redis_url: str, tmp_path: Path, tokens_per_s: str) -> Iterator[openai.OpenAI]:
    """OpenAI's client with a key of Ann's, once a worker offers the demo."""
    token = served.sign_up("ann")["access_token"]
    _, key = served.call("POST", "/api/auth/keys", {"name": "openai", "scopes": ["chat"]}, token)
    with (
        working(database_url, redis_url, tmp_path, tokens_per_s),
        openai.OpenAI(base_url=f"{served.url}/v1", api_key=key["key"], max_retries=0, timeout=PATIENCE_S) as found,
    ):
        until(lambda: bool(served.call("GET", "/api/models", token=token)[1].get("items")))
        yield found


def count(database_url: str, table: str) -> int:
    with psycopg.connect(database_url) as connection:
        [(number,)] = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
        return int(number)


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
    with pytest.raises(openai.UnprocessableEntityError, match="tools"):
        client.chat.completions.create(
            model="demo", messages=ASK, tools=[{"type": "function", "function": {"name": "f", "parameters": {}}}]
        )


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
