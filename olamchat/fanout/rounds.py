"""What the hub does again and again, without ever ending at an error; and what it counts meanwhile."""

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from prometheus_client import Counter, Gauge

from olamchat.redis import Lost

# Topics in one trip, readers in one go.
SLICE = 500

STREAMS = Gauge("olamchat_open_streams", "Event streams open now.", multiprocess_mode="livesum")
EVENTS = Counter("olamchat_stream_events_total", "Events delivered to streams.")
CUT_OFF = Counter("olamchat_streams_cut_off_total", "Streams that were cut off because their reader fell behind or its connection broke.")
BEGUN_ANEW = Counter(
    "olamchat_stream_topics_begun_anew_total", "Topics whose readers were begun anew because the log had lost their place."
)
_log = logging.getLogger(__name__)
T = TypeVar("T")


def slices(all_of_them: Sequence[T]) -> Iterator[Sequence[T]]:
    for at in range(0, len(all_of_them), SLICE):
        yield all_of_them[at : at + SLICE]


def safely(work: Callable[[], None]) -> None:
    """Do something that is done again soon anyhow."""
    try:
        work()
    except Lost as error:
        _log.warning("%s: Redis can't be reached: %s", work.__qualname__, error)
    except Exception:  # noqa: BLE001, a fan-out that stops checking would be deaf for good
        _log.exception("%s failed", work.__qualname__)
