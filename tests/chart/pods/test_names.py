"""Names stay names: short enough for Kubernetes, and never two things by one name, however long the words are they are made of."""

import pytest

from tests.chart.rendering import Object, objects, of_kind

LONG = "customer-support-assistant-for-the-whole-of-"  # 44 characters that two releases share


def names(found: list[Object]) -> set[tuple[str, str]]:
    return {(one["kind"], one["metadata"]["name"]) for one in found}


def test_two_releases_that_begin_alike_share_no_object() -> None:
    europe, asia = (names(objects(release=f"{LONG}{where}")) for where in ("europe", "asia"))
    assert not europe & asia


def test_a_short_release_gives_its_own_name() -> None:
    assert ("Service", "chat-web") in names(objects())


def test_two_pools_that_begin_alike_share_no_object() -> None:
    stem = "p" * 29
    found = objects({"workers": {"pools": [{"name": f"{stem}{letter}", "models": ["a"]} for letter in "ab"]}}, release=f"{LONG}europe")
    assert len(of_kind(found, "Deployment")) == len(names(of_kind(found, "Deployment")))


@pytest.mark.parametrize("release", ["chat", f"{LONG}europe", f"{LONG}eur"[:30]])
def test_every_name_is_one_that_kubernetes_takes(release: str) -> None:
    for kind, name in names(
        objects({"workers": {"pools": [{"name": "p" * 30, "models": ["a"], "placement": "service"}]}}, release=release)
    ):
        assert len(name) <= 63 or kind.startswith("ValidatingAdmission"), (kind, name)
        assert not name.endswith("-")
