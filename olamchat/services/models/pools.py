"""The pools as administrators see them: what waits and runs, who works, which engines answer."""

from typing import Any

from olamchat import jobs, roster
from olamchat.db.people import administration as statements
from olamchat.db.pool import connected
from olamchat.db.rows import Row
from olamchat.redis import Lost
from olamchat.roster import Worker

_BEST = ("loaded", "loading", "cold", "down")


def state() -> dict[str, Any]:
    """Return {items, workers_known}: every pool that somebody serves or waits for. Without Redis only the queues are known. Raises DatabaseLost."""
    with connected():
        queues = {row["pool"]: row for row in statements.queues()}
        running = {(row["pool"], row["worker"]): row["running"] for row in statements.running()}
    workers = _workers()
    names = sorted({*queues, *(pool for worker in workers or () for pool in _pools_of(worker))})
    return {"items": [_shape(name, queues.get(name), workers or [], running) for name in names], "workers_known": workers is not None}


def _workers() -> list[Worker] | None:
    try:
        return roster.workers()
    except Lost:
        return None


def _pools_of(worker: Worker) -> set[str]:
    return {offer.pool for offer in worker.offers} | {replica.pool for replica in worker.replicas}


def _shape(name: str, queue: Row | None, workers: list[Worker], running: dict[tuple[str, str], int]) -> dict[str, Any]:
    serving = [worker for worker in workers if name in _pools_of(worker)]
    models = _models(name, serving)
    return {
        "name": name,
        "engines": sorted(_engines(name, serving)),
        "fetches": any(replica.fetches and replica.up for worker in serving for replica in worker.replicas if replica.pool == name),
        "up": any(model["state"] != "down" for model in models),
        "waiting": queue["waiting"] if queue else 0,
        "oldest_s": queue["oldest_s"] if queue else None,
        "running": queue["running"] if queue else 0,
        "counted": _load(name),
        "models": models,
        "workers": [_worker(worker, name, running.get((name, worker.id), 0)) for worker in serving if worker.capacity],
        "replicas": [_replica(worker, replica) for worker in serving for replica in worker.replicas if replica.pool == name],
    }


def _engines(pool: str, workers: list[Worker]) -> set[str]:
    offered = {offer.engine for worker in workers for offer in worker.offers if offer.pool == pool}
    return offered | {replica.kind for worker in workers for replica in worker.replicas if replica.pool == pool and replica.kind}


def _models(pool: str, workers: list[Worker]) -> list[dict[str, Any]]:
    best: dict[str, str] = {}
    for offer in (offer for worker in workers for offer in worker.offers if offer.pool == pool):
        best[offer.model] = min(best.get(offer.model, "down"), offer.state, key=_BEST.index)
    return [{"name": model, "state": best[model]} for model in sorted(best)]


def _worker(worker: Worker, pool: str, running: int) -> dict[str, Any]:
    capacity = max((offer.capacity for offer in worker.offers if offer.pool == pool), default=worker.capacity)
    return {"id": worker.id, "capacity": capacity, "running": running, "taken": worker.taken}


def _replica(worker: Worker, replica: roster.Replica) -> dict[str, Any]:
    same = {name: getattr(replica, name) for name in ("address", "up", "busy", "waiting", "trouble")}
    return {"worker": worker.id, **same, "loaded": list(replica.loaded)}


def _load(pool: str) -> int | None:
    try:
        return jobs.load(pool)
    except Lost:
        return None
