"""Passages that belong together come as one."""

from typing import Any
from uuid import UUID

from worker.pools.finder import JOINED, joined

ONE, OTHER = UUID(int=1), UUID(int=2)


def row(chunk: int, document: UUID = ONE, page: int = 1) -> dict[str, Any]:
    return {"document_id": document, "chunk": chunk, "page": page, "text": f"t{chunk}"}


def texts(*rows: dict[str, Any]) -> list[tuple[int, str]]:
    return [(one["chunk"], one["text"]) for one in joined(rows)]


def test_neighbours_of_a_page_are_one_passage_at_the_better_place() -> None:
    assert texts(row(4), row(9), row(3), row(5)) == [(3, "t3\nt4\nt5"), (9, "t9")]


def test_neither_another_page_nor_another_document_is_joined() -> None:
    assert texts(row(4), row(5, page=2), row(3, OTHER)) == [(4, "t4"), (5, "t5"), (3, "t3")]


def test_a_passage_does_not_grow_without_end() -> None:
    assert [text.count("t") for _, text in texts(*(row(number) for number in range(JOINED + 1)))] == [JOINED, 1]
