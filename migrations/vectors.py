"""What comparing texts by their meaning needs: the extension `vector` and a column for embeddings.

Looked at with every `python -m migrations up`, because an administrator may install the extension later. `vector` isn't a trusted
extension: where our role may not create it, a superuser does (docs/knowledge.md). Without it documents are found by their words.
"""

import psycopg

# The first version with halfvec.
_ENOUGH = "SELECT to_regtype('halfvec') IS NOT NULL"
_THERE = "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('chunks') AND attname = 'embedding' AND NOT attisdropped)"


def ensure(connection: psycopg.Connection) -> bool:
    """Create what can be created; return whether meanings can be compared. Within a transaction."""
    if not _tells(connection, _ENOUGH):
        _create(connection)
    if not _tells(connection, _ENOUGH):
        return False
    if not _tells(connection, _THERE):
        connection.execute("ALTER TABLE chunks ADD COLUMN embedding halfvec")
        connection.execute("ALTER TABLE chunks ALTER embedding SET STORAGE MAIN")
    return True


def _create(connection: psycopg.Connection) -> None:
    try:
        with connection.transaction():
            connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
    except psycopg.Error:  # not installed, or not allowed: `doctor` says so
        return


def _tells(connection: psycopg.Connection, sql: str) -> bool:
    [told] = connection.execute(sql).fetchone() or [False]
    return bool(told)
