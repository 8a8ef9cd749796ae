"""The file of pools: what it may say, what is refused and how, and what happens when it changes."""

import os
from pathlib import Path

import pytest

from olamchat.environment import BadSetting, Environment
from tests.worker.conftest import House, until
from worker.engines.base import Options
from worker.pools.config import Pools, pools
from worker.pools.file import read

FILE = """\
pools:
  - name: large
    kind: vllm
    urls: [http://127.0.0.1:1, http://127.0.0.1:2]
    concurrency: 16
    title_model: small
    models:
      - name: qwen3
        display_name: Qwen 3
        context_length: 32768
        options: {temperature: 0.6, stop: ["END"]}
      - name: small
        continue: false
  - name: demo
    kind: demo
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "pools.yaml"
    path.write_text(FILE)
    return path


def served(file: Path, **given: str) -> Pools:
    return pools(Environment(pools_file=str(file), **given))  # type: ignore[arg-type]


def test_a_pool_has_replicas_models_and_what_is_to_be_known_of_them(file: Path) -> None:
    large = served(file)["large"]
    assert (large.kind, large.capacity, large.title_model) == ("openai", 32, "small")
    assert (large.continues("qwen3"), large.continues("small")) == (True, False)
    assert large.defaults("qwen3") == Options(temperature=0.6, stop=("END",))
    assert large.window("qwen3") == 32768
    assert large.window("small") is None


def test_a_worker_may_serve_some_of_the_pools(file: Path) -> None:
    assert served(file, pools="demo").served == ["demo"]
    with pytest.raises(BadSetting, match=r"names tiny; .* has large, demo"):
        served(file, pools="tiny")


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("concurrency: 16", "concurrency: 0", r"pools\[0\] \(large\)\.concurrency: input should be greater than or equal to 1"),
        ("kind: vllm", "kind: vlm", r"pools\[0\] \(large\)\.kind: there is no engine 'vlm', but ollama, vllm"),
        ("temperature: 0.6", "temprature: 0.6", r"models\[0\] \(qwen3\)\.options\.temprature: there is no such setting"),
        ("http://127.0.0.1:1", "ftp://gpu-1:8000", r"\.urls: an address begins with http://"),
        ("urls: [http://127.0.0.1:1, http://127.0.0.1:2]", "urls: []", r"pools\[0\] \(large\): urls: at least one address"),
        ("name: demo", "name: large", r"the pool large is there twice"),
        ("name: small", "name: qwen3", r"pools\[0\] \(large\): qwen3 is there twice"),
        ("pools:", "pools: {", r"is not valid YAML: .* line \d"),
        (FILE, "", r"the file: input should be"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(file: Path, wrong: str, right: str, said: str) -> None:
    file.write_text(FILE.replace(wrong, right, 1))
    with pytest.raises(BadSetting, match=said):
        read(file)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="can't be read: No such file"):
        read(tmp_path / "none.yaml")


def test_a_change_is_followed_and_a_broken_one_changes_nothing(file: Path) -> None:
    found = served(file)
    kept = found["large"]._replicas[1]
    assert found.refresh() == ([], [])

    change(file, FILE.replace("http://127.0.0.1:1, ", "").replace("name: demo", "name: show"))
    assert found.refresh() == (["show"], ["demo"])
    assert found["large"]._replicas == [kept]

    change(file, "pools: 7")
    assert found.refresh() == ([], [])
    assert found.served == ["large", "show"]


def test_a_worker_serves_a_pool_that_comes_while_it_runs(house: House, tmp_path: Path) -> None:
    file = tmp_path / "pools.yaml"
    file.write_text(f"pools: [{{name: one, kind: ollama, urls: ['{house.engine.url}']}}]")
    house.start(OLAMCHAT_POOLS_FILE=str(file), OLLAMA_URL="")
    first = house.ask(pool="one")
    assert first.until_told()["status"] == "done"

    change(file, f"pools: [{{name: two, kind: vllm, urls: ['{house.engine.url}']}}]")
    second = house.ask(pool="two")

    assert second.until_told()["status"] == "done"
    until(lambda: house.offer("counter") == "loaded")
    assert [asked["protocol"] for asked in house.requests()] == ["ollama", "openai"]


def change(file: Path, text: str) -> None:
    before = file.stat().st_mtime_ns
    file.write_text(text)
    os.utime(file, ns=(before + 1_000_000, before + 1_000_000))
