"""A library: a real Postgres with a person, their collections, and documents that were read, cut and embedded by the code that index workers run.

What index workers add around it (leases, child processes, commits a batch) is measured elsewhere.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg

from local import postgres
from local.parts import free_port
from migrations import runner
from olamchat.clock import uuid7
from olamchat.db.knowledge import collections, documents, indexing
from olamchat.db.pool import connected, database, open_database
from olamchat.services.knowledge import languages
from olamchat.services.knowledge.indexing import vector
from worker.index import cutting
from worker.index.readers import child
from worker.index.readers.blocks import Block
from worker.index.runner import BATCH
from worker.pools.space import AT_ONCE, Space

_FILE = """
INSERT INTO files (id, created_at, user_id, name, kind, media_type, bytes, digest, store)
VALUES (%s, now(), %s, %s, 'document', 'application/octet-stream', %s, %s, 'postgres')
"""
PERSON = "INSERT INTO users (id, created_at, email, password_hash, role) VALUES (%s, now(), %s, '', 'user')"


@dataclass
class Library:
    """A running server and its one reader."""

    server: postgres.Postgres
    user_id: UUID

    def collection(self, name: str) -> UUID:
        with connected():
            return collections.add(self.user_id, name, "owner")

    def bring(self, collection: UUID, path: str, content: bytes, space: Space) -> int:
        """Read, cut, keep and embed a document; return its chunks."""
        document = self._noted(collection, path, content)
        chunks = list(cutting.cut(block for block in child.read(content, path) if isinstance(block, Block) and block.text))
        language = languages.language(" ".join(chunk.text for chunk in chunks[:64]))
        with connected():
            for first in range(0, len(chunks), BATCH):
                some = chunks[first : first + BATCH]
                rows = [chunk.as_row(language) for chunk in some]
                indexing.keep(document, 1, rows, kept=some[-1].number + 1, pages=some[-1].page)
            indexing.has_read(document, 1, chunks=len(chunks), pages=chunks[-1].page if chunks else 0, cut=False, language=language)
        number = space.number()
        if number is not None:
            self._embed(document, number, space)
        return len(chunks)

    def texts(self) -> dict[int, str]:
        """Return every chunk's text by its id."""
        with psycopg.connect(self.server.url) as connection:
            return dict(connection.execute("SELECT id, text FROM chunks").fetchall())

    def settle(self) -> None:
        """Let Postgres learn what is in its tables, as it does by itself within minutes."""
        with psycopg.connect(self.server.url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")

    def close(self) -> None:
        database.close_idle()
        self.server.stop()

    def _noted(self, collection: UUID, path: str, content: bytes) -> UUID:
        file_id, digest = uuid7(), hashlib.sha256(content).hexdigest()
        with connected():
            database.execute_sql(_FILE, [file_id, self.user_id, path.rpartition("/")[2], len(content), digest])
            document = documents.add(collection, self.user_id, file_id, path)
            database.execute_sql(
                "UPDATE documents SET state = 'running', attempt = 1, cutting = %s WHERE id = %s", [cutting.VERSION, document]
            )
        return document

    def _embed(self, document: UUID, number: int, space: Space) -> None:
        with connected():
            while rows := indexing.unembedded(document, number, AT_ONCE):
                vectors = space.embed([f"{row['heading']}\n{row['text']}".strip() for row in rows])
                indexing.embed(document, 1, space=number, ids=[row["id"] for row in rows], embeddings=[vector(one) for one in vectors])
            indexing.done(document, 1, space=number, note=None)


def opened(folder: Path, options: Sequence[str] = ()) -> Library:
    """Start a server in this folder, with these settings of its own, and bring its database to the newest schema."""
    folder.mkdir(parents=True, exist_ok=True)
    server = postgres.start(folder / "postgres", free_port(), log=folder / "postgres.log", durable=False, options=options)
    runner.up(server.url)
    open_database(server.url)
    user_id = uuid7()
    with connected():
        database.execute_sql(PERSON, [user_id, f"{user_id}@example.com"])
    return Library(server, user_id)
