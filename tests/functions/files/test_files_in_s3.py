"""Files in an S3-compatible store, through the routes: kept there, read from there, erased with what had them, and what happens while it is away."""

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from olamchat import objects
from olamchat.db.pool import DatabaseLost
from olamchat.environment import environment
from olamchat.services import files
from tests import samples, weed
from tests.conftest import free_port
from tests.functions.conftest import Person, finish
from tests.functions.conversations.test_sharing import shared
from tests.functions.files.test_files import put, sql

PNG = samples.png(64, 64)


@pytest.fixture(scope="module")
def s3_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with weed.serving(Path(tmp_path_factory.mktemp("weed"))) as url:
        yield url


@pytest.fixture
def bucket(s3_url: str, variables: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Files go to the bucket; the function that is given says where the store is from then on."""

    def lies_at(url: str) -> None:
        given = {"BUCKET": weed.BUCKET, "URL": url, "ACCESS_KEY": weed.KEYS["access_key"], "SECRET_KEY": weed.KEYS["secret_key"]}
        for name, value in given.items():
            variables.setenv(f"OLAMCHAT_S3_{name}", value)
        environment.cache_clear()
        objects.objects.cache_clear()

    lies_at(s3_url)
    yield lies_at
    objects.objects.cache_clear()


def in_bucket(url: str, file_id: str) -> bytes | None:
    return weed.door(url).get(UUID(file_id))


def refused(response: TestResponse) -> tuple[int, str, bool]:
    return response.status_code, response.get_json()["code"], "Retry-After" in response.headers


def test_a_file_is_kept_in_the_bucket_alone_and_read_from_it(ann: Person, bob: Person, bucket: Callable[[str], None], s3_url: str) -> None:
    kept = put(ann, PNG, "sea.png")

    got = ann.get(f"/api/files/{kept['id']}")

    assert (got.status_code, got.data, got.content_type) == (200, PNG, "image/png")
    assert in_bucket(s3_url, kept["id"]) == PNG
    assert sql("SELECT store, state FROM files") == [("s3", "kept")]
    assert sql("SELECT count(*) FROM file_contents") == [(0,)]
    assert bob.get(f"/api/files/{kept['id']}").status_code == 404


def test_a_link_and_the_zip_hand_it_out_too(ann: Person, bucket: Callable[[str], None], offers: None) -> None:
    notes, conversation = put(ann, b"# Milk", "notes.md"), ann.conversation()
    finish(ann.ask(conversation, attachments=[notes["id"]])["answer"]["id"])
    link = shared(ann, conversation)

    seen = Person(ann.app, "").get(f"/api/shares/{link['token']}/files/{notes['id']}")
    archive = zipfile.ZipFile(io.BytesIO(ann.get("/api/conversations/export").get_data()))

    assert seen.data == archive.read(f"files/{notes['id']}/notes.md") == b"# Milk"


def test_what_is_deleted_leaves_the_bucket(ann: Person, bucket: Callable[[str], None], offers: None, s3_url: str) -> None:
    loose, sent, conversation = put(ann, b"loose", "a.txt"), put(ann, b"sent", "b.txt"), ann.conversation()
    finish(ann.ask(conversation, attachments=[sent["id"]])["answer"]["id"])

    assert ann.delete(f"/api/files/{loose['id']}").status_code == 204
    files.sweep()
    assert (in_bucket(s3_url, loose["id"]), in_bucket(s3_url, sent["id"])) == (None, b"sent")

    ann.delete(conversation)
    sql("UPDATE files SET created_at = now() - interval '30 days'")
    sql("UPDATE conversations SET deleted_at = now() - interval '8 days'")
    files.sweep()
    assert in_bucket(s3_url, sent["id"]) is None
    assert sql("SELECT count(*) FROM objects_left") == [(0,)]


def test_while_the_store_is_away_nothing_is_lost(ann: Person, bucket: Callable[[str], None], s3_url: str) -> None:
    kept = put(ann, PNG, "sea.png")
    etag = {"If-None-Match": ann.get(f"/api/files/{kept['id']}").headers["ETag"]}
    bucket(f"http://127.0.0.1:{free_port()}")

    assert refused(ann.post("/api/files", data=b"text", query_string={"name": "a.txt"})) == (503, "unavailable", True)
    assert refused(ann.get(f"/api/files/{kept['id']}")) == (503, "unavailable", True)
    assert ann.get(f"/api/files/{kept['id']}", headers=etag).status_code == 304, "whoever has it needs no store"
    assert ann.get("/api/files").get_json()["used_bytes"] == len(PNG), "what was not kept is not counted"

    bucket(s3_url)
    assert ann.get(f"/api/files/{kept['id']}").data == PNG
    assert put(ann, b"text", "a.txt")["name"] == "a.txt"
    files.sweep()
    assert sql("SELECT count(*) FROM objects_left") == [(0,)]


def test_what_waits_to_be_erased_waits_for_the_store(ann: Person, bucket: Callable[[str], None], s3_url: str) -> None:
    kept = put(ann, b"text", "a.txt")
    ann.delete(f"/api/files/{kept['id']}")
    bucket(f"http://127.0.0.1:{free_port()}")

    with pytest.raises(DatabaseLost):
        files.sweep()

    assert sql("SELECT count(*) FROM objects_left") == [(1,)]
    bucket(s3_url)
    assert files.sweep() == 1
    assert in_bucket(s3_url, kept["id"]) is None


def test_files_of_before_are_still_read_from_postgres(ann: Person, variables: pytest.MonkeyPatch, s3_url: str) -> None:
    before = put(ann, b"before", "a.txt")
    for name, value in {"BUCKET": weed.BUCKET, "URL": s3_url}.items():
        variables.setenv(f"OLAMCHAT_S3_{name}", value)
    environment.cache_clear()

    assert ann.get(f"/api/files/{before['id']}").data == b"before"
