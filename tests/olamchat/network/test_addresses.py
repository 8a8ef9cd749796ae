"""Addresses as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olamchat.network import addresses
from olamchat.network.addresses import BadAddress


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("http://127.0.0.1:11434", "http://127.0.0.1:11434"),
        ("http://127.0.0.1:11434/", "http://127.0.0.1:11434"),
        (" 127.0.0.1:11434\n", "http://127.0.0.1:11434"),
        ("localhost", "http://localhost:11434"),
        ("gpu-1:8000/v1", "http://gpu-1:8000/v1"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("http://0.0.0.0:8000", "http://127.0.0.1:8000"),
        (":8000", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:11434"),
        ("[::]:8000", "http://[::1]:8000"),
        ("http://[fe80::1]:8000/v1/", "http://[fe80::1]:8000/v1"),
        ("https://api.example.org", "https://api.example.org"),
        ("HTTPS://API.example.org/v1", "https://api.example.org/v1"),
        ('"http://gpu:8000"', "http://gpu:8000"),
        ("' gpu '", "http://gpu:11434"),
        ("https://me:p%40ss@api.example.org", "https://me:p%40ss@api.example.org"),
    ],
)
def test_an_address_is_read_as_it_is_meant(given: str, read: str) -> None:
    assert addresses.http(given, port=11434) == read


@pytest.mark.parametrize("given", ["", "file:///etc/passwd", "redis://x", "http://", "http://x:99999", "http://x:y", "http://[::1", "http://a b", "x:0", "http://me@", "http://x/?a=b", "http://x/#a"])  # fmt: skip
def test_what_is_no_address_is_refused_with_a_sentence(given: str) -> None:
    with pytest.raises(BadAddress, match="address"):
        addresses.http(given)


def test_a_password_is_in_no_message() -> None:
    for each in ("http://me:secret@", "ftp://me:secret@x", "http://me:secret@x:port", "http://me:secret@x/?q"):
        with pytest.raises(BadAddress) as refused:
            addresses.http(each)
        assert "secret" not in str(refused.value)
    assert addresses.place("http://me:secret@x:1/v1") == "x:1"


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_refused(given: str) -> None:
    try:
        read = addresses.http(given)
    except BadAddress:
        return
    assert read.startswith(("http://", "https://"))
    assert addresses.http(read) == read
    addresses.is_loopback(read)


@pytest.mark.parametrize(("address", "here"), [("http://localhost:1", True), ("http://[::1]", True), ("http://127.9.9.9", True), ("http://gpu-1", False), ("http://10.0.0.1", False)])  # fmt: skip
def test_what_is_on_this_machine_is_known(address: str, here: bool) -> None:
    assert addresses.is_loopback(address) is here
