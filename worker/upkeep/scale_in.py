"""A worker in a pod says how busy it is, so that the idle ones go first when its pool shrinks.

It writes `controller.kubernetes.io/pod-deletion-cost` of its own pod
(https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/#pod-deletion-cost); nothing else may it write.
"""

import logging
from collections.abc import Callable
from typing import Any

from olamchat.environment import Environment
from worker.periodic import Periodic

COST = "controller.kubernetes.io/pod-deletion-cost"
PERIOD_S = 5.0
TIMEOUT_S = (2, 5)
_log = logging.getLogger(__name__)


class ScaleIn(Periodic):
    """Writes the cost whenever it changed: what ending this pod would interrupt, in running answers."""

    def __init__(self, environment: Environment, *, running: Callable[[], int], api: Any = None, period_s: float = PERIOD_S) -> None:
        super().__init__("scale-in", period_s)
        self._pod, self._namespace = environment.pod, environment.namespace
        self._running, self._api = running, api
        self._said: int | None = None

    def start(self) -> None:
        """Start where this process knows its pod; elsewhere there is nobody to tell."""
        if self._pod:
            self._api = self._api or _in_cluster()
            super().start()

    def round(self) -> None:
        cost = self._running()
        if cost != self._said and self._say(cost):
            self._said = cost

    def _say(self, cost: int) -> bool:
        body = {"metadata": {"annotations": {COST: str(cost)}}}
        try:
            self._api.patch_namespaced_pod(self._pod, self._namespace, body, _request_timeout=TIMEOUT_S)
        except Exception as error:  # noqa: BLE001, the client raises its own, urllib3's and more; a cost unsaid does no harm
            _log.warning("the pod's deletion cost could not be written: %s", error)
            return False
        return True


def _in_cluster() -> Any:
    """The Kubernetes API as this pod may use it. The client is heavy, so it is imported here alone."""
    from kubernetes import client, config

    config.load_incluster_config()  # type: ignore[no-untyped-call]
    return client.CoreV1Api()
