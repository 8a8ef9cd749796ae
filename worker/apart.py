"""The process of one turn that may have killed a worker: `python -m worker.apart TURN ATTEMPT`.

It has the parts that a turn needs (lease, texts, stops), takes nothing else, and ends with it.
"""

import signal
import sys
import threading
from uuid import UUID

from olamchat import logs, tracing
from olamchat.db.pool import open_database
from olamchat.environment import environment
from olamchat.services.turns import lifecycle
from worker.pools.config import pools
from worker.process import Process

CONNECTIONS = 4


def main(turn_id: str, attempt: int) -> int:
    """Run the turn to its end, or until SIGTERM has handed it over."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to its worker too, which then sends SIGTERM
    settings = environment()
    logs.set_up(settings.log_level, settings.log_format)
    tracing.set_up("worker")
    open_database(size=CONNECTIONS)
    turn = lifecycle.taken(UUID(turn_id), attempt)
    if turn is None:
        return 0
    process = Process(settings, pools(settings), alone=True)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=process.leave, daemon=True).start())
    process.start()
    try:
        process.run(turn)
    finally:
        process.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
