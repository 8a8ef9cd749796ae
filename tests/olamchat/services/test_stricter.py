"""An assistant's rule of approval makes a server's stricter and never laxer."""

import pytest

from olamchat.services.steps.toolbox import _ruled


@pytest.mark.parametrize(
    ("server", "assistant", "counts"),
    [
        ("never", None, "never"), ("never", "writes", "writes"), ("never", "always", "always"),
        ("writes", None, "writes"), ("writes", "always", "always"),
        ("always", None, "always"), ("always", "writes", "always"),
    ],
)  # fmt: skip
def test_the_stricter_rule_counts(server: str, assistant: str | None, counts: str) -> None:
    rules = {} if assistant is None else {"notes": assistant}
    assert _ruled({"server": "notes", "approval": server}, rules)["approval"] == counts  # type: ignore[arg-type]
