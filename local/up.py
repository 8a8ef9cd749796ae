"""Start the whole house, keep it running, and end it: the life of `make up`."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

import psycopg

from local import keys, parts, postgres, say, supervisor, valkey, version
from local.engines import finding, suggestion
from local.folder import Folder, House, RunsAlready
from local.process import CannotStart
from local.supervisor import Part, Signals
from olamchat import redis_url, roster
from olamchat.db import address
from olamchat.environment import BadSetting
from olamchat.network.addresses import BadAddress
from olamchat.services.steps import mcp_file

# A worker that is asked to end hands over what it can't finish in this time; the next start goes on with it.
WORKER_GRACE_S = "2"


@dataclass
class Start:
    """A start under way: where, what runs already, and the variables that the parts get."""

    folder: Folder
    host: str
    port: int
    signals: Signals
    env: dict[str, str]
    engine: str = ""
    running: list[Part] = field(default_factory=list)
    ports: dict[str, int] = field(default_factory=dict)
    engines: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://{parts.place(self.host, self.port)}"


def up(path: Path, host: str, port: int, engine: str = "", mcp: str = "") -> int:
    """Start, stay until asked to end, end. `engine` is the address of the one that is to answer, `mcp` a file of MCP servers.

    Returns the exit code.
    """
    folder = Folder(path)
    began = time.monotonic()
    try:
        folder.make()
        folder.lock()
    except RunsAlready as runs:
        return _runs_already(runs)
    start = Start(folder, host, port, Signals(), parts.own_environment(), engine)
    if mcp:
        start.env["OLAMCHAT_MCP_FILE"] = str(Path(mcp).resolve())
    try:
        _start(start)
        _tell(start, time.monotonic() - began)
        supervisor.watch(start.running, start.signals, lambda: _write(start))
    except KeyboardInterrupt:
        say.line("  Stopped before everything had started.")
    finally:
        _end(start)
    return 0


def _start(start: Start) -> None:
    _check_programs(start.env)
    if not parts.is_free(start.host, start.port):
        raise CannotStart(f"Port {start.port} is in use by another program. Take another one: {version.start(port=parts.free_port())}")
    say.line("olamchat starts")
    for step in (_database, _redis, _tables_and_keys, _engines, _functions_and_worker):
        step(start)
        if start.signals.asked:
            raise KeyboardInterrupt


def _check_programs(env: Mapping[str, str]) -> None:
    if path := env.get("OLAMCHAT_MCP_FILE"):
        try:
            mcp_file.read(path)
        except BadSetting as error:
            raise CannotStart(f"{error}.") from None


def _database(start: Start) -> None:
    if given := start.env.get("DATABASE_URL"):
        say.line(f"  ✓ PostgreSQL at {_place(address.place, given)} (DATABASE_URL)")
        return
    with say.step("PostgreSQL") as step:
        port, log = parts.free_port(), start.folder.log("postgres")
        passwords = postgres.Passwords(owner=start.folder.secret("postgres-owner"), role=start.folder.secret("postgres"))
        if postgres.prepare(start.folder.path / "postgres", log, passwords.owner):
            step.note = "made its data folder"
        part = _add(start, parts.postgres_part(start.folder, port))
        postgres.await_ready(part.start(), port, log)
        postgres.make_database(port, "olamchat", passwords)
    start.ports["postgres"] = port
    start.env["DATABASE_URL"] = postgres.url(port, "olamchat", passwords.role)


def _redis(start: Start) -> None:
    if given := start.env.get("REDIS_URL"):
        say.line(f"  ✓ Redis at {_place(redis_url.place, given)} (REDIS_URL)")
        return
    with say.step("Valkey"):
        port, password = parts.free_port(), start.folder.secret("valkey")
        part = _add(start, parts.valkey_part(start.folder, port))
        server = valkey.start(start.folder.path / "valkey", port, log=start.folder.log("valkey"), password=password)
        part.adopt(server.process)
    start.ports["valkey"] = port
    start.env["REDIS_URL"] = valkey.url(port, password)


def _tables_and_keys(start: Start) -> None:
    with say.step("Tables") as step:
        count = parts.migrate(start.folder, start.env)
        step.note = f"{count} migration{'' if count == 1 else 's'} applied" if count else "up to date"
    start.env = {**keys.make_once(start.folder.keys), **keys.seal_once(start.folder.keys), **start.env}


def _engines(start: Start) -> None:
    with say.step("Engines") as step:
        if start.engine:
            start.env.update(_recognised(start.engine))
        found = _found(start)
        start.env.update({engine.variable: engine.url for engine in found})
        start.engines = [str(engine) for engine in found]
        step.note = f"{len(found)} found" if found else "none found: the demo answers"


def _found(start: Start) -> list[finding.Found]:
    try:
        return finding.look_around(start.env, nearby=not start.engine)
    except BadAddress as error:
        raise CannotStart(f"{error}.") from None


def _recognised(url: str) -> dict[str, str]:
    try:
        if named := finding.recognise(url, os.environ):
            return named
    except BadAddress as error:
        raise CannotStart(f"ENGINE={url} can't be read: {error}.") from None
    raise CannotStart(
        f"No engine that olamchat knows answers at {url}. Is it running? Ollama, vLLM and OpenAI-compatible servers are known."
    )


def _functions_and_worker(start: Start) -> None:
    if not _is_loopback(start.host):  # others may come before the owner does
        start.env.setdefault("OLAMCHAT_SETUP_TOKEN", start.folder.secret("setup"))
        start.env.setdefault("OLAMCHAT_NETWORK_URL", next(iter(_of_the_network(start)), ""))
    if not start.env.get("OLAMCHAT_PUBLIC_URL"):  # browsers have passkeys at localhost, and none at 127.0.0.1
        start.env.setdefault("OLAMCHAT_PASSKEY_ORIGINS", f"http://localhost:{start.port}")
    start.env = {
        "OLAMCHAT_CONNECTIONS": "10000",
        "OLAMCHAT_GRACEFUL_S": "3",
        "OLAMCHAT_SECURE_COOKIES": "false",
        "OLAMCHAT_SUGGESTED_MODEL": suggestion.model(),
        "OLAMCHAT_WEB_DIR": str(version.PAGE),
        "OLAMCHAT_WORKER_GRACE_S": WORKER_GRACE_S,
        **start.env,
    }
    os.environ.update(start.env)  # for the roster, which is asked below
    functions = _add(start, parts.functions_part(start.folder, start.host, start.port, start.env))
    worker = _add(start, parts.worker_part(start.folder, start.env))
    others = [
        _add(start, parts.role_part(*role, start.folder, start.env)) for role in (("steps", "step worker"), ("index", "index worker"))
    ]
    functions.start()
    worker.start()
    for other in others:
        other.start()
    with say.step("Functions and page"):
        parts.await_http(functions, f"http://{parts.place(_reach(start.host), start.port)}/api/health", start.signals)
    with say.step("Worker"):
        parts.await_said(worker, lambda: _is_on_the_roster(worker), start.signals)


def _is_on_the_roster(worker: Part) -> bool:
    """Tell whether this very worker has spoken up; the roster may remember one that is gone."""
    pid = worker.process.pid if worker.process else 0
    return any(there.id.split("-")[-2:-1] == [str(pid)] for there in roster.workers())


def _add(start: Start, part: Part) -> Part:
    start.running.append(part)
    return part


def _tell(start: Start, seconds: float) -> None:
    _write(start)
    demo = "demo, which is no model"
    say.line(f"Ready after {seconds:.1f} s.")
    say.block([
        *_addresses(start),
        *_set_up(start),
        *[("Engine" if number == 0 else "", engine) for number, engine in enumerate(start.engines or [demo])],
        *([] if start.engines else _no_model()),
        ("Data", f"{_short(start.folder.path)} (logs in {_short(start.folder.logs)})"),
        ("Stop", "Ctrl-C"),
    ])  # fmt: skip


def _of_the_network(start: Start) -> list[str]:
    """Return the addresses at which others of the network reach the page."""
    if _reach(start.host) == start.host:
        return [start.address]
    return [f"http://{parts.place(address, start.port)}" for address in parts.own_addresses()]


def _no_model() -> list[tuple[str, str]]:
    """Return the ways to a real model, the shortest on this machine first."""
    return [
        ("", f"for a real one: {suggestion.way()}, then `{version.start()}` again"),
        ("", f"or name an engine that runs elsewhere: {version.start(engine='http://…')}"),
    ]


def _addresses(start: Start) -> list[tuple[str, str]]:
    """Return where the page is: for this machine, and for others where they can come."""
    if _is_loopback(start.host):
        return [("Address", start.address)]
    reachable = _reach(start.host) != start.host
    own = f"http://{parts.place(_reach(start.host), start.port)}"
    others = _of_the_network(start)
    warning = "Everyone on this network can open it, and it is plain HTTP: anyone listening in can read passwords. Put TLS in front (docs/ingress.md)."
    here = [("Address", own)] if reachable else []
    return [*here, *[("Address" if not here else "Others", other) for other in others], ("Warning", warning)]


def _set_up(start: Start) -> list[tuple[str, str]]:
    """Return the link that the first account is made by, while there is none and it takes one."""
    token = start.env.get("OLAMCHAT_SETUP_TOKEN", "")
    with psycopg.connect(start.env["DATABASE_URL"]) as connection:
        [somebody] = connection.execute("SELECT EXISTS (SELECT FROM users)").fetchone() or [True]
    place = f"http://{parts.place(_reach(start.host), start.port)}"
    return [("Set up", f"{place}/#invitation={token}")] if token and not somebody else []


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _write(start: Start) -> None:
    pids = {part.name: part.process.pid for part in start.running if part.process is not None}
    start.folder.write(House(
        pid=os.getpid(), address=start.address, database_url=start.env["DATABASE_URL"], redis_url=start.env["REDIS_URL"],
        engines=start.engines, engine_variables=finding.variables(start.env), ports=start.ports, pids=pids,
    ))  # fmt: skip


def _end(start: Start) -> None:
    if any(part.process for part in start.running):
        with say.step("Stopping") as step:
            supervisor.end(start.running, start.signals)
            step.name = "Stopped; the data is kept"
    start.folder.unlock()


def _runs_already(runs: RunsAlready) -> int:
    if runs.house is None:
        print("olamchat is being started in this data folder by another process.", file=sys.stderr)
        return 1
    say.line(f"olamchat runs already: {runs.house.address} (pid {runs.house.pid}). Stop it with Ctrl-C there, or `{version.PROGRAM} stop`.")
    return 0


def _place(read: Callable[[str], str], url: str) -> str:
    """Return where a server is, without what its URL may hold of secrets. Raises CannotStart."""
    try:
        return read(url)
    except BadSetting as error:
        raise CannotStart(str(error)) from None


def _reach(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
