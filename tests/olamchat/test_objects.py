"""The store of files that speaks S3, against a real server."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from olamchat.objects import ObjectsLost
from tests import weed
from tests.conftest import free_port


@pytest.fixture(scope="module")
def s3_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with weed.serving(Path(tmp_path_factory.mktemp("weed"))) as url:
        yield url


def test_what_was_put_is_got_and_can_be_deleted_twice(s3_url: str) -> None:
    objects, file_id, content = weed.door(s3_url), uuid4(), bytes(range(256)) * 10_000

    objects.put(file_id, content)
    assert objects.get(file_id) == content
    objects.delete(file_id)
    objects.delete(file_id)

    assert objects.get(file_id) is None


def test_the_prefix_keeps_two_houses_apart(s3_url: str) -> None:
    file_id = uuid4()
    weed.door(s3_url, prefix="one/").put(file_id, b"mine")

    assert weed.door(s3_url, prefix="two/").get(file_id) is None
    assert weed.door(s3_url, prefix="one/").get(file_id) == b"mine"


def test_a_proxy_does_not_stand_before_a_store_on_this_machine(s3_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    objects, file_id = weed.door(s3_url), uuid4()

    objects.put(file_id, b"mine")
    assert objects.get(file_id) == b"mine"


@pytest.mark.parametrize("wrong", [{"secret_key": "not-the-secret"}, {"bucket": "no-such-bucket-here"}])
def test_a_store_that_refuses_is_lost_and_nothing_is_taken_for_kept(s3_url: str, wrong: dict[str, str]) -> None:
    with pytest.raises(ObjectsLost):
        weed.door(s3_url, **wrong).put(uuid4(), b"x")


def test_a_wrong_key_is_no_missing_file(s3_url: str) -> None:
    file_id = uuid4()
    weed.door(s3_url).put(file_id, b"x")

    with pytest.raises(ObjectsLost):
        weed.door(s3_url, secret_key="not-the-secret").get(file_id)


def test_a_store_that_is_not_there_is_lost(s3_url: str) -> None:
    with pytest.raises(ObjectsLost):
        weed.door(f"http://127.0.0.1:{free_port()}").get(uuid4())
