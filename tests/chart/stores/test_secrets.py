"""Passwords and keys are made once. Where the chart can't see whether they are there already, it makes none."""

import helm_python
import pytest

from tests.chart.rendering import Object, named, objects, texts

BLIND = {"generateWithoutCluster": False}
YOURS = {
    "auth": {"existingSecret": "d"},
    "keys": {"existingSecret": "a"},
    "postgres": {"existingSecret": "b"},
    "redis": {"existingSecret": "c"},
}


@pytest.mark.parametrize("missing", YOURS)
def test_without_a_cluster_to_ask_a_secret_that_is_not_named_is_refused(missing: str) -> None:
    values: Object = BLIND | {name: value for name, value in YOURS.items() if name != missing}
    with pytest.raises(helm_python.HelmError) as refused:
        texts(values)
    assert f"{missing}.existingSecret is empty, and no cluster can be asked" in str(refused.value)
    assert "generateWithoutCluster" in str(refused.value)


def test_with_secrets_of_ones_own_two_renderings_are_the_same() -> None:
    assert texts(BLIND | YOURS) == texts(BLIND | YOURS)


def test_whoever_allows_it_gets_passwords_that_differ_from_rendering_to_rendering() -> None:
    first, second = (named(objects({"generateWithoutCluster": True}), "Secret", "chat-postgres")["data"]["password"] for _ in range(2))
    assert first != second
