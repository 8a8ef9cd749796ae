"""A pool of replicas: the least busy answers, one that is gone is passed over, no more are begun than there is room for."""

import itertools
import threading
from collections.abc import Callable, Iterator, Sequence

import pytest

from tests.worker.conftest import House, until
from worker.engines.base import ChatRequest, Delta, EngineUnavailable, Loading, Message, Model, Speech, StreamInterrupted, Usage
from worker.engines.openai import WAITING
from worker.pools.file import PoolPlan
from worker.pools.pool import Pool

ASKED = ChatRequest(model="m", messages=[Message(role="user", content="?")])


class Small:
    """A small real engine: says where it is, when it is let."""

    kind = "small"

    def __init__(self, url: str) -> None:
        self.url, self.down, self.queue = url, False, 0
        self.state, self.names, self.breaks = "loaded", ["m"], False
        self.let = threading.Event()
        self.let.set()

    def models(self) -> list[Model]:
        if self.down:
            raise EngineUnavailable(self.url)
        return [Model(name=name, state=self.state, context_length=10) for name in self.names]  # type: ignore[arg-type]

    def continues(self, model: str) -> bool:
        return True

    def waiting(self) -> int:
        return self.queue

    def count(self, model: str, messages: Sequence[Message]) -> int:
        return len(messages)

    def chat(self, request: ChatRequest) -> Speech:
        return Saying(self)


class Saying:
    waits, source = True, None

    def __init__(self, engine: Small) -> None:
        self.closed = False
        self._pieces = self._say(engine)

    def __iter__(self) -> Iterator[Delta | Loading | Usage]:
        return self

    def __next__(self) -> Delta | Loading | Usage:
        return next(self._pieces)

    def close(self) -> None:
        self.closed = True

    def _say(self, engine: Small) -> Iterator[Delta | Loading | Usage]:
        if engine.down:
            raise EngineUnavailable(engine.url)
        engine.let.wait(60)
        if self.closed:
            return
        yield Delta(engine.url)
        if engine.breaks:
            raise StreamInterrupted("broke off")
        yield Usage()


def pool(*names: str, **plan: object) -> tuple[Pool, list[Small]]:
    engines = {f"http://{name}": Small(name) for name in names}
    made = PoolPlan.model_validate({"name": "p", "kind": "openai", "urls": list(engines), **plan})
    found = Pool(made, lambda _plan, url: engines[url])
    found.models()
    return found, list(engines.values())


def said(found: Pool) -> str:
    return "".join(piece.text for piece in found.chat(ASKED) if isinstance(piece, Delta))


def test_the_least_busy_replica_answers() -> None:
    found, (first, _) = pool("a", "b", concurrency=4)
    first.let.clear()
    call = found.chat(ASKED)
    reader = threading.Thread(target=lambda: list(call))
    reader.start()
    until(lambda: found._replicas[0].busy == 1)

    assert [said(found) for _ in range(3)] == ["b", "b", "b"]

    first.let.set()
    reader.join()
    assert [replica.busy for replica in found._replicas] == [0, 0]


def test_a_replica_that_is_gone_is_passed_over_and_comes_back() -> None:
    found, (first, second) = pool("a", "b")
    first.down = True
    assert [said(found), said(found)] == ["b", "b"]
    assert not found._replicas[0].is_up

    first.down, second.down = False, True
    found.models()

    assert said(found) == "a"


def test_none_that_answers_is_an_engine_that_is_not_there() -> None:
    found, engines = pool("a", "b")
    for engine in engines:
        engine.down = True
    with pytest.raises(EngineUnavailable):
        said(found)
    with pytest.raises(EngineUnavailable):
        found.models()


def test_what_has_begun_is_not_begun_again_elsewhere() -> None:
    found, (first, _) = pool("a", "b")
    first.breaks = True
    with pytest.raises(StreamInterrupted):
        said(found)


@pytest.mark.parametrize("worse", [lambda one: one.names.clear(), lambda one: setattr(one, "state", "cold")])
def test_a_replica_that_has_the_model_in_memory_comes_first(worse: Callable[[Small], None]) -> None:
    found, (first, _) = pool("a", "b")
    worse(first)
    first.names.append("other")
    found.models()
    assert said(found) == "b"


def test_no_more_turns_are_taken_than_the_replicas_have_room_for() -> None:
    found, (first, _) = pool("a", "b", concurrency=2)
    assert [found.take() for _ in range(5)] == [True, True, True, True, False]
    found.leave()
    assert found.take()
    first.down = True
    found.models()
    found.leave()
    assert not found.take(), "half of them are gone"


def test_what_waits_in_the_engine_holds_turns_back() -> None:
    found, (only,) = pool("a", concurrency=8)
    only.queue = 3
    found.models()
    assert [found.take(), found.take()] == [True, False]
    only.queue = 0
    found.models()
    assert found.take()


def test_a_plan_names_models_and_hides_the_others() -> None:
    models = [{"name": "m", "display_name": "Em", "context_length": 7, "continue": False}]
    found, (only,) = pool("a", models=models)
    only.names = ["m:latest", "other"]
    assert found.models() == [Model(name="m", display_name="Em", context_length=7, can_continue=False)]


def test_closing_closes_the_replica_that_speaks() -> None:
    found, (only,) = pool("a")
    only.let.clear()
    call = found.chat(ASKED)
    reader = threading.Thread(target=lambda: list(call))
    reader.start()
    until(lambda: found._replicas[0].busy == 1)
    call.close()
    only.let.set()
    reader.join(60)
    assert not reader.is_alive()


def test_a_pool_that_is_full_leaves_turns_waiting_and_takes_them_in_time(house: House, tmp_path: object) -> None:
    house.script(length=10, rate=50)
    file = house.folder / "pools.yaml"
    file.write_text(f"pools: [{{name: ollama, kind: ollama, urls: ['{house.engine.url}'], concurrency: 1}}]")
    house.start(OLAMCHAT_POOLS_FILE=str(file), OLLAMA_URL="")
    asked = [house.ask() for _ in range(8)]
    for one in asked:
        assert one.until_told()["status"] == "done"
    times = sorted((request["began"], request["ended"]) for request in house.requests())
    assert all(ended <= begins + 0.05 for (_, ended), (begins, _) in itertools.pairwise(times))


def test_what_waits_is_read_from_vllms_and_llama_cpps_metrics() -> None:
    told = (
        'vllm:num_requests_waiting{engine="0",model_name="m"} 2.0\nvllm:num_requests_waiting{engine="1"} 1.0\nvllm:num_requests_running 9\n'
    )
    assert WAITING.findall(told) == ["2.0", "1.0"]
    assert WAITING.findall("# HELP llamacpp:requests_deferred x\nllamacpp:requests_deferred 4\n") == ["4"]
