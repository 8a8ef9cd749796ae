"""Where a person's other devices find the page."""

import pytest
import segno

from olamchat import environment
from tests.functions.conftest import Person


@pytest.mark.parametrize(
    ("variables_set", "address"),
    [
        ({}, None),
        ({"OLAMCHAT_NETWORK_URL": "http://192.0.2.7:8000"}, "http://192.0.2.7:8000"),
        ({"OLAMCHAT_NETWORK_URL": "http://192.0.2.7:8000", "OLAMCHAT_PUBLIC_URL": "https://chat.example.org"}, "https://chat.example.org"),
    ],
)
def test_the_address_is_told_with_its_qr_code(
    ann: Person, variables: pytest.MonkeyPatch, variables_set: dict[str, str], address: str | None
) -> None:
    for name, value in variables_set.items():
        variables.setenv(name, value)
    environment.environment.cache_clear()

    told = ann.get("/api/auth/address").get_json()

    assert told["address"] == address
    assert told["qr"] == ([] if address is None else ["".join(map(str, row)) for row in segno.make(address, error="m", micro=False).matrix])
