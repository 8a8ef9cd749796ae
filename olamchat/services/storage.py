"""Where the bytes of files are: in Postgres, or in an S3-compatible store where one is set. A file's row says which has it.

A file that was kept in the one stays there when the setting changes, and is found as long as both can be reached.
"""

from typing import Literal, Protocol
from uuid import UUID

from olamchat.db import files as rows
from olamchat.db.pool import DatabaseLost, connected
from olamchat.environment import environment
from olamchat.objects import ObjectsLost, objects

StoreName = Literal["postgres", "s3"]


class StorageLost(DatabaseLost):
    """The store of the files can't be reached: as bad as the database, and answered in the same way."""


class Store(Protocol):
    """Keeps bytes by a file's id. Every verb raises DatabaseLost where it can't."""

    def put(self, file_id: UUID, content: bytes) -> None: ...

    def get(self, file_id: UUID) -> bytes | None: ...

    def delete(self, file_id: UUID) -> None: ...


class InPostgres:
    """The database itself: nothing else to run, and in its backups. The row's deletion takes the bytes with it."""

    def put(self, file_id: UUID, content: bytes) -> None:
        with connected():
            rows.put_content(file_id, content)

    def get(self, file_id: UUID) -> bytes | None:
        with connected():
            return rows.content(file_id)

    def delete(self, file_id: UUID) -> None: ...


class InObjects:
    """A bucket of an S3-compatible store."""

    def put(self, file_id: UUID, content: bytes) -> None:
        try:
            objects().put(file_id, content)
        except ObjectsLost as error:
            raise StorageLost(str(error)) from error

    def get(self, file_id: UUID) -> bytes | None:
        try:
            return objects().get(file_id)
        except ObjectsLost as error:
            raise StorageLost(str(error)) from error

    def delete(self, file_id: UUID) -> None:
        try:
            objects().delete(file_id)
        except ObjectsLost as error:
            raise StorageLost(str(error)) from error


_STORES: dict[str, Store] = {"postgres": InPostgres(), "s3": InObjects()}


def chosen() -> StoreName:
    """Return the store that new files go to."""
    return "s3" if environment().s3_bucket else "postgres"


def store(name: str) -> Store:
    """Return the store of that name, as a file's row has it."""
    return _STORES[name]
