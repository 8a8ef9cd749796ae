"""As many pieces as wanted, made by a script: words as common as in real texts (Zipf's law), vectors around centres, in 100 collections.

Of the collections one is everyone's, nine more are a group's, and all belong to one person: three people who may read 1, 10 and 100 %.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import psycopg

from bench.knowledge.library import PERSON
from olamchat.clock import uuid7

DIMENSIONS, CENTRES, NEAR = 768, 4_000, 0.6
COLLECTIONS, OF_GROUP, DOCUMENTS_EACH = 100, 9, 100
VOCABULARY, WORDS, TEXTS = 60_000, 110, 20_000
# Pieces that are made at once.
BATCH = 20_000
_SYLLABLES = [first + second for first in "bdfghklmnprstvwz" for second in ("a", "e", "i", "o", "u", "en", "ar")]
_COLLECTIONS = """
INSERT INTO collections (id, created_at, user_id, name, audience)
SELECT id, now(), %(user)s, 'Shelf ' || n, CASE WHEN n = 1 THEN 'everyone' WHEN n <= 1 + %(of_group)s THEN 'chosen' ELSE 'owner' END
FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS c (id, n)
"""
_FILES = """
INSERT INTO files (id, created_at, user_id, name, kind, media_type, bytes, digest, store)
SELECT id, now(), %(user)s, n || '.txt', 'document', 'text/plain', 1, encode(sha256(n::text::bytea), 'hex'), 'postgres' FROM unnest(%(files)s::uuid[]) WITH ORDINALITY AS f (id, n)
"""
_DOCUMENTS = """
INSERT INTO documents (id, created_at, collection_id, user_id, file_id, path, state, attempt, chunks, kept, searchable, language, space)
SELECT id, now(), collection_id, %(user)s, file_id, n || '.txt', 'ready', 1, %(each)s, %(each)s, true, 'english', %(space)s
FROM unnest(%(ids)s::uuid[], %(collections)s::uuid[], %(files)s::uuid[]) WITH ORDINALITY AS d (id, collection_id, file_id, n)
"""
_STAGE = """
CREATE UNLOGGED TABLE bench_texts AS SELECT n - 1 AS n, text, to_tsvector('english', text) AS words FROM unnest(%s::text[]) WITH ORDINALITY AS t (text, n)
"""
_FILL = """
INSERT INTO chunks (document_id, collection_id, number, page, start, "end", heading, text, words, embedding, space)
SELECT d.id, d.collection_id, p.piece %% %(each)s, 1, 0, length(t.text), '', t.text, t.words || array_to_tsvector(ARRAY['nr' || p.piece]),
    p.embedding, %(space)s
FROM bench_pieces p JOIN bench_texts t ON t.n = p.piece %% %(texts)s JOIN bench_documents d ON d.n = p.piece / %(each)s
"""


@dataclass(frozen=True)
class People:
    """Who may read how much of the pieces."""

    of_all: UUID
    of_tenth: UUID
    of_hundredth: UUID


class Shelves:
    """The pieces: what is in them by their numbers, always the same."""

    def __init__(self, pieces: int, seed: int = 7) -> None:
        self.each = max(1, pieces // (COLLECTIONS * DOCUMENTS_EACH))
        self.pieces = self.each * COLLECTIONS * DOCUMENTS_EACH
        self._random = np.random.default_rng(seed)
        self._vocabulary = _vocabulary(self._random)
        self._centres = self._random.standard_normal((CENTRES, DIMENSIONS)).astype(np.float32)
        ranks = np.arange(1, VOCABULARY + 1)
        common = 1 / (ranks + 2.7)
        self._texts = self._random.choice(VOCABULARY, size=(TEXTS, WORDS), p=common / common.sum())
        self.collections = [uuid7() for _ in range(COLLECTIONS)]

    def questions(self, count: int) -> Iterator[tuple[str, list[float]]]:
        """Yield (question, embedding): six words of a piece in a sentence, and a vector near one of a centre."""
        for _ in range(count):
            words = self._random.choice(self._texts[self._random.integers(TEXTS)], 6, replace=False)
            said = " ".join(self._vocabulary[word] for word in words)
            yield f"How does the {said} of it?", self._near(self._random.integers(CENTRES, size=1))[0].tolist()

    def fill(self, url: str, space: int, said: Any) -> People:
        """Write everything, batch by batch; `said` is called with each batch's end. There is no index of vectors yet."""
        with psycopg.connect(url, autocommit=True) as connection:
            people = self._people(connection)
            self._documents(connection, people.of_all, space)
            connection.execute(_STAGE, [[" ".join(self._vocabulary[word] for word in text) for text in self._texts]])
            for first in range(0, self.pieces, BATCH):
                numbers = range(first, min(first + BATCH, self.pieces))
                self._pieces(connection, numbers, space)
                said(numbers.stop)
            connection.execute("DROP TABLE bench_texts, bench_documents")
            connection.execute("VACUUM ANALYZE")
        return people

    def _people(self, connection: psycopg.Connection) -> People:
        people, group = People(uuid7(), uuid7(), uuid7()), uuid7()
        for user_id in (people.of_all, people.of_tenth, people.of_hundredth):
            connection.execute(PERSON, [user_id, f"{user_id}@example.com"])
        connection.execute("INSERT INTO groups (id, created_at, name) VALUES (%s, now(), 'Readers')", [group])
        connection.execute("INSERT INTO group_members (group_id, user_id) VALUES (%s, %s)", [group, people.of_tenth])
        connection.execute(_COLLECTIONS, {"user": people.of_all, "ids": self.collections, "of_group": OF_GROUP})
        connection.execute(
            "INSERT INTO collection_groups (collection_id, group_id) SELECT unnest(%s::uuid[]), %s",
            [self.collections[1 : 1 + OF_GROUP], group],
        )
        return people

    def _documents(self, connection: psycopg.Connection, user: UUID, space: int) -> None:
        files, ids = ([uuid7() for _ in range(COLLECTIONS * DOCUMENTS_EACH)] for _ in range(2))
        of = [collection for collection in self.collections for _ in range(DOCUMENTS_EACH)]
        values = {"user": user, "files": files, "ids": ids, "collections": of, "each": self.each, "space": space}
        connection.execute(_FILES, values)
        connection.execute(_DOCUMENTS, values)
        connection.execute("CREATE UNLOGGED TABLE bench_documents (n bigint PRIMARY KEY, id uuid, collection_id uuid)")
        made = "INSERT INTO bench_documents SELECT n - 1, id, c FROM unnest(%s::uuid[], %s::uuid[]) WITH ORDINALITY AS d (id, c, n)"
        connection.execute(made, [ids, of])

    def _pieces(self, connection: psycopg.Connection, numbers: range, space: int) -> None:
        vectors = self._near(self._random.integers(CENTRES, size=len(numbers))).astype(">f2")
        with connection.transaction():
            connection.execute("CREATE TEMPORARY TABLE bench_pieces (piece integer, embedding halfvec) ON COMMIT DROP")
            with connection.cursor().copy("COPY bench_pieces FROM STDIN (FORMAT BINARY)") as copy:
                copy.write(_binary(numbers, vectors))
            connection.execute("ANALYZE bench_pieces")
            connection.execute(_FILL, {"each": self.each, "texts": TEXTS, "space": space})

    def _near(self, centres: Any) -> Any:
        noise = self._random.standard_normal((len(centres), DIMENSIONS)).astype(np.float32)
        vectors = self._centres[centres] + NEAR * noise
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _vocabulary(random: Any) -> Sequence[str]:
    """Return words of two to five syllables, each another."""
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        words["".join(random.choice(_SYLLABLES, random.integers(2, 6)))] = None
    return list(words)


def _binary(numbers: range, vectors: Any) -> bytes:
    """Return rows (number, vector) as COPY's binary format has them, a vector as pgvector sends one: its size, two bytes of nothing, halves."""
    size = 4 + 2 * DIMENSIONS
    rows = (
        struct.pack(">hiiihh", 2, 4, number, size, DIMENSIONS, 0) + vector.tobytes()
        for number, vector in zip(numbers, vectors, strict=True)
    )
    return b"PGCOPY\n\xff\r\n\x00" + bytes(8) + b"".join(rows) + struct.pack(">h", -1)
