"""What Kubernetes does when a Deployment is rolled, on one machine: the chart's own commands, variables, probes, hooks and graces.

A Service is a proxy that gives each new connection to a pod that is ready, as kube-proxy does; what is open stays where it is.
"""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.parts import ROOT, free_port
from tests.chart.rendering import Object, env

# A leaving pod is sent to for so long yet: endpoints take a moment to reach every node.
ENDPOINTS_LAG_S = 0.5
LAST_WORDS_S = 5
READY_S = 60


class Service:
    """A port of this machine that leads to the pods that are ready, in turn."""

    def __init__(self) -> None:
        self.pods: list[int] = []
        self.port = 0
        self._server: asyncio.Server | None = None
        self._turn = 0
        self._open: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._carry(reader, writer)
        except (OSError, IndexError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._turn += 1
        there, here = await asyncio.open_connection("127.0.0.1", self.pods[self._turn % len(self.pods)])
        try:
            forth = asyncio.ensure_future(_copy(reader, here))
            await _copy(there, writer)
            forth.cancel()
        finally:
            here.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()


@dataclass
class Place:
    """What pods of this machine have in place of a cluster's: URLs of the stores, files of the keys, hosts of the services."""

    folder: Path
    secrets: Mapping[str, str]
    keys: Path
    hosts: Mapping[str, Service]
    nginx: Path
    started: int = 0

    def command(self, container: Object, port: int) -> list[str]:
        """Return the container's command with this machine's programs."""
        if container["name"] == "web":
            return [
                str(self.nginx),
                "-e",
                "stderr",
                "-p",
                str(self.folder),
                "-c",
                str(self._conf(port)),
                "-g",
                f"daemon off; {self._as_root()}",
            ]
        words: list[str] = container["args"]
        return [sys.executable, *(["-m", *words] if words[0] == "gunicorn" else words[1:])]

    def environment(self, container: Object, port: int) -> dict[str, str]:
        """Return the container's variables: secrets read, mounted files found, the port its own."""
        told = {
            name: self.secrets.get(name, "") if isinstance(value, dict) else value.replace("/keys/", f"{self.keys}/")
            for name, value in env(container).items()
        }
        own = {"OLAMCHAT_BIND": f"127.0.0.1:{port}", "OLAMCHAT_WORKER_PORT": str(port)} if container["name"] != "web" else {}
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), **told, **own}

    def conf(self, text: str) -> None:
        """Keep the rendered nginx.conf for web pods to come."""
        for name, service in self.hosts.items():
            text = text.replace(f"chat-{name}:8000", f"127.0.0.1:{service.port}")
        self._text = text.replace("/usr/share/nginx/html", str(self.folder / "page"))

    def _conf(self, port: int) -> Path:
        own = self.folder / f"nginx-{port}"
        own.mkdir()
        text = self._text.replace("listen 8080", f"listen 127.0.0.1:{port}").replace("listen 8081", f"listen 127.0.0.1:{free_port()}")
        (own / "nginx.conf").write_text(text.replace("/tmp/nginx", f"{own}/nginx"))
        return own / "nginx.conf"

    def _as_root(self) -> str:
        return "user root;" if os.geteuid() == 0 else ""


@dataclass
class Pod:
    """One process of a Deployment."""

    process: asyncio.subprocess.Process
    port: int


@dataclass
class Deployment:
    """A rendered Deployment and its pods; `service` is None where nobody sends to them."""

    rendered: Object
    place: Place
    service: Service | None
    is_ready: Callable[[int], bool]
    pods: list[Pod] = field(default_factory=list)
    killed: int = 0

    @property
    def name(self) -> str:
        name: str = self.rendered["metadata"]["name"]
        return name

    @property
    def spec(self) -> Object:
        spec: Object = self.rendered["spec"]["template"]["spec"]
        return spec

    async def start(self) -> None:
        """Start as many pods as the chart says."""
        for _ in range(self.rendered["spec"]["replicas"]):
            self.pods.append(await self._begin())

    async def roll(self) -> float:
        """Put a new pod in the place of each, one after another, the new one first. Return the seconds it took."""
        assert self.rendered["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
        began = time.monotonic()
        for old in list(self.pods):
            self.pods.append(await self._begin())
            self.pods.remove(old)
            await self.end(old)
        return time.monotonic() - began

    async def end(self, pod: Pod) -> None:
        """End a pod as the kubelet does: out of the endpoints, hook, signal, and after the grace SIGKILL."""
        began = time.monotonic()
        leaving = asyncio.ensure_future(self._leave(pod))
        hook = self.spec["containers"][0].get("lifecycle", {}).get("preStop", {}).get("sleep", {})
        await asyncio.sleep(hook.get("seconds", 0))
        # nginx's image says STOPSIGNAL SIGQUIT (Dockerfile).
        pod.process.send_signal(signal.SIGQUIT if self.name == "chat-web" else signal.SIGTERM)
        left = self.spec["terminationGracePeriodSeconds"] - (time.monotonic() - began)
        try:
            await asyncio.wait_for(pod.process.wait(), left)
        except TimeoutError:
            self.killed += 1
            await self._kill(pod)
        await leaving

    async def stop(self) -> None:
        """End all pods at once, without ceremony."""
        await asyncio.gather(*(self._kill(pod) for pod in self.pods))

    async def _kill(self, pod: Pod) -> None:
        """End a process and all it started: nginx's workers outlive a master that was killed, gunicorn's see that theirs is gone."""
        if self.name == "chat-web" and pod.process.returncode is None:
            pod.process.terminate()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(pod.process.wait(), LAST_WORDS_S)
        if pod.process.returncode is None:
            pod.process.kill()
        await pod.process.wait()

    async def _leave(self, pod: Pod) -> None:
        await asyncio.sleep(ENDPOINTS_LAG_S)
        if self.service:
            self.service.pods.remove(pod.port)

    async def _begin(self) -> Pod:
        container, port = self.spec["containers"][0], free_port()
        self.place.started += 1
        with (self.place.folder / f"{self.name}-{self.place.started}.log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *self.place.command(container, port), env=self.place.environment(container, port), cwd=ROOT, stdout=log, stderr=log
            )
        await self._await_ready(process, port)
        if self.service:
            self.service.pods.append(port)
        return Pod(process, port)

    async def _await_ready(self, process: asyncio.subprocess.Process, port: int) -> None:
        deadline = time.monotonic() + READY_S
        while not await asyncio.to_thread(self.is_ready, port):
            assert process.returncode is None, f"{self.name} ended while it started; see {self.place.folder}"
            assert time.monotonic() < deadline, f"{self.name} was not ready within {READY_S} s; see {self.place.folder}"
            await asyncio.sleep(0.1)
