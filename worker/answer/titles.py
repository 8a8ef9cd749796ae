"""A conversation's title, made after its first answer: by the pool's small model or the same one, shortly, and never in the way of answers."""

import logging

from olamchat.db.pool import DatabaseLost
from olamchat.redis import Lost
from olamchat.services import serialize
from olamchat.services.turns import lifecycle
from olamchat.services.turns.finish import ToldEnd
from olamchat.services.turns.lifecycle import Partial, Taken
from olamchat.titles import cleaned, first_words
from olamchat.tokenlog import conv_topic, user_topic
from olamchat.tokenlog.base import TokenLog
from olamchat.tokenlog.events import ConversationChanged, Title, frame
from worker.engines.base import ChatRequest, EngineError, Message, Options, Speech, text_of
from worker.pools.pool import Pool
from worker.upkeep.cleaner import Tidier
from worker.upkeep.leases import Leases

EXCERPT = 2_000
TOKENS = 400  # room for a model that thinks first
ASK = (
    "Write a title of two to six words for the conversation below, in its language. Answer with the title alone: "
    "no quotes, no full stop, no explanation.\n\nQuestion: {question}\n\nAnswer: {answer}"
)
_log = logging.getLogger(__name__)


class Titling:
    """A title's turn. Where the model fails, the question's first words stay the title."""

    def __init__(self, turn: Taken, pool: Pool, log: TokenLog, *, leases: Leases, tidier: Tidier) -> None:
        self.turn, self._pool, self._log, self._leases, self._tidier = turn, pool, log, leases, tidier
        self.id = str(turn.id)
        self._speech: Speech | None = None
        self._given_up = self._ending = False
        self.made_another = False

    def stop(self) -> None:
        """Make do with the question's first words."""
        self._ending = True
        if self._speech is not None:
            self._speech.close()

    def fence(self) -> None:
        """Leave it: another attempt has the turn."""
        self._given_up = True
        self.stop()

    hand_over = stop

    def partial(self) -> Partial:
        return Partial(id=self.turn.id, attempt=self.turn.attempt)

    def run(self) -> None:
        """Make the title and tell it. Where Postgres or Redis can't be reached the sweeper or the next look at the list makes it good."""
        self._leases.hold(self.id, self.turn.attempt)
        try:
            assert self.turn.conversation_id is not None
            said = lifecycle.first_exchange(self.turn.conversation_id)
            self._tell(self._title(said.get("user", ""), said.get("assistant", "")))
        except (Lost, DatabaseLost) as error:
            _log.warning("title %s: %s", self.id, error)
        finally:
            self._leases.release(self.id)

    def _title(self, question: str, answer: str) -> str:
        if self._pool.kind == "demo" or self.turn.kills:
            return first_words(question) or "…"
        asked = ASK.format(question=question[:EXCERPT], answer=answer[:EXCERPT])
        models = dict.fromkeys(model for model in (self._pool.title_model, self.turn.model) if model)
        return next((title for model in models if (title := cleaned(self._said(model, asked)))), "") or first_words(question) or "…"

    def _said(self, model: str, asked: str) -> str:
        """Return what the model makes of it; nothing where its engine fails or this is to end."""
        if self._ending:
            return ""
        messages, options = [Message(role="user", content=asked)], Options(temperature=0.2, max_tokens=TOKENS)
        try:
            self._speech = self._pool.chat(ChatRequest(model=model, messages=messages, options=options))
            return text_of(self._speech)
        except EngineError as error:
            _log.warning("title %s: %s", self.id, error)
            return ""

    def _tell(self, title: str) -> None:
        if self._given_up:
            return
        row = lifecycle.entitle(turn_id=self.turn.id, attempt=self.turn.attempt, title=title)
        self._tidier.forget(ToldEnd(self.turn.id, self.turn.attempt, self.turn.pool))
        if row is not None:
            named = Title(conversation_id=str(row["id"]), title=title)
            changed = ConversationChanged(conversation=serialize.conversation(row, answering=False))
            self._log.tell_all([(conv_topic(row["id"]), [frame(named)]), (user_topic(self.turn.user_id), [frame(changed)])])
