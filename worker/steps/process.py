"""One process that runs steps: its parts, the steps it runs, and how it ends."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from celery import Celery

from olamchat import jobs, logs
from olamchat.db import steps as statements
from olamchat.db.pool import DatabaseLost, connected
from olamchat.environment import Environment
from olamchat.redis import Lost
from olamchat.services.steps import moves, servers
from worker.periodic import Periodic
from worker.steps import listing, stdio
from worker.steps.builtin import catalog
from worker.steps.builtin.belt import belt
from worker.steps.loop import Loop
from worker.steps.runner import Stepping
from worker.steps.servers import use
from worker.steps.sweeper import Sweeper
from worker.upkeep.leases import Leases
from worker.upkeep.pulse import Pulse
from worker.upkeep.stop_listener import StopListener

LAST_S = 10.0
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


class Process:
    """The parts of a step worker. `take` is called by the tasks, each in a thread of its own."""

    def __init__(self, environment: Environment) -> None:
        self.id = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:6]}"
        self.ending = threading.Event()
        self._grace_s, self._call_s = environment.worker_grace_s, environment.tool_call_s
        self._running: dict[str, Stepping] = {}
        self._lock = threading.Lock()
        self.loop = Loop()
        self._programs = stdio.programs(environment)
        self._belt = belt(environment)
        use(self._programs)
        self.leases = Leases(
            self.id,
            ttl_s=environment.lease_ttl_s,
            heartbeat_s=environment.heartbeat_s,
            on_lost=self._fence,
        )
        self.parts: tuple[Periodic, ...] = (
            self.leases,
            Keeper(self._all),
            StopListener(self._stop_answer),
            Sweeper(self.id, environment),
            Pulse(environment, is_well=lambda: self.is_well),
        )

    @property
    def is_well(self) -> bool:
        """Whether every part goes round: an outage hinders none of them, a thread that hangs does."""
        return all(part.is_well for part in self.parts)

    def start(self) -> None:
        """Start the threads that work for all steps."""
        self.loop.start()
        threading.Thread(target=self._list_own, name="own tools", daemon=True).start()
        for part in self.parts:
            part.start()

    def stop(self) -> None:
        """End them, the ones first that bring work."""
        for part in reversed(self.parts):
            part.stop()
        self.loop.stop()

    def drain(self) -> None:
        """Take nothing more; hand over after the grace what is not done by then. Returns at once, as a signal's handler must."""
        if not self.ending.is_set():
            self.ending.set()
            threading.Thread(target=self._hand_over, name="grace", daemon=True).start()

    def take(self) -> None:
        """Run the steps whose turn it is, until there are none."""
        while not self.ending.is_set():
            try:
                step = moves.take(worker=self.id)
            except DatabaseLost as error:
                _log.warning("no step could be taken: %s", error)
                return
            if step is None:
                return
            self._run(Stepping(step, self.loop, self.leases, self._belt, call_s=self._call_s))
        self._pass_on()

    def check(self, server: str) -> None:
        """Look at what a server offers."""
        try:
            listing.check(server, self.loop)
        except DatabaseLost as error:
            _log.warning("server %s was not checked: %s", server, error)

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

    def _run(self, stepping: Stepping) -> None:
        step = stepping.step
        with self._lock:
            self._running[step.name] = stepping
        try:
            with logs.about(conversation=str(step.conversation_id), answer=str(step.message_id), step=str(step.number)):
                stepping.run()
        finally:
            with self._lock:
                self._running.pop(step.name, None)

    def _hand_over(self) -> None:
        deadline = time.monotonic() + self._grace_s
        while self._running and time.monotonic() < deadline:
            time.sleep(0.05)
        for stepping in self._all():
            stepping.hand_over()
        time.sleep(LAST_S)
        _log.error("step worker %s does not end by itself", self.id)
        os._exit(1)

    def _pass_on(self) -> None:
        try:
            jobs.send_step_message()
        except Lost:
            _log.warning("a step could not be passed on, the sweeper sees to it")

    def _all(self) -> list[Stepping]:
        with self._lock:
            return list(self._running.values())

    def _stop_answer(self, message_id: str) -> None:
        for stepping in self._all():
            if str(stepping.step.message_id) == message_id:
                stepping.stop()

    def _fence(self, name: str) -> None:
        if stepping := self._running.get(name):
            stepping.fence()


def register(app: Celery, process: Process) -> None:
    """Give the app its tasks, as doorways to the process."""

    @app.task(name=jobs.STEP_TASK)  # type: ignore[untyped-decorator]
    def take_step(**_: Any) -> None:
        """Take the steps that wait."""
        process.take()

    @app.task(name=jobs.CHECK_TASK)  # type: ignore[untyped-decorator]
    def check_server(*, server: str, **_: Any) -> None:
        """Look at what a server offers."""
        process.check(server)
