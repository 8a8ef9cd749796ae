"""A server that says how well texts answer a question, by `POST /rerank`: as vLLM, llama.cpp, Jina and Cohere have it, or as Hugging Face's
text-embeddings-inference (TEI) does, which is asked once the other is refused.

https://docs.vllm.ai/en/stable/serving/openai_compatible_server.html#re-rank-api, https://huggingface.github.io/text-embeddings-inference
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from olamchat.network import addresses
from worker.engines.base import AnswerUnreadable, EngineError, ModelNotFound, RequestRejected
from worker.engines.wire.http import Http


class _Scored(msgspec.Struct):
    index: int
    relevance_score: float


class _Results(msgspec.Struct):
    results: list[_Scored]


class _OfTei(msgspec.Struct):
    index: int
    score: float


class Reranker:
    """One server; `url` is its address, with the version in it where that is not v1."""

    def __init__(self, url: str, *, model: str = "", key: str = "", within_s: float) -> None:
        base = addresses.without(url, "/rerank")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._versioned = Http(base if base.endswith(("/v1", "/v2")) else f"{base}/v1", headers)
        self._plain = Http(addresses.without(base, "/v1", "/v2"), headers)
        self._model, self._within_s = model, within_s
        self._is_tei = False

    def order(self, question: str, texts: Sequence[str]) -> list[int]:
        """Return the texts' numbers, the best first; those that the server leaves out are left out. Raises EngineError."""
        scores = self._of_tei(question, texts) if self._is_tei else self._scores(question, texts)
        if not scores.keys() <= set(range(len(texts))) or (texts and not scores):
            raise AnswerUnreadable("it tells of other texts than it was asked about")
        return sorted(scores, key=lambda index: -scores[index])

    def _scores(self, question: str, texts: Sequence[str]) -> Mapping[int, float]:
        named = {"model": self._model} if self._model else {}
        asked = {**named, "query": question, "documents": list(texts), "top_n": len(texts)}
        try:
            told = self._versioned.ask("/rerank", _Results, asked, within_s=self._within_s)
        except (ModelNotFound, RequestRejected) as refused:
            with suppress(EngineError):
                found = self._of_tei(question, texts)
                self._is_tei = True
                return found
            raise refused from None
        return {one.index: one.relevance_score for one in told.results}

    def _of_tei(self, question: str, texts: Sequence[str]) -> Mapping[int, float]:
        asked: dict[str, Any] = {"query": question, "texts": list(texts), "truncate": True}
        return {one.index: one.score for one in self._plain.ask("/rerank", list[_OfTei], asked, within_s=self._within_s)}
