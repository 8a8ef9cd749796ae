"""A reranker puts what was found in its order, in each of its protocols; one that fails changes nothing and is left alone for a while."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.in_a_thread import in_a_thread
from tests.worker.index.conftest import Library
from worker.engines.base import EngineError
from worker.engines.reranker import Reranker
from worker.pools.finder import ALONE_S, Finder
from worker.pools.space import Space


@dataclass
class Scores:
    """A server that likes texts the better the more often "tea" stands in them."""

    tei: bool = False
    ill: tuple[int, Any] | None = None
    delay_s: float = 0.0
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    url: str = ""

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        self.asked.append((path, body))
        time.sleep(self.delay_s)
        if self.ill is not None:
            return self.ill
        if self.tei:
            if path != "/rerank":
                return 404, {}
            return 200, [{"index": n, "score": text.count("tea") / 10} for n, text in enumerate(body["texts"])]
        found = [{"index": n, "relevance_score": text.count("tea") - 3.5} for n, text in enumerate(body["documents"])]
        return 200, {"results": sorted(found, key=lambda one: -one["relevance_score"])}


@pytest.fixture
def scores() -> Iterator[Scores]:
    said = Scores()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, told = said.answer(self.path, asked)
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    said.url = f"http://127.0.0.1:{server.server_port}"
    with in_a_thread(server):
        yield said


TEXTS = ["coffee", "tea", "tea tea tea", "tea tea"]


@pytest.mark.parametrize("tei", [False, True])
def test_texts_come_in_its_order_in_each_protocol(scores: Scores, tei: bool) -> None:
    scores.tei = tei
    reranker = Reranker(scores.url, model="m", key="k", within_s=5)

    assert [reranker.order("What is hot?", TEXTS) for _ in range(2)] == [[2, 3, 1, 0]] * 2
    assert [path for path, _ in scores.asked] == (["/v1/rerank", "/rerank", "/rerank"] if tei else ["/v1/rerank"] * 2)


@pytest.mark.parametrize(
    "ill",
    [
        (200, {"results": [{"index": 7, "relevance_score": 1}]}),
        (200, {"results": []}),
        (200, {"results": [{"index": 0, "relevance_score": "much"}]}),
        (200, "no"),
        (500, {"error": "out of order"}),
        (400, {"error": "what?"}),
    ],
)
def test_what_it_can_not_mean_is_an_error(scores: Scores, ill: Any) -> None:
    scores.ill = ill

    with pytest.raises(EngineError):
        Reranker(scores.url, within_s=5).order("What is hot?", TEXTS)


def test_what_is_found_comes_in_its_order_and_without_it_as_the_search_has_it(library: Library, scores: Scores) -> None:
    ann = library.house.user()
    tea = library.collection(ann)
    ids = [library.bring(ann, tea, f"{n}.txt", f"The kettle number {n}. " + "tea " * n) for n in range(12)]
    library.start()
    library.until_ended(*ids)
    now = [0.0]

    def find(reranker: Reranker | None, finder: Finder | None = None) -> list[str]:
        finder = finder or Finder(Space(None, ""), reranker)
        return [row["path"] for row in finder.find(user_id=ann, collections=[tea], asked="Which kettle?")]

    plain, ordered = find(None), find(Reranker(scores.url, within_s=5))
    finder = Finder(Space(None, ""), Reranker(scores.url, within_s=0.3), clock=lambda: now[0])
    scores.delay_s = 1.0
    asked = len(scores.asked)
    late, alone = find(None, finder), find(None, finder)
    scores.delay_s, now[0] = 0.0, ALONE_S + 1

    assert ordered == [f"{n}.txt" for n in range(11, 3, -1)]
    assert (late, alone, len(plain)) == (plain, plain, 8)
    assert find(None, finder) == ordered
    assert len(scores.asked) == asked + 2, "not asked while it was left alone"
