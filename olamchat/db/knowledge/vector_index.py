"""The index of a space: an approximate one (HNSW), made when the space is new and empty, so that nobody waits for its building.

It needs version 0.8 of the extension, which goes on looking where much of what it finds may not be read. Without it every chunk is compared.
"""

from olamchat.db.pipeline import transaction
from olamchat.db.rows import run

# pgvector's own numbers, in words: links of a node, and how many are weighed as one is put in.
_MAKE = """CREATE INDEX IF NOT EXISTS {name} ON chunks USING hnsw ((embedding::halfvec({dimensions})) halfvec_cosine_ops)
           WITH (m = 16, ef_construction = 64) WHERE space = {space}"""
_ENOUGH = (
    "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'vector' AND string_to_array(extversion, '.')::int[] >= ARRAY[0, 8]) AS enough"
)


def make(space: int, dimensions: int) -> bool:
    """Make the index unless it is there; False where the extension is too old. Writing chunks waits meanwhile. Not within a transaction."""
    if exists(space):
        return True
    if not run(_ENOUGH)[0]["enough"]:
        return False
    make_it = _MAKE.format(name=name(space), space=int(space), dimensions=int(dimensions))
    with transaction() as pipeline:
        alone = ("SELECT pg_advisory_xact_lock(hashtext(%s))", [name(space)])  # two workers may begin at once
        pipeline.run(("SET LOCAL statement_timeout = 0", None), alone, (make_it, None), last=True)
    return True


def exists(space: int) -> bool:
    """Tell whether a space has its index."""
    sql = "SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass(%s) AND indisvalid) AS has"
    return bool(run(sql, [name(space)])[0]["has"])


def name(space: int) -> str:
    """Return how a space's index is called."""
    return f"chunks_meaning_{int(space)}"
