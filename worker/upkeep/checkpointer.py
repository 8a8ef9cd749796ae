"""One thread keeps what the answers of this process say: the texts so far go to Postgres every second, in one statement for all.

By the same trip it learns which turns are no longer this worker's and which ones somebody wants stopped, where a nudge was missed.
"""

from collections.abc import Callable, Mapping
from uuid import UUID

from olamchat.services.turns import lifecycle
from olamchat.services.turns.lifecycle import Partial
from worker.periodic import Periodic

PERIOD_S = 1.0


class Checkpointer(Periodic):
    """Saves what `partials` returns; tells of turns that are lost or to be stopped."""

    def __init__(self, partials: Callable[[], list[Partial]], *, on_lost: Callable[[str], None], on_stop: Callable[[str], None]) -> None:
        super().__init__("checkpointer", PERIOD_S)
        self._partials, self._on_lost, self._on_stop = partials, on_lost, on_stop
        self._saved: dict[UUID, tuple[int, int, int]] = {}

    def round(self) -> None:
        """Save what is new, and learn what changed."""
        partials = self._partials()
        if not partials:
            self._saved.clear()
            return
        marks = {partial.id: (partial.attempt, len(partial.text.content), len(partial.text.reasoning)) for partial in partials}
        new = [partial for partial in partials if self._saved.get(partial.id) != marks[partial.id]]
        if new:
            lifecycle.save(new)
        self._saved = marks
        self._compare({partial.id: partial.attempt for partial in partials})

    def _compare(self, attempts: Mapping[UUID, int]) -> None:
        held = lifecycle.held(attempts)
        for turn_id in attempts:
            if turn_id not in held:
                self._on_lost(str(turn_id))
            elif held[turn_id]:
                self._on_stop(str(turn_id))
