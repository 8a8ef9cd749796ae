"""How a person's other devices reach the page: its address, and the same as a QR code for a phone's camera."""

from typing import Any

import segno

from olamchat.environment import environment


def address() -> dict[str, Any]:
    """Return {address, qr}: null and no rows where nobody has said how others reach this house."""
    known = environment().public_url or environment().network_url
    return {"address": known or None, "qr": drawn(known) if known else []}


def drawn(text: str) -> list[str]:
    """Return a QR code's rows, a 1 for each dark square."""
    return ["".join("1" if dark else "0" for dark in row) for row in segno.make(text, error="m", micro=False).matrix]
