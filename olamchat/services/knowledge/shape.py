"""Collections, documents and citations as the API and the events show them."""

from collections.abc import Mapping
from typing import Any

from olamchat.services.serialize import time

# What of a cited passage stands in its message; the whole is fetched by itself.
QUOTE_LENGTH = 300


def collection(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a collection with what is in it."""
    counts = ("documents", "ready", "failed", "bytes", "chunks")
    told = {name: row[name] for name in ("name", "audience", "mine", *counts)}
    # Whom the owner has given it to is the owner's business.
    groups = [str(group) for group in row["groups"]] if row["mine"] else []
    return {"id": str(row["id"]), **told, "groups": groups, "created_at": time(row["created_at"])}


def document(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document, and how far its reading has come."""
    told = {name: row[name] for name in ("path", "bytes", "state", "pages", "chunks", "kept", "embedded", "cut", "searchable", "error")}
    ids = {"id": str(row["id"]), "collection_id": str(row["collection_id"])}
    return {**ids, **told, "created_at": time(row["created_at"]), "finished_at": time(row["finished_at"])}


def citation(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an answer may cite as messages have it."""
    text = row["text"]
    quote = text if len(text) <= QUOTE_LENGTH else f"{text[:QUOTE_LENGTH].rsplit(maxsplit=1)[0]}…"
    return {**_place(row), "quote": quote}


def whole_citation(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an answer may cite with all of its text."""
    return {**_place(row), "text": row["text"]}


def _place(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("number", "chunk", "path", "page", "heading")
    return {"document_id": str(row["document_id"]), **{name: row[name] for name in names}}
