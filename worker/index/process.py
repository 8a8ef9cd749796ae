"""One process that reads documents: its parts, the documents it reads, and how it ends."""

from collections.abc import Callable
from typing import Any

from celery import Celery

from olamchat import jobs, logs
from olamchat.environment import BadSetting, Environment
from olamchat.network import addresses
from olamchat.services.knowledge import indexing
from worker.engines.tika import Tika
from worker.index.runner import Indexing
from worker.index.sweeper import Sweeper
from worker.periodic import Periodic
from worker.pools.space import space
from worker.upkeep.crew import Crew

LOOK_S = 1.0


class Keeper(Periodic):
    """Learns every second which documents were deleted or given to others."""

    def __init__(self, running: Callable[[], list[Indexing]]) -> None:
        super().__init__("keeper", LOOK_S)
        self._running = running

    def round(self) -> None:
        every = {(work.document.id, work.document.attempt): work for work in self._running()}
        held = indexing.held(list(every)) if every else set()
        for name, work in every.items():
            if name not in held:
                work.fence()


class Process(Crew[Indexing]):
    """The parts of an index worker. `take` is called by the tasks, each in a thread of its own. Raises BadSetting."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(jobs.DOCUMENTS, environment)
        self._space, self._tika = space(environment), _tika(environment)
        self.parts = (*self.parts, Keeper(self.all), Sweeper(self.id, environment, self._space))

    def take_one(self) -> bool:
        """Read the document whose turn it is; False where there is none. Raises DatabaseLost."""
        document = indexing.take(worker=self.id)
        if document is None:
            return False
        with logs.about(document=str(document.id)):
            self.run(Indexing(document, self.leases, self._space, self._tika))
        return True


def _tika(environment: Environment) -> Tika | None:
    """Return the reader that the settings name. Raises BadSetting."""
    if not environment.reader_url:
        return None
    try:
        url = addresses.without(addresses.http(environment.reader_url, port=9998), "/tika")
    except addresses.BadAddress as error:
        raise BadSetting(f"OLAMCHAT_READER_URL can't be read: {error}") from None
    return Tika(url, within_s=environment.reader_timeout_s)


def register(app: Celery, process: Process) -> None:
    """Give the app its task, as a doorway to the process."""

    @app.task(name=jobs.DOCUMENTS.task)  # type: ignore[untyped-decorator]
    def take_document(**_: Any) -> None:
        """Take the documents that wait."""
        process.take()
