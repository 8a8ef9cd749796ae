"""The release under test, and the two programs it is handled by."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.chart.rendering import CHART

NAMESPACE = "chat"
VALUES = Path(__file__).parent / "values.yaml"


class Refused(Exception):
    """A program ended with an error; what it said."""


def run(*words: str, given: str = "") -> str:
    """Run a program and return what it printed. Raises Refused."""
    ended = subprocess.run(words, input=given, capture_output=True, text=True, timeout=900, check=False)
    if ended.returncode:
        raise Refused(f"{' '.join(words[:6])}: {ended.stderr or ended.stdout}")
    return ended.stdout


def kubectl(*words: str, given: str = "") -> str:
    return run("kubectl", "--warnings-as-errors", *words, given=given)


def restricted(namespace: str) -> str:
    """Make a namespace that refuses every pod that isn't `restricted`."""
    labels = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn")}
    kubectl(
        "apply", "-f", "-", given=json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace, "labels": labels}})
    )
    return namespace


class Release:
    """The chart as `chat` in its namespace."""

    def install(self, *words: str) -> str:
        return self._helm("install", "chat", str(CHART), "-f", str(VALUES), "--wait", "--timeout", "14m", *words)

    def upgrade(self, *words: str) -> str:
        return self._helm("upgrade", "chat", str(CHART), "-f", str(VALUES), "--wait", "--timeout", "14m", *words)

    def rollback(self) -> str:
        return self._helm("rollback", "chat", "--wait", "--timeout", "14m")

    def uninstall(self) -> str:
        return self._helm("uninstall", "chat", "--wait", "--timeout", "5m")

    def test(self) -> str:
        return self._helm("test", "chat", "--logs", "--timeout", "10m")

    def get(self, *words: str) -> Any:
        return json.loads(kubectl("-n", NAMESPACE, "get", "-o", "json", *words))

    def secret(self, name: str) -> Any:
        return self.get("secret", name)["data"]

    def sql(self, statement: str) -> str:
        """Ask the embedded Postgres."""
        asked = ("psql", "-h", "127.0.0.1", "-U", "olamchat", "-Atc", statement, "olamchat")
        return kubectl("-n", NAMESPACE, "exec", "chat-postgres-0", "--", *asked).strip()

    def python(self, where: str, program: str) -> str:
        """Run a program in a pod of ours."""
        container = "worker" if "worker" in where else "function"
        return kubectl("-n", NAMESPACE, "exec", "-i", where, "-c", container, "--", "python", "-", given=program)

    def _helm(self, *words: str) -> str:
        return run("helm", "-n", NAMESPACE, *words)
