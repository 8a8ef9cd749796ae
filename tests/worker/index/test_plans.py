"""The plan of a search among many pieces: the indexes of words and of vectors are asked, whatever its asker may read."""

from typing import Any
from uuid import UUID

import psycopg

from olamchat.db.knowledge import passages, vector_index
from olamchat.db.pool import connected
from olamchat.services.knowledge import indexing
from tests.worker.index.conftest import Library

DIMENSIONS, COLLECTIONS, EACH = 8, 20, 1_100
FILL = """
INSERT INTO chunks (document_id, collection_id, number, page, start, "end", heading, text, words, embedding, space)
SELECT %(document)s, %(collection)s, n, 1, 0, 9, '', 'x', to_tsvector('simple', 'common word' || n %% 700 || ' rare' || n),
    (SELECT array_agg(sin(n * (d + 1) + %(seed)s))::vector::halfvec FROM generate_series(1, 8) d), %(space)s
FROM generate_series(1, %(each)s) n
"""


def filled(library: Library, user: UUID) -> tuple[UUID, int]:
    """Fill the table with more pieces than are compared one by one; return one collection of many, and the space."""
    with connected():
        space = indexing.space("small", DIMENSIONS)
    for seed in range(COLLECTIONS):
        collection = library.collection(user, f"Shelf {seed}")
        document = library.bring(user, collection, "a.txt", f"Text {seed}.")
        values = {"document": document, "collection": collection, "seed": seed, "space": space, "each": EACH}
        with psycopg.connect(library.house.database_url, autocommit=True) as connection:
            connection.execute(FILL, values)
    library.house.run("UPDATE documents SET state = 'ready', searchable = true, chunks = %s", EACH)
    with psycopg.connect(library.house.database_url, autocommit=True) as connection:
        # Not ANALYZE alone: the plan would depend on whether autovacuum had been there already, and emptied the word index's pending list.
        connection.execute("VACUUM ANALYZE")
    return collection, space


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", ()) for node in nodes(child))]


def test_a_search_among_many_pieces_asks_both_indexes(library: Library) -> None:
    ann = library.house.user()
    one, space = filled(library, ann)
    every = [row[0] for row in library.house.run("SELECT id FROM collections")]

    for collections in (every, [one]):
        used, looked_through = asked(planned(library, ann, collections, space, chunks=passages.INTERSECTED + 1))
        assert {vector_index.name(space), "chunks_words"} <= used, sorted(used)
        assert "chunks" not in looked_through


def test_of_fewer_pieces_those_of_the_collections_and_of_the_words_are_looked_at(library: Library) -> None:
    ann = library.house.user()
    one, space = filled(library, ann)

    used, looked_through = asked(planned(library, ann, [one], space, chunks=EACH * COLLECTIONS))

    # Which of the two is cheaper depends on how lately the table was vacuumed.
    assert vector_index.name(space) in used, sorted(used)
    assert used & {"chunks_of_collection", "chunks_words"}, sorted(used)
    assert "chunks" not in looked_through


def asked(plan: dict[str, Any]) -> tuple[set[str], list[str]]:
    """Return the indexes that a plan asks, and the tables that it looks through."""
    found = nodes(plan)
    used = {node["Index Name"] for node in found if "Index Name" in node}
    return used, [node["Relation Name"] for node in found if node["Node Type"] == "Seq Scan"]


def planned(library: Library, user: UUID, collections: list[UUID], space: int, *, chunks: int) -> dict[str, Any]:
    """Return PostgreSQL's plan for a search in these collections."""
    values = {
        "user_id": user, "collections": collections, "chunks": chunks, "limit": 8, "space": space,
        "embedding": f"[{','.join(['0.1'] * DIMENSIONS)}]", "said": ["word5", "rare7"], "words": ["'word5'", "'rare7'"],
        "parts": [0.001, None], "gathered": "'word5' | 'rare7'",
    }  # fmt: skip

    with psycopg.connect(library.house.database_url) as connection:
        for statement, _ in passages.SEARCH_ON:
            connection.execute(statement)
        sql = passages.by_index(space, DIMENSIONS, chunks)
        [(plan,)] = connection.execute(f"EXPLAIN (FORMAT JSON) {sql}", values).fetchall()

    whole: dict[str, Any] = plan[0]["Plan"]
    return whole
