"""Which groups a provider's claims lead to, by the rules of the setting."""

from collections.abc import Iterator

import pytest

from olamchat import environment
from olamchat.environment import BadSetting
from olamchat.services.people.groups import claims


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    environment.environment.cache_clear()
    yield monkeypatch
    environment.environment.cache_clear()


@pytest.mark.parametrize(
    ("said", "claimed", "groups"),
    [
        ("/admins => Operators", {"/admins", "/other"}, ["Operators"]),
        ("chat-* => *", {"chat-legal", "chat-sales", "mail-legal"}, ["legal", "sales"]),
        ("CN=ml,OU=teams,DC=x => ML", {"CN=ml,OU=teams,DC=x"}, ["ML"]),
        ("a* => Team *; *b => Team *", {"ab"}, ["Team b", "Team a"]),
        ("* => *", {"X", "x"}, ["X"]),
        ("a.c => Dot", {"abc", "a.c"}, ["Dot"]),
        ("* => *", {"n" * 101, " ", "a\x00b"}, []),
        ("", {"anything"}, []),
    ],
)
def test_claims_lead_to_groups(rules: pytest.MonkeyPatch, said: str, claimed: set[str], groups: list[str]) -> None:
    rules.setenv("OLAMCHAT_OIDC_GROUPS", said)
    assert claims.named(claimed) == groups


@pytest.mark.parametrize("said", ["legal", "=> Legal", "legal =>", "a => *", "a** => b", "x => y; oops"])
def test_rules_that_cannot_be_read_are_named(rules: pytest.MonkeyPatch, said: str) -> None:
    rules.setenv("OLAMCHAT_OIDC_GROUPS", said)
    with pytest.raises(BadSetting, match="OLAMCHAT_OIDC_GROUPS"):
        claims.check()
