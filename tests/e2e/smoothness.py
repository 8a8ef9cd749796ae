"""How smoothly the page works: what the browser's trace tells of long tasks and dropped frames."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

LONG_MS = 50
CATEGORIES = ["disabled-by-default-devtools.timeline", "disabled-by-default-devtools.timeline.frame"]


@dataclass
class Smoothness:
    """What was seen between the trace's begin and end."""

    seconds: float = 0
    long_tasks: int = 0
    longest_ms: float = 0
    frames: int = 0
    dropped: int = 0

    def __str__(self) -> str:
        return (
            f"{self.long_tasks} long tasks (longest {self.longest_ms:.0f} ms), "
            f"{self.dropped} of {self.frames + self.dropped} frames dropped in {self.seconds:.1f} s"
        )


@contextmanager
def traced(page: Page) -> Iterator[Smoothness]:
    """Trace what the page does inside; what is yielded is filled at the end."""
    found = Smoothness()
    session = page.context.new_cdp_session(page)
    events: list[dict[str, Any]] = []
    over: list[bool] = []
    session.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    session.on("Tracing.tracingComplete", lambda _: over.append(True))
    wanted = {"includedCategories": CATEGORIES, "excludedCategories": ["*"]}
    session.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": wanted})
    yield found
    session.send("Tracing.end")
    while not over:
        page.wait_for_timeout(50)
    found.__dict__.update(read(events).__dict__)


def read(events: list[dict[str, Any]]) -> Smoothness:
    """Read a trace: the page's main thread is the renderer's that worked the most."""
    mains = {(each["pid"], each["tid"]) for each in events if each["name"] == "thread_name" and each["args"]["name"] == "CrRendererMain"}
    tasks: dict[tuple[int, int], list[float]] = {main: [] for main in mains}
    for event in events:
        if event["name"] == "RunTask" and (event["pid"], event["tid"]) in mains:
            tasks[event["pid"], event["tid"]].append(event.get("dur", 0) / 1e3)
    main = max(mains, key=lambda thread: sum(tasks[thread]))
    times = [event["ts"] for event in events if event.get("ts")]
    frames = [event["name"] for event in events if event["pid"] == main[0]]
    return Smoothness(
        seconds=(max(times) - min(times)) / 1e6,
        long_tasks=sum(ms > LONG_MS for ms in tasks[main]),
        longest_ms=max(tasks[main], default=0),
        frames=frames.count("DrawFrame"),
        dropped=frames.count("DroppedFrame"),
    )
