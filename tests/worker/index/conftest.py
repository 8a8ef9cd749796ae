"""A house with index workers, and people who bring documents."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from olamchat.services.knowledge import collections, documents, retrieval
from tests.worker.conftest import QUICK, ROOT, House, Worker, until

EMBEDS = {"OLAMCHAT_EMBEDDINGS": "ollama/scripted-embedder"}


@dataclass
class Library:
    """A house whose documents are read."""

    house: House

    def start(self, **variables: str) -> Worker:
        """Start an index worker on the scripted engine."""
        log = self.house.folder / f"index-{len(self.house.workers)}.log"
        given = {
            "DATABASE_URL": self.house.database_url, "REDIS_URL": self.house.redis_url, "OLLAMA_URL": self.house.engine.url,
            "PYTHONWARNINGS": "default", **QUICK, "OLAMCHAT_CONCURRENCY": "2", **EMBEDS, **variables,
        }  # fmt: skip
        clean = {name: value for name, value in os.environ.items() if not name.startswith("OLAMCHAT_")}
        with log.open("wb") as out:
            process = subprocess.Popen([sys.executable, "-m", "worker", "index"], cwd=ROOT, env={**clean, **given}, stdout=out, stderr=out)
        worker = Worker(process, log)
        self.house.workers.append(worker)
        return worker

    def collection(self, user: UUID, name: str = "Tea") -> UUID:
        return UUID(collections.create(user_id=user, name=name, audience="owner")["id"])

    def bring(self, user: UUID, collection: UUID, path: str, content: bytes | str) -> UUID:
        content = content.encode() if isinstance(content, str) else content
        return UUID(documents.upload(user_id=user, collection_id=collection, path=path, content=content)["id"])

    def document(self, user: UUID, document: UUID) -> dict[str, Any]:
        return documents.get(user_id=user, document_id=document)

    def until_ended(self, *ids: UUID, timeout_s: float = 60.0) -> None:
        sql = "SELECT count(*) FROM documents WHERE id = ANY(%s) AND state NOT IN ('ready', 'failed')"
        until(lambda: self.house.run(sql, list(ids)) == [(0,)], "the end of the reading", timeout_s)

    def find(self, user: UUID, collection: UUID, question: str, **given: Any) -> list[str]:
        return [row["text"] for row in retrieval.search(user_id=user, collections=[collection], question=question, **given)]


@pytest.fixture
def library(house: House) -> Library:
    return Library(house)
