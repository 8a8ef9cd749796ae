"""Ollama's /api/pull (https://github.com/ollama/ollama/blob/main/docs/api.md#pull-a-model): a model comes in layers, each told by its digest."""

from collections.abc import Iterator
from contextlib import closing

import msgspec

from worker.engines.base import AnswerUnreadable, Fetched, RequestRejected, counted
from worker.engines.refusals import complaint, is_success, refusal
from worker.engines.wire import parse
from worker.engines.wire.http import CallClosed, EngineCall, Http
from worker.engines.wire.stream import read

MOST_LAYERS = 1_000


class _Line(msgspec.Struct):
    status: str = ""
    digest: str = ""
    total: object = None
    completed: object = None
    error: object = None


_decoder = msgspec.json.Decoder(_Line)


class Pulling:
    """A model on its way. What was fetched stays with Ollama when it is closed, and the next pull goes on from there."""

    def __init__(self, http: Http, model: str) -> None:
        self._http, self._model = http, model
        self._call = EngineCall(lambda _: iter(()))
        self._layers: dict[str, Fetched] = {}

    def __iter__(self) -> Iterator[Fetched]:
        """Yield how far it is with each line, until it is there. Raises EngineError."""
        body = msgspec.json.encode({"model": self._model, "stream": True})
        try:
            response = self._http.open("/api/pull", body, self._call)
            if not is_success(response.status_code):
                raise refusal(response)
            with closing(read(self._call, response)) as blocks:
                for line in (line for block in blocks for line in block if line.strip()):
                    told = _read(line)
                    yield self._heard(told)
                    if told.status == "success":
                        return
        except CallClosed:
            return
        raise RequestRejected("Ollama stopped before the model was there")

    def close(self) -> None:
        self._call.close()

    def _heard(self, line: _Line) -> Fetched:
        if line.error:
            raise complaint(line.error)
        if line.digest and (line.digest in self._layers or len(self._layers) < MOST_LAYERS):
            self._layers[line.digest] = Fetched(counted(line.completed) or 0, counted(line.total) or 0)
        layers = self._layers.values()
        return Fetched(sum(layer.completed for layer in layers), sum(layer.total for layer in layers))


def _read(line: bytes) -> _Line:
    try:
        return parse.read(line, _decoder)
    except parse.NotJson as error:
        raise AnswerUnreadable(f"Ollama told the pull's progress as {error}") from None
