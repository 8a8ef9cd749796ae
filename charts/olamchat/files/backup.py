"""Bring dumps of the database to an S3-compatible store, forget old ones, and fetch one for a restore. Runs in the app's image.

python backup.py keep FILE COUNT     put FILE there under a name with the time, then delete all but the newest COUNT
python backup.py fetch NAME FILE     write the dump NAME, or with `latest` the newest, to FILE

Where the store is comes from BACKUP_BUCKET, _URL, _REGION, _PREFIX; its keys from BACKUP_ACCESS_KEY and _SECRET_KEY, else from the pod's role.
"""

import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from botocore.config import Config
from botocore.session import get_session

NAME = re.compile(r"olamchat-\d{8}T\d{6}Z\.dump")
PART = 64 * 1024 * 1024


def store():
    """Return a client of the store."""
    said = {name: os.environ.get(f"BACKUP_{name}") or None for name in ("URL", "REGION", "ACCESS_KEY", "SECRET_KEY")}
    return get_session().create_client(
        "s3",
        endpoint_url=said["URL"],
        region_name=said["REGION"],
        aws_access_key_id=said["ACCESS_KEY"],
        aws_secret_access_key=said["SECRET_KEY"],
        config=Config(retries={"max_attempts": 5}, s3={"addressing_style": "path"} if said["URL"] else {}),
    )


def names(client):
    """List the dumps that are there, oldest first. What has another name is none of ours."""
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket(), Prefix=prefix())
    found = (one["Key"].removeprefix(prefix()) for page in pages for one in page.get("Contents", ()))
    return sorted(name for name in found if NAME.fullmatch(name))


def keep(client, file, count):
    """Put a dump there in parts, so that it may have any size, then delete the old ones."""
    name = f"olamchat-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.dump"
    where = {"Bucket": bucket(), "Key": prefix() + name}
    upload = where | {"UploadId": client.create_multipart_upload(**where)["UploadId"]}
    try:
        parts = list(put_parts(client, upload, file))
        client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    except BaseException:
        client.abort_multipart_upload(**upload)
        raise
    there = client.head_object(**where)["ContentLength"]
    if there != file.stat().st_size:
        sys.exit(f"{name} has {there} bytes in the store and {file.stat().st_size} here: nothing old was deleted.")
    print(f"kept {name}, {there} bytes")
    for old in names(client)[:-count]:
        client.delete_object(Bucket=bucket(), Key=prefix() + old)
        print(f"deleted {old}")


def put_parts(client, upload, file):
    """Send the file part by part and yield what the store calls each."""
    with file.open("rb") as dump:
        number = 0
        while (data := dump.read(PART)) or not number:
            number += 1
            yield {"PartNumber": number, "ETag": client.upload_part(**upload, PartNumber=number, Body=data)["ETag"]}


def fetch(client, name, file):
    """Write a dump to a file."""
    there = names(client)
    wanted = (there[-1] if there else "") if name == "latest" else name
    if wanted not in there:
        sys.exit(f"There is no dump {name} in {bucket()}/{prefix()}; there are: {', '.join(there[-10:]) or 'none'}")
    with file.open("wb") as dump:
        for piece in client.get_object(Bucket=bucket(), Key=prefix() + wanted)["Body"].iter_chunks(1024 * 1024):
            dump.write(piece)
    print(f"fetched {wanted}, {file.stat().st_size} bytes")


def bucket():
    return os.environ["BACKUP_BUCKET"]


def prefix():
    return os.environ.get("BACKUP_PREFIX", "")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["keep", file, count] if int(count) > 0:
            keep(store(), Path(file), int(count))
        case ["fetch", name, file]:
            fetch(store(), name, Path(file))
        case _:
            sys.exit(__doc__)
