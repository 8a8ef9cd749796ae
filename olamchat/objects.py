"""Files as objects of an S3-compatible store (https://docs.aws.amazon.com/AmazonS3/latest/API/): put, get, delete, by the file's id."""

from functools import cache
from typing import Any
from uuid import UUID

from olamchat.environment import BadSetting, environment
from olamchat.network import certificates
from olamchat.network.addresses import BadAddress, http, is_loopback

CONNECT_S, READ_S = 3, 20
GONE = {"NoSuchKey", "404", "NotFound"}


class ObjectsLost(Exception):
    """The store can't be reached, or refuses us."""


class Objects:
    """One bucket. The address may be empty for Amazon's own."""

    def __init__(self, *, url: str, bucket: str, region: str, access_key: str, secret_key: str, prefix: str = "") -> None:
        from botocore.config import Config
        from botocore.session import Session

        settings = Config(
            s3={"addressing_style": "path"},
            connect_timeout=CONNECT_S,
            read_timeout=READ_S,
            retries={"total_max_attempts": 2, "mode": "standard"},
            # Checksums of a newer kind than most other stores know; TLS and the signature cover the bytes.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            # A store on this machine is reached without the environment's proxy; another as the environment says.
            proxies={} if is_loopback(url) else None,
        )
        self._bucket, self._prefix = bucket, prefix
        self._client: Any = Session().create_client(
            "s3", endpoint_url=url or None, region_name=region, config=settings, verify=certificates.bundle(),
            aws_access_key_id=access_key or None, aws_secret_access_key=secret_key or None,
        )  # fmt: skip

    def put(self, file_id: UUID, content: bytes) -> None:
        """Keep the bytes under the id. Raises ObjectsLost."""
        self._ask("put_object", file_id, Body=content, ContentType="application/octet-stream")

    def get(self, file_id: UUID) -> bytes | None:
        """Return the bytes, None where there are none. Raises ObjectsLost."""
        found = self._ask("get_object", file_id)
        return found["Body"] if found else None

    def delete(self, file_id: UUID) -> None:
        """Erase the bytes, if they are there. Raises ObjectsLost."""
        self._ask("delete_object", file_id)

    def _ask(self, verb: str, file_id: UUID, **given: Any) -> dict[str, Any] | None:
        from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

        try:
            told: dict[str, Any] = getattr(self._client, verb)(Bucket=self._bucket, Key=f"{self._prefix}{file_id}", **given)
            return {**told, "Body": told["Body"].read()} if "Body" in told else told
        except ClientError as error:
            if verb != "put_object" and error.response.get("Error", {}).get("Code") in GONE:
                return None
            raise ObjectsLost(f"{verb}: {error}") from error
        except (BotoCoreError, HTTPClientError, OSError) as error:
            raise ObjectsLost(f"{verb}: {error}") from error


@cache
def objects() -> Objects:
    """Return this process's door to the bucket of its settings."""
    settings = environment()
    return Objects(
        url=_address(settings.s3_url), bucket=settings.s3_bucket, region=settings.s3_region, prefix=settings.s3_prefix,
        access_key=settings.s3_access_key, secret_key=settings.s3_secret_key,
    )  # fmt: skip


def _address(given: str) -> str:
    try:
        return http(given) if given else ""
    except BadAddress as error:
        raise BadSetting(f"OLAMCHAT_S3_URL can't be read: {error}") from None
