"""The last stretch of a question's trace: from the first event of its answer that this process's readers are given to the last. Only where traces are sent."""

from collections import OrderedDict
from collections.abc import Sequence

from olamchat import tracing
from olamchat.tokenlog.events import Closed, Snapshot, Started, parse

MOST = 10_000
_ENDS = (b"event: done\n", b"event: stopped\n", b"event: failed\n")


class Deliveries:
    """The answers that are on their way to readers, by the topic that tells them. What never ends is given up, the oldest first."""

    def __init__(self) -> None:
        self._spans: OrderedDict[str, tuple[tracing.Span, bool]] = OrderedDict()

    def heard(self, topic: str, body: bytes, readers: int) -> None:
        """Note an event that is given to the topic's readers."""
        if body.startswith(b"event: delta\n"):
            self._first(topic)
        elif body.startswith(b"event: started\n"):
            started = parse(body)
            assert isinstance(started, Started)
            self._begin(topic, started)
        elif body.startswith(_ENDS):
            self._end(topic, body, readers)

    def joined(self, topic: str, frames: Sequence[bytes]) -> None:
        """Note what a reader is given first: it may come when the answer has begun."""
        for one in frames:
            frame = one[one.find(b"event: ") :]
            if frame.startswith(b"event: snapshot\n") and topic not in self._spans:
                snapshot = parse(frame)
                assert isinstance(snapshot, Snapshot)
                self._begin(topic, snapshot)
            else:
                self.heard(topic, frame, 1)

    def _begin(self, topic: str, started: Started | Snapshot) -> None:
        if not started.traceparent:
            return
        self._drop(topic, "another attempt began")
        span = tracing.begin(
            "deliver", kind="producer", parent=started.traceparent, answer_id=started.message_id or "", attempt=started.attempt
        )
        self._spans[topic] = span, False
        while len(self._spans) > MOST:
            self._drop(next(iter(self._spans)), "too many at once")

    def _first(self, topic: str) -> None:
        span, begun = self._spans.get(topic, (tracing.NOTHING, True))
        if not begun:
            span.event("first token")
            self._spans[topic] = span, True

    def _end(self, topic: str, body: bytes, readers: int) -> None:
        span, _ = self._spans.pop(topic, (tracing.NOTHING, False))
        closed = parse(body)
        length = closed.length if isinstance(closed, Closed) else 0
        span.note(readers=readers, length=length, status=closed.name)
        span.event("last token")
        span.end()

    def _drop(self, topic: str, why: str) -> None:
        span, _ = self._spans.pop(topic, (tracing.NOTHING, False))
        span.end(failed=why)
