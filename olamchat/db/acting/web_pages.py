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
SELECT f.name, f.text, f.cut FROM branch b JOIN attachments a ON a.message_id = b.id JOIN files f ON f.id = a.file_id
WHERE f.state = 'kept' ORDER BY b.back, a.place
"""


def find(message_id: UUID, url: str) -> Row | None:
    found = run(f"SELECT {_COLUMNS} FROM web_pages WHERE message_id = %s AND url = %s", [message_id, url])  # noqa: S608, the columns above
    return found[0] if found else None


def keep(message_id: UUID, url: str, page: Mapping[str, Any]) -> Row:
    """Keep a page unless the answer has it already; return what is kept, or the page itself where the answer is gone."""
    found = run(_KEEP, {**page, "message_id": message_id, "url": url, "at": now()})
    return found[0] if found else dict(page)


def attached(message_id: UUID) -> list[Row]:
    return run(_ATTACHED, {"message_id": message_id})
