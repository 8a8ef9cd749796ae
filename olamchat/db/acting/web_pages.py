"""Web pages that answers have opened, and the attachments that they may read."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from olamchat.clock import now
from olamchat.db.rows import Row, run

_COLUMNS = "final_url, title, content, cut"
_KEEP = f"""
INSERT INTO web_pages (message_id, url, final_url, title, content, cut, opened_at)
SELECT id, %(url)s, %(final_url)s, %(title)s, %(content)s, %(cut)s, %(at)s FROM messages WHERE id = %(message_id)s
ON CONFLICT (message_id, url) DO UPDATE SET url = excluded.url RETURNING {_COLUMNS}
"""  # noqa: S608, the columns above
# The branch that ends with the answer, so that another branch's files stay apart.
_ATTACHED = """
WITH RECURSIVE branch AS (
    SELECT id, parent_id, 0 AS back FROM messages WHERE id = %(message_id)s
    UNION ALL SELECT m.id, m.parent_id, b.back + 1 FROM messages m JOIN branch b ON m.id = b.parent_id
)
SELECT f.name, coalesce(p.text, f.text) AS text, coalesce(p.cut, f.cut) AS cut
FROM branch b JOIN attachments a ON a.message_id = b.id JOIN files f ON f.id = a.file_id LEFT JOIN LATERAL (
    SELECT string_agg(k.text, E'\n\n' ORDER BY k.number) AS text, bool_or(d.cut OR d.chunks > %(most)s) AS cut
    FROM documents d JOIN chunks k ON k.document_id = d.id
    WHERE d.file_id = f.id AND d.searchable AND d.deleted_at IS NULL AND k.number < %(most)s AND (f.text IS NULL OR f.cut)) p ON true
WHERE f.state = 'kept' ORDER BY b.back, a.place
"""
# Chunks of a document that are put together to be read, about a million characters.
MOST_CHUNKS = 1_000


def find(message_id: UUID, url: str) -> Row | None:
    found = run(f"SELECT {_COLUMNS} FROM web_pages WHERE message_id = %s AND url = %s", [message_id, url])  # noqa: S608, the columns above
    return found[0] if found else None


def keep(message_id: UUID, url: str, page: Mapping[str, Any]) -> Row:
    """Keep a page unless the answer has it already; return what is kept, or the page itself where the answer is gone."""
    found = run(_KEEP, {**page, "message_id": message_id, "url": url, "at": now()})
    return found[0] if found else dict(page)


def attached(message_id: UUID) -> list[Row]:
    """Return the files of a branch, the newest first, with what index workers have read of those whose text isn't known from elsewhere."""
    return run(_ATTACHED, {"message_id": message_id, "most": MOST_CHUNKS})


def written(conversation_id: UUID, message_id: UUID) -> list[str]:
    """Return what the person has written in a conversation, and the texts that they have attached on the branch that ends with this answer."""
    own = run("SELECT content FROM messages WHERE conversation_id = %s AND role = 'user'", [conversation_id])
    return [row["content"] for row in own] + [row["text"] for row in attached(message_id) if row["text"]]


def searched(conversation_id: UUID) -> list[str]:
    """Return the addresses that searches of the web have brought into a conversation."""
    sql = """SELECT part->>'url' AS url FROM steps s JOIN messages m ON m.id = s.message_id, jsonb_array_elements(s.result->'content') AS part
             WHERE m.conversation_id = %s AND s.server = 'web' AND s.tool = 'web_search' AND s.state = 'done' AND part->>'type' = 'source'"""
    return [row["url"] for row in run(sql, [conversation_id])]


def opened(conversation_id: UUID, host: str) -> list[Row]:
    """Return the pages that a conversation's answers have opened and whose address names this host, in their order: message_id, url, final_url, content."""
    sql = """SELECT p.message_id, p.url, p.final_url, p.content FROM web_pages p JOIN messages m ON m.id = p.message_id
             WHERE m.conversation_id = %s AND position(%s IN lower(p.url)) > 0 ORDER BY p.opened_at"""
    return run(sql, [conversation_id, host])
