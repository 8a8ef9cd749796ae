"""Whether a client is still there, looked at without waiting."""

import socket
from typing import Any


def has_hung_up(connection: Any) -> bool:
    """Look at the connection, without waiting, whether its other end is closed: what a client closes is otherwise seen only at a write."""
    plain = getattr(connection, "_sock", None)
    if plain is None:
        return False
    try:
        return not plain.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True
