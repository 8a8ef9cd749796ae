"""Pools that a cluster has scaled to zero: their models are offered as cold, and asking for one brings the pool back.

The models function reads the pools' Deployments and puts what is at zero on the roster, where every function reads it; it alone may.
"""

import json
import logging
import threading
from typing import Any

from olamchat import roster
from olamchat.environment import environment
from olamchat.redis import Lost
from olamchat.roster import Offer

PERIOD_S = 10.0
TTL_S = 40.0
TIMEOUT_S = (2, 5)
NAME = "pools-at-zero"
_log = logging.getLogger(__name__)


def start() -> None:
    """Watch the pools from now on, where the chart says which they are."""
    if environment().kubernetes_pools:
        threading.Thread(target=_for_ever, args=(_in_cluster(),), name="pools at zero", daemon=True).start()


def offers(api: Any, namespace: str, labels: str) -> list[Offer]:
    """Return the models of every pool without a running worker, as cold. Raises what the client raises."""
    found = api.list_namespaced_deployment(namespace, label_selector=labels, _request_timeout=TIMEOUT_S)
    asleep = [one.metadata for one in found.items if not (one.status.ready_replicas or 0)]
    return [offer for pool in asleep for offer in _cold(pool)]


def _cold(pool: Any) -> list[Offer]:
    """Return what the pool would offer, out of its Deployment's labels and annotations."""
    told = pool.annotations
    names = json.loads(told.get("olamchat/display-names") or "{}")
    return [
        Offer(
            model=model,
            pool=pool.labels["olamchat/pool"],
            engine=told["olamchat/engine"],
            state="cold",
            display_name=names.get(model, ""),
        )
        for model in filter(None, told["olamchat/models"].split(","))
    ]


def announce(api: Any) -> None:
    """Put what is at zero on the roster, or take it off. Failures are told and tried again."""
    settings = environment()
    try:
        cold = offers(api, settings.namespace, settings.kubernetes_pools)
        roster.announce(NAME, cold, capacity=0, running=0, ttl_s=TTL_S)
    except Lost:
        _log.warning("pools at zero could not be announced: Redis can't be reached")
    except Exception as error:  # noqa: BLE001, the client raises its own, urllib3's and more; the models that run are offered all the same
        _log.warning("pools at zero are not known: %s", error)


def _for_ever(api: Any) -> None:
    pause = threading.Event()
    while True:
        announce(api)
        pause.wait(PERIOD_S)


def _in_cluster() -> Any:
    """The Kubernetes API as this pod may use it. The client is heavy, so it is imported here alone."""
    from kubernetes import client, config

    config.load_incluster_config()  # type: ignore[no-untyped-call]
    return client.AppsV1Api()
