"""What one answer may cite: the passages that were found for its question, in what its person may read as it begins.

They are looked for once and kept: an answer that another worker goes on with cites the same ones by the same numbers.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from olamchat.db.rows import Row
from olamchat.services.knowledge import retrieval
from olamchat.services.turns.lifecycle import Taken
from worker.answer.acting import Acting
from worker.engines.base import Message
from worker.pools.finder import Finder
from worker.prompt import knowledge

# A question that is shorter is looked for together with the one before it: "And in winter?" says little by itself.
SHORT = 40


class Knowing:
    """The passages of a turn, unless its model looks for them by itself."""

    def __init__(self, turn: Taken, finder: Finder) -> None:
        self._turn, self._finder = turn, finder
        self._passages: Sequence[Row] | None = None
        self._names: Sequence[str] = ()
        self._has_looked = False

    def told(self, acting: Acting) -> Mapping[str, Any]:
        """Return what an answer says of the collections that were searched for it: here, or by its steps."""
        looked = self._has_looked or any(step["server"] == "documents" for step in acting.steps)
        return {"looked_in": list(self._names)} if looked and self._names else {}

    def put(self, messages: Sequence[Message], window: int | None, acting: Acting, attached: Sequence[UUID]) -> list[Message]:
        """Return the thread with what was found for its question; as it is where there are no documents to look in. Raises DatabaseLost.

        `attached` are the collections of the files that don't go in whole. A model that can look for passages by itself is asked to look in
        what its person chose; what is attached is put before it. An answer that has taken steps is given nothing new: what they brought is
        numbered after the passages that it had.
        """
        chosen = [UUID(id_) for id_ in self._turn.options.get("collections") or ()]
        if self._turn.kind != "answer" or not (chosen or attached):
            return list(messages)
        looks = bool(chosen) and acting.searches
        if chosen and not self._names:
            self._names = retrieval.names(user_id=self._turn.user_id, collections=chosen)
        if self._passages is None:
            self._passages = retrieval.cited(self._turn.id)
        is_put = not acting.steps and bool(attached or not looks)
        self._has_looked = self._has_looked or (is_put and not looks and bool(chosen))
        if is_put and not self._passages:
            self._passages = self._found(messages, attached if looks else [*chosen, *attached], attached)
        given = knowledge.pointed_to(messages) if looks and (attached or not self._passages) else list(messages)
        return knowledge.put(given, self._passages, window) if is_put or self._passages else given

    def _found(self, messages: Sequence[Message], chosen: Sequence[UUID], attached: Sequence[UUID]) -> Sequence[Row]:
        """Look for passages. "Sum it up" names nothing that could be found: then an attached file's beginning has to do."""
        found = self._finder.find(user_id=self._turn.user_id, collections=chosen, asked=_question(messages))
        return retrieval.cite(self._turn.id, found or retrieval.beginnings(attached))


def _question(messages: Sequence[Message]) -> str:
    # What was attached stands before what was asked.
    asked = [message.content[-retrieval.QUESTION_LENGTH // 2 :] for message in messages if message.role == "user"]
    return "\n".join(asked[-2:] if asked and len(asked[-1]) < SHORT else asked[-1:])
