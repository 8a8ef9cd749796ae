"""A conversation's title, made after its first answer: by the pool's small model or the same one, shortly, and never in the way of answers."""

import logging
from collections.abc import Iterable, Iterator

from olamchat.db.pool import DatabaseLost
from olamchat.redis import Lost
from olamchat.services import serialize
from olamchat.services.turns import lifecycle
from olamchat.services.turns.finish import ToldEnd
from olamchat.services.turns.lifecycle import Partial, Taken
from olamchat.titles import cleaned, first_words, is_said
from olamchat.tokenlog import conv_topic, user_topic
from olamchat.tokenlog.base import TokenLog
from olamchat.tokenlog.events import ConversationChanged, Title, frame
from worker.engines.base import ChatRequest, Delta, EngineError, Message, Options, Piece, Speech, text_of
from worker.pools.pool import Pool
from worker.upkeep.cleaner import Tidier
from worker.upkeep.leases import Leases

EXCERPT = 2_000
TOKENS = 400  # room for a model that thinks first
TASK = (
    "Write a title of two to six words for a conversation that begins with the question below, in the question's language. "
    "Answer with the title alone: no quotes, no full stop, no explanation."
)
# Small models answer the question rather than name it, unless they have seen it done. None is told the answer: they copy its first sentence.
SHOWN = (
    ("how do i boil eggs so they stay soft??", "Boiling soft eggs"),
    ("Schreibe einen Brief an meine Oma", "Brief an die Oma"),
    ("为什么天是蓝色的？", "天空为何是蓝色"),
    ("كيف أتعلم البرمجة بسرعة؟", "تعلم البرمجة بسرعة"),
)
_log = logging.getLogger(__name__)


def asking(model: str, question: str) -> ChatRequest:
    """Return what a model is asked for a title by: the task, how it is done, and the question."""
    said = [*((asked, title) for asked, title in SHOWN), (question[:EXCERPT], "")]
    messages = [
        message
        for asked, title in said
        for message in (Message(role="user", content=f"Question: {asked}\n\nTitle:"), Message(role="assistant", content=title))
    ]
    messages[0] = Message(role="user", content=f"{TASK}\n\n{messages[0].content}")
    return ChatRequest(model=model, messages=messages[:-1], options=Options(temperature=0.2, max_tokens=TOKENS, effort="none"))


def _until_titled(speech: Iterable[Piece]) -> Iterator[Piece]:
    """Listen until the title has been said: a small model talks on, for minutes on a slow machine, and answers wait for it."""
    said = ""
    for piece in speech:
        yield piece
        if isinstance(piece, Delta):
            said += piece.text
            if is_said(said):
                return


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
            self._tell(self._title(said.get("user", "") or said.get("assistant", "")))
        except (Lost, DatabaseLost) as error:
            _log.warning("title %s: %s", self.id, error)
        finally:
            self._leases.release(self.id)

    def _title(self, question: str) -> str:
        if self._pool.kind == "demo" or self.turn.kills:
            return first_words(question) or "…"
        models = dict.fromkeys(model for model in (self._pool.title_model, self.turn.model) if model)
        titles = (cleaned(self._said(model, question), question=question) for model in models)
        return next(filter(None, titles), "") or first_words(question) or "…"

    def _said(self, model: str, question: str) -> str:
        """Return what the model makes of it; nothing where its engine fails or this is to end."""
        if self._ending:
            return ""
        try:
            self._speech = self._pool.chat(asking(model, question))
            return text_of(_until_titled(self._speech))
        except EngineError as error:
            _log.warning("title %s: %s", self.id, error)
            return ""
        finally:
            if self._speech is not None:
                self._speech.close()

    def _tell(self, title: str) -> None:
        if self._given_up:
            return
        row = lifecycle.entitle(turn_id=self.turn.id, attempt=self.turn.attempt, title=title)
        self._tidier.forget(ToldEnd(self.turn.id, self.turn.attempt, self.turn.pool))
        if row is not None:
            named = Title(conversation_id=str(row["id"]), title=title)
            changed = ConversationChanged(conversation=serialize.conversation(row, answering=False))
            self._log.tell_all([(conv_topic(row["id"]), [frame(named)]), (user_topic(self.turn.user_id), [frame(changed)])])
