"""One process that runs steps: its parts, the steps it runs, and how it ends."""

import logging
import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

from celery import Celery

from olamchat import jobs, logs
from olamchat.db.acting import steps as statements
from olamchat.db.pool import DatabaseLost, connected
from olamchat.environment import Environment
from olamchat.redis import Lost
from olamchat.services.steps import moves, servers
from worker.periodic import Periodic
from worker.steps import connecting, listing, offers, stdio
from worker.steps.builtin import catalog
from worker.steps.builtin.belt import belt
from worker.steps.loop import Loop
from worker.steps.runner import Stepping
from worker.steps.servers import use
from worker.steps.sweeper import Sweeper
from worker.upkeep.crew import Crew
from worker.upkeep.stop_listener import StopListener

LOOK_S = 1.0
_log = logging.getLogger(__name__)


class Keeper(Periodic):
    """Learns every second which steps were stopped or given to others, where a nudge was missed."""

    def __init__(self, running: Callable[[], list[Stepping]]) -> None:
        super().__init__("keeper", LOOK_S)
        self._running = running

    def round(self) -> None:
        every = {(stepping.step.message_id, stepping.step.number, stepping.step.attempt): stepping for stepping in self._running()}
        if not every:
            return
        with connected():
            held = statements.held(list(every))
        for name, stepping in every.items():
            if name not in held:
                stepping.stop()


class Process(Crew[Stepping]):
    """The parts of a step worker. `take` is called by the tasks, each in a thread of its own."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(jobs.STEPS, environment)
        self._bounds = {"call_s": environment.tool_call_s, "question_s": environment.tool_question_s}
        self.loop = Loop()
        self._programs = stdio.programs(environment)
        self._belt = belt(environment)
        use(self._programs)
        self.parts = (*self.parts, Keeper(self.all), StopListener(self._stop_answer), Sweeper(self.id, environment))

    def start(self) -> None:
        """Start the threads that work for all steps."""
        self.loop.start()
        threading.Thread(target=self._list_own, name="own tools", daemon=True).start()
        super().start()

    def stop(self) -> None:
        """End them, the ones first that bring work."""
        super().stop()
        self.loop.stop()

    def take_one(self) -> bool:
        """Run the step whose turn it is; False where there is none. Raises DatabaseLost."""
        step = moves.take(worker=self.id)
        if step is None:
            return False
        with logs.about(conversation=str(step.conversation_id), answer=str(step.message_id), step=str(step.number)):
            self.run(Stepping(step, self.loop, self.leases, self._belt, **self._bounds))
        return True

    def check(self, server: str) -> None:
        """Look at what a server offers."""
        try:
            listing.check(server, self.loop)
        except DatabaseLost as error:
            _log.warning("server %s was not checked: %s", server, error)

    def connect(self, verb: str, server: str, user_id: UUID, **said: Any) -> None:
        """Begin, finish or give back a person's connection to a server."""
        verbs = {"begin": connecting.begin, "finish": connecting.finish, "give_back": connecting.give_back}
        try:
            verbs[verb](server, user_id, loop=self.loop, **said)  # type: ignore[operator]
        except DatabaseLost as error:
            _log.warning("a connection to %s was left as it is: %s", server, error)

    def offer(self, verb: str, server: str, user_id: UUID, **said: Any) -> None:
        """Ask a server for what it offers besides tools."""
        try:
            offers.answer(self.loop, verb, server, user_id, **said)
        except (DatabaseLost, Lost) as error:
            _log.warning("server %s was not asked: %s", server, error)

    def _list_own(self) -> None:
        """Keep the built-in tools and this machine's programs as servers, and learn what they offer."""
        try:
            servers.keep_built_in(self._belt.offered, catalog.TITLES)
            if self._programs.plans:
                servers.keep_programs(list(self._programs.plans))
            for name in self._programs.plans:
                listing.check(name, self.loop)
        except DatabaseLost as error:
            _log.warning("the tools of this installation were not listed: %s", error)

    def _stop_answer(self, message_id: str) -> None:
        for stepping in self.all():
            if str(stepping.step.message_id) == message_id:
                stepping.stop()


def register(app: Celery, process: Process) -> None:
    """Give the app its tasks, as doorways to the process."""

    @app.task(name=jobs.STEPS.task)  # type: ignore[untyped-decorator]
    def take_step(**_: Any) -> None:
        """Take the steps that wait."""
        process.take()

    @app.task(name=jobs.CHECK_TASK)  # type: ignore[untyped-decorator]
    def check_server(*, server: str, **_: Any) -> None:
        """Look at what a server offers."""
        process.check(server)

    @app.task(name=jobs.CONNECT_TASK)  # type: ignore[untyped-decorator]
    def connect(*, verb: str, server: str, user_id: str, said: dict[str, Any] | None = None, **_: Any) -> None:
        """Begin, finish or give back a person's connection."""
        process.connect(verb, server, UUID(user_id), **(said or {}))

    @app.task(name=jobs.OFFER_TASK)  # type: ignore[untyped-decorator]
    def offer(*, verb: str, server: str, user_id: str, reply: str, until: float, said: dict[str, Any] | None = None, **_: Any) -> None:
        """Ask a server for what it offers besides tools."""
        process.offer(verb, server, UUID(user_id), reply=reply, until=until, **(said or {}))
