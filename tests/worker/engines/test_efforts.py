"""How much a model is to think: which models can be told, what they are told, and what becomes of a wish that a model doesn't know."""

from typing import Any

import pytest

from olamchat.roster import Effort
from tests.worker.conftest import House
from tests.worker.engines.conftest import Bench
from worker.engines.efforts import GRADED, SWITCHED, by_name, nearest
from worker.engines.ollama import Ollama
from worker.engines.openai import OpenAI
from worker.pools.file import PoolPlan
from worker.pools.pool import Pool

NONE_AND_GRADED: tuple[Effort, ...] = ("none", *GRADED)


@pytest.mark.parametrize(
    ("model", "templated", "efforts"),
    [
        ("Qwen/Qwen3-8B", True, SWITCHED),
        ("Qwen/Qwen3-235B-A22B-Instruct-2507", True, ()),
        ("Qwen/Qwen3-30B-A3B-Thinking-2507", True, ()),
        ("Qwen/Qwen3-Coder-30B-A3B", True, ()),
        ("Qwen/Qwen3-Embedding-0.6B", True, ()),
        ("deepseek-ai/DeepSeek-V3.1", True, SWITCHED),
        ("zai-org/GLM-4.6", True, SWITCHED),
        ("openai/gpt-oss-20b", True, GRADED),
        ("meta-llama/Llama-3.1-8B-Instruct", True, ()),
        ("gpt-oss-20b", False, ()),
        ("o3", False, GRADED),
        ("o4-mini-2025-04-16", False, GRADED),
        ("gpt-5-mini", False, ("minimal", *GRADED)),
        ("gpt-5.1", False, NONE_AND_GRADED),
        ("gpt-4o", False, ()),
        ("qwen3-8b", False, ()),
    ],
)
def test_a_name_tells_what_a_model_may_be_told(model: str, templated: bool, efforts: tuple[Effort, ...]) -> None:
    assert by_name(model, templated=templated) == efforts


@pytest.mark.parametrize(
    ("wanted", "efforts", "told"),
    [
        (None, SWITCHED, None),
        ("high", (), None),
        ("nonsense", SWITCHED, None),
        ("none", SWITCHED, "none"),
        ("minimal", SWITCHED, "on"),
        ("xhigh", SWITCHED, "on"),
        ("none", GRADED, "low"),
        ("on", GRADED, "medium"),
        ("minimal", GRADED, "low"),
        ("xhigh", GRADED, "high"),
        ("minimal", NONE_AND_GRADED, "low"),
        ("none", NONE_AND_GRADED, "none"),
        ("low", ("none",), None),
    ],
)
def test_a_wish_becomes_the_nearest_that_the_model_knows(wanted: str | None, efforts: tuple[Effort, ...], told: Effort | None) -> None:
    assert nearest(wanted, efforts) == told


TOLD: list[tuple[Effort | None, Any, dict[str, Any]]] = [
    (None, None, {}),
    ("none", False, {"chat_template_kwargs": {"enable_thinking": False, "thinking": False}}),
    ("on", True, {"chat_template_kwargs": {"enable_thinking": True, "thinking": True}}),
    ("high", "high", {"reasoning_effort": "high", "chat_template_kwargs": {"reasoning_effort": "high"}}),
]


@pytest.mark.parametrize(("effort", "think", "fields"), TOLD)
def test_each_engine_is_told_in_its_own_words(bench: Bench, effort: Effort | None, think: Any, fields: dict[str, Any]) -> None:
    bench.script(length=1, owned_by="vllm")
    bench.engine.models()

    bench.ask(effort=effort)

    [sent] = bench.book.asked()
    names = {"think", "reasoning_effort", "chat_template_kwargs"}
    told = {name: value for name, value in sent["options"].items() if name in names}
    assert told == (({} if think is None else {"think": think}) if sent["protocol"] == "ollama" else fields)


@pytest.mark.parametrize(("effort", "fields"), [("high", {"reasoning_effort": "high"}), ("none", {"reasoning_effort": "none"}), ("on", {})])
def test_a_server_that_is_no_template_s_is_sent_nothing_that_it_would_refuse(bench: Bench, effort: Effort, fields: dict[str, Any]) -> None:
    if isinstance(bench.engine, Ollama):
        pytest.skip("Ollama has words of its own")
    bench.script(length=1, owned_by="openai")
    bench.engine.models()

    bench.ask(effort=effort)

    [sent] = bench.book.asked()
    assert {name: value for name, value in sent["options"].items() if name in {"reasoning_effort", "chat_template_kwargs"}} == fields


@pytest.mark.parametrize(("fields", "efforts"), [({}, ()), ({"think": 1}, SWITCHED), ({"think": 1, "family": "gptoss"}, GRADED)])
def test_ollama_says_which_models_think(bench: Bench, fields: dict[str, Any], efforts: tuple[Effort, ...]) -> None:
    if not isinstance(bench.engine, Ollama):
        pytest.skip("servers that speak OpenAI's protocol don't say it")
    bench.script(**fields)

    [model] = bench.engine.models()

    assert model.efforts == efforts


@pytest.mark.parametrize(
    ("think", "settings", "options", "told"),
    [
        (3, {"effort": "none"}, {}, False),
        (3, {"effort": "none"}, {"effort": "low"}, True),
        (3, {}, {}, None),
        (0, {"effort": "high"}, {}, None),
    ],
)
def test_an_answer_thinks_as_its_question_says(
    house: House, think: int, settings: dict[str, Any], options: dict[str, Any], told: bool | None
) -> None:
    house.script(think=think, length=2)
    house.start()

    row = house.ask(options={**settings, **options}).until_told()

    assert row["status"] == "done"
    assert [sent["options"].get("think") for sent in house.requests()] == [told]


def test_the_pools_file_knows_better() -> None:
    def pool(efforts: list[Effort] | None) -> Pool:
        model = {"name": "qwen3", "efforts": efforts}
        plan = PoolPlan.model_validate({"name": "p", "kind": "vllm", "urls": ["http://127.0.0.1:9"], "models": [model]})
        return Pool(plan, lambda _plan, url: OpenAI(url))

    assert (pool(None).efforts("qwen3"), pool([]).efforts("qwen3"), pool(["low", "high"]).efforts("qwen3")) == ((), (), ("low", "high"))
