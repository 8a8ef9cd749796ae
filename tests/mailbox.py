"""A real mail server (aiosmtpd) that keeps what comes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    """Keeps what comes; `refusal` is what the server answers instead."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refusal = ""

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802, aiosmtpd's name
        if self.refusal:
            return self.refusal
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def link(self, page: str = "reset") -> str:
        """Return the link to a page in the newest mail."""
        found = re.search(rf"https?://[^/\s]+/{page}#token=[\w-]+", self.text())
        assert found, self.text()
        return found[0]

    def token(self, page: str = "reset") -> str:
        """Return the token of that link."""
        return self.link(page).partition("=")[2]

    def text(self, kind: str = "plain") -> str:
        body = self.mails[-1].get_body((kind,))
        assert body is not None
        return str(body.get_content())


@contextmanager
def serving(box: Mailbox, port: int, **given: Any) -> Iterator[None]:
    """Take mail at this port until the block ends."""
    server = Controller(box, hostname="127.0.0.1", port=port, **given)
    server.start()
    try:
        yield
    finally:
        server.stop()
