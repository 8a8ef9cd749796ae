"""One thread hears that somebody wants an answer stopped. What it misses the keeper sees: the wish is also in the turn's row."""

from collections.abc import Callable, Iterator

from olamchat import stops
from worker.periodic import Periodic


class StopListener(Periodic):
    """Calls `on_stop` with the id of each turn that is to be stopped, whoever runs it."""

    def __init__(self, on_stop: Callable[[str], None]) -> None:
        super().__init__("stop-listener")
        self._on_stop = on_stop
        self._heard: Iterator[str | None] = iter(())

    def round(self) -> None:
        """Hear one, or nothing for a second. A subscription that ended is made again."""
        turn_id = next(self._heard, "")
        if turn_id == "":
            self._heard = stops.listen()
        elif turn_id is not None:
            self._on_stop(turn_id)
