"""A mail server for the tests about accounts."""

from collections.abc import Iterator

import pytest

from tests.conftest import free_port
from tests.mailbox import Mailbox, serving
from tests.security.accounts.test_sign_up import let


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


@pytest.fixture
def smtp(box: Mailbox, variables: pytest.MonkeyPatch) -> Iterator[int]:
    """A mail server, and this process told of it."""
    port = free_port()
    with serving(box, port):
        told(variables, port, smtp_tls="none")
        yield port


def told(variables: pytest.MonkeyPatch, port: int, **given: str) -> None:
    let(
        variables, smtp_host="127.0.0.1", smtp_port=str(port), mail_from="Chat <chat@example.org>",
        public_url="https://chat.example.org", **given,
    )  # fmt: skip
