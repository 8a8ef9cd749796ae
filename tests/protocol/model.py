"""The protocol of one answer as a value and what each step does to it: small enough to try every interleaving.

Two workers, a sweeper, a person who stops and continues, and the faults: a worker dies, a lease runs out, Redis
forgets everything, or a suffix, because a replica that was behind takes its place.
A pause needs no step of its own: whoever is not chosen is paused. The engine is as unkind as engines are: each attempt says
something else, so a text is a tuple that names, for each token, the attempt that said it.

`Rules` switches off one rule of the protocol at a time, so that a test can show what each of them is for.
"""

from collections.abc import Iterator
from typing import NamedTuple

TOKENS = 2
# More than the faults of any budget here can cause.
ATTEMPTS = 7


class Rules(NamedTuple):
    """What the protocol promises to keep; each False is a bug somebody could write."""

    log_fenced: bool = True  # an append by an older attempt is refused
    row_guarded: bool = True  # the final row is written only by the turn's attempt while it runs
    closed_stays_until_told: bool = True  # a closed turn is deleted only after its closing event is told
    lost_is_told_again: bool = True  # after the log forgot, a worker tells again what Postgres does not have yet
    retold_is_fetched: bool = True  # a reader fetches the final row when it took more than one attempt, not only when lengths differ
    older_is_ignored: bool = True  # a reader ignores what an older attempt says than one it has seen
    newer_attempt_reopens: bool = True  # a closed turn may be claimed by a newer attempt (continue)
    delete_checks_attempt: bool = True  # a turn is deleted by the attempt that closed it, not by who slept since an earlier close
    tail_checked: bool = True  # a writer finds out that the log has lost what it had confirmed
    attempt_survives: bool = True  # continue counts on from the attempt the row had


class Turn(NamedTuple):
    """The row of `turns`: queued, running or closed."""

    state: str
    attempt: int
    stop: bool = False


class Row(NamedTuple):
    """The answer's row of `messages`."""

    status: str
    text: tuple[int, ...]
    attempt: int


class Log(NamedTuple):
    """The token log: who may write, and what a reader who comes late makes of it (row.text[:base] + told)."""

    writer: int = 0  # 0: forgotten, or never claimed
    closed: bool = False
    base: int = 0
    told: tuple[int, ...] = ()
    closings: int = 0
    appends: int = 0  # the number of its writer's last append
    newest: int = 0  # ghost: the newest attempt that ever claimed since the last wipe


class Reader(NamedTuple):
    """The text a tab shows, and the newest attempt it has seen."""

    text: tuple[int, ...] = ()
    attempt: int = 0


class Worker(NamedTuple):
    """Where a worker is in its program, and what only its memory holds."""

    at: str = "idle"
    attempt: int = 0
    text: tuple[int, ...] = ()
    sent: int = 0
    saved: int = 0
    start: int = 0
    outcome: str = ""
    leased: bool = False
    appends: int = 0


class Sweeper(NamedTuple):
    at: str = "idle"
    attempt: int = 0
    text: tuple[int, ...] = ()


class Budget(NamedTuple):
    """How often each thing may still happen."""

    crashes: int = 1
    expiries: int = 1
    wipes: int = 1
    stops: int = 1
    continues: int = 1
    lags: int = 0


class State(NamedTuple):
    turn: Turn | None
    row: Row
    lease: int
    log: Log
    reader: Reader  # a tab that has been open all along
    workers: tuple[Worker, ...]
    sweeper: Sweeper
    budget: Budget
    replica: Log | None = None


class Broken(AssertionError):
    """A promise does not hold."""


def first(budget: Budget, workers: int = 2) -> State:
    """An answer has just been asked for."""
    return State(Turn("queued", 0), Row("queued", (), 0), 0, Log(), Reader(), (Worker(),) * workers, Sweeper(), budget)


def steps(state: State, rules: Rules) -> Iterator[tuple[str, State]]:
    """Yield everything that can happen next, by name; a name that begins with ! is a fault or a person's wish."""
    for index, worker in enumerate(state.workers):
        for name, after in _worker_steps(state, worker, rules):
            yield f"w{index}.{name}", after[0]._replace(workers=_put(after[0].workers, index, after[1]))
        if worker.at != "idle" and state.budget.crashes:
            budget = state.budget._replace(crashes=state.budget.crashes - 1)
            yield f"!w{index}.dies", state._replace(workers=_put(state.workers, index, Worker()), budget=budget)
    yield from _sweeper_steps(state, rules)
    yield from _faults(state)
    yield from _wishes(state, rules)
    if state.lease and not any(w.attempt == state.lease and w.at not in {"idle", "telling", "deleting"} for w in state.workers):
        yield "lease of the dead runs out", state._replace(lease=0)


def _put(workers: tuple[Worker, ...], index: int, worker: Worker) -> tuple[Worker, ...]:
    return (*workers[:index], worker, *workers[index + 1 :])


# -- a worker -----------------------------------------------------------------------------------------------------------------


def _worker_steps(state: State, me: Worker, rules: Rules) -> Iterator[tuple[str, tuple[State, Worker]]]:
    turn = state.turn
    if me.at == "idle" and turn and turn.state == "queued":
        yield "take", _take(state, turn)
    if me.at in {"claiming", "writing"} and not me.leased:  # the first renewal, whenever it comes
        fenced = state.lease > me.attempt
        yield "lease", (state, Worker()) if fenced else (state._replace(lease=me.attempt), me._replace(leased=True))
    if me.at == "claiming":
        claimed, after = _claim(state, me.attempt, me.sent, rules)
        yield "claim", (after, me._replace(at="writing", appends=0) if claimed else Worker())
    if me.at == "writing":
        yield from _writing(state, me, rules)
    if me.at == "telling":
        yield "tell", (_tell_closed(state, me.attempt, me.start, me.text, rules), me._replace(at="deleting"))
    if me.at == "deleting":
        yield "delete", (_delete(state, me.attempt, rules), Worker())


def _take(state: State, turn: Turn) -> tuple[State, Worker]:
    attempt = turn.attempt + 1
    text = state.row.text
    after = state._replace(turn=turn._replace(state="running", attempt=attempt), row=state.row._replace(status="running", attempt=attempt))
    outcome = "stopped" if turn.stop else ""
    return after, Worker("claiming", attempt, text, len(text), len(text), len(text), outcome)


def _writing(state: State, me: Worker, rules: Rules) -> Iterator[tuple[str, tuple[State, Worker]]]:
    if not me.outcome and len(me.text) < TOKENS:
        yield "generate", (state, me._replace(text=(*me.text, me.attempt)))
    if me.sent < len(me.text):
        yield "append", _append(state, me, rules)
    if me.saved < len(me.text):
        owner = state.turn is not None and state.turn[:2] == ("running", me.attempt)
        after = state._replace(row=state.row._replace(text=me.text)) if owner else state
        yield "save", (after, me._replace(saved=len(me.text)) if owner else Worker())
    if not me.outcome and state.turn and state.turn.attempt == me.attempt and state.turn.stop:
        yield "see the stop", (state, me._replace(outcome="stopped"))
    if me.outcome or len(me.text) == TOKENS:
        yield "close", _close(state, me, rules)


def _append(state: State, me: Worker, rules: Rules) -> tuple[State, Worker]:
    log = state.log
    if log.writer < me.attempt or (rules.tail_checked and log.writer == me.attempt and log.appends != me.appends):  # it forgot
        return state, me._replace(at="claiming", sent=me.saved if rules.lost_is_told_again else me.sent)
    if rules.log_fenced and (log.writer > me.attempt or log.closed):
        return state, Worker()
    if log.newest > me.attempt:
        raise Broken("an older attempt wrote after a newer one had claimed")
    if log.closed:
        raise Broken("a token was told after the closing event")
    after = _told(state, me.attempt, me.sent, me.text[me.sent :], rules)
    return after._replace(log=after.log._replace(appends=me.appends + 1)), me._replace(sent=len(me.text), appends=me.appends + 1)


def _close(state: State, me: Worker, rules: Rules) -> tuple[State, Worker]:
    turn = state.turn
    if rules.row_guarded and (turn is None or turn[:2] != ("running", me.attempt)):
        return state, Worker()
    if state.row.status in {"done", "stopped"}:
        raise Broken("a final row was written twice")
    row = Row(me.outcome or "done", me.text, me.attempt)
    closed = turn and turn._replace(state="closed")
    if not rules.closed_stays_until_told:
        closed = None
    return state._replace(turn=closed, row=row), me._replace(at="telling")


# -- the log and the turn's end -------------------------------------------------------------------------------------------------


def _claim(state: State, attempt: int, at: int, rules: Rules) -> tuple[bool, State]:
    log = state.log
    stale = attempt < log.writer or (log.closed and (attempt == log.writer or not rules.newer_attempt_reopens))
    if rules.log_fenced and stale:
        return False, state
    reaches = log.writer and log.base <= at <= log.base + len(log.told)  # else the log has a hole that only Postgres fills
    kept, base = (log.told[: at - log.base], log.base) if reaches else ((), at)
    closings = 0 if log.closed else log.closings
    told = Log(attempt, False, base, kept, closings, 0, max(log.newest, attempt))
    return True, _read(state._replace(log=told), attempt, at, (), rules)


def _told(state: State, attempt: int, at: int, tokens: tuple[int, ...], rules: Rules) -> State:
    log = state.log
    if at > log.base + len(log.told):
        raise Broken("the log has a gap")
    told = log._replace(told=log.told[: at - log.base] + tokens)
    return _read(state._replace(log=told), attempt, at, tokens, rules)


def _read(state: State, attempt: int, at: int, tokens: tuple[int, ...], rules: Rules) -> State:
    """What a tab makes of "from `at` on it is this": a tab with a gap comes again, and is given what Postgres and the log have."""
    reader, log = state.reader, state.log
    if rules.older_is_ignored and attempt < reader.attempt:
        return state
    text = reader.text if at <= len(reader.text) else state.row.text[: log.base] + log.told
    return state._replace(reader=Reader(text[:at] + tokens, max(attempt, reader.attempt)))


def _tell_closed(state: State, attempt: int, start: int, text: tuple[int, ...], rules: Rules) -> State:
    """Tell the closing event; refused silently when it is told already."""
    if state.log.writer < attempt:
        state = _claim(state, attempt, start, rules)[1]
    log = state.log
    if rules.log_fenced and (log.writer > attempt or log.closed):
        return state
    told = state._replace(log=log._replace(closed=True, closings=log.closings + 1, writer=max(log.writer, attempt)))
    if rules.older_is_ignored and attempt < state.reader.attempt:
        return told
    fetched = len(state.reader.text) != len(text) or (attempt > 1 and rules.retold_is_fetched)
    if state.reader.text != text and not fetched:
        raise Broken("a reader can't see that its text is not the answer's")
    return told._replace(reader=Reader(text, attempt))


def _delete(state: State, attempt: int, rules: Rules) -> State:
    turn = state.turn
    gone = turn is not None and turn.state == "closed" and (turn.attempt == attempt or not rules.delete_checks_attempt)
    return state._replace(turn=None if gone else turn)


# -- the sweeper ----------------------------------------------------------------------------------------------------------------


def _sweeper_steps(state: State, rules: Rules) -> Iterator[tuple[str, State]]:
    turn, me = state.turn, state.sweeper
    if me.at == "idle" and turn and turn.state == "running" and not state.lease:
        early = any(
            worker.at in {"claiming", "writing"} and worker.attempt == turn.attempt and not worker.leased for worker in state.workers
        )
        budget = state.budget._replace(expiries=state.budget.expiries - early)
        if budget.expiries >= 0:  # a turn just taken has its grace, and a grace can run out like a lease
            yield "sweep.look", state._replace(sweeper=Sweeper("orphan", turn.attempt), budget=budget)
    if me.at == "idle" and turn and turn.state == "closed":
        yield "sweep.look", state._replace(sweeper=Sweeper("closed", turn.attempt, state.row.text))
    if me.at == "orphan":
        yield "sweep.hand back", _hand_back(state, me)
    if me.at == "closed":
        yield "sweep.tell", _tell_closed(state, me.attempt, 0, me.text, rules)._replace(sweeper=me._replace(at="told"))
    if me.at == "told":
        yield "sweep.delete", _delete(state, me.attempt, rules)._replace(sweeper=Sweeper())


def _hand_back(state: State, me: Sweeper) -> State:
    turn = state.turn
    state = state._replace(sweeper=Sweeper())
    if turn is None or turn[:2] != ("running", me.attempt):
        return state
    if turn.stop:
        return state._replace(turn=turn._replace(state="closed"), row=state.row._replace(status="stopped"))
    return state._replace(turn=turn._replace(state="queued"), row=state.row._replace(status="queued"))


# -- faults and wishes ----------------------------------------------------------------------------------------------------------


def _faults(state: State) -> Iterator[tuple[str, State]]:
    budget = state.budget
    if budget.expiries and state.lease:
        yield "!lease runs out", state._replace(lease=0, budget=budget._replace(expiries=budget.expiries - 1))
    if budget.wipes:
        yield "!redis forgets", state._replace(lease=0, log=Log(), replica=None, budget=budget._replace(wipes=budget.wipes - 1))
    if budget.lags and state.replica is None:
        yield "!replica stands still", state._replace(replica=state.log, budget=budget._replace(lags=budget.lags - 1))
    if state.replica is not None:
        yield "!replica is promoted", state._replace(log=state.replica, replica=None)


def _wishes(state: State, rules: Rules) -> Iterator[tuple[str, State]]:
    turn, row, budget = state.turn, state.row, state.budget
    if budget.stops and turn and turn.state != "closed":
        budget = budget._replace(stops=budget.stops - 1)
        if turn.state == "queued":  # nobody writes: the person's own request closes it, the sweeper tells if that request dies
            closed = turn._replace(state="closed") if rules.closed_stays_until_told else None
            yield "!stop", state._replace(turn=closed, row=row._replace(status="stopped"), budget=budget)
        else:
            yield "!stop", state._replace(turn=turn._replace(stop=True), budget=budget)
    if budget.continues and row.status == "stopped":  # the closed turn may still be there: it is queued again, told or not
        again = Turn("queued", row.attempt if rules.attempt_survives else 0)
        yield "!continue", state._replace(turn=again, row=row._replace(status="queued"), budget=budget._replace(continues=0))


# -- the promises ---------------------------------------------------------------------------------------------------------------


def check(state: State) -> None:
    """Raise Broken where a promise does not hold in this state."""
    turn, row, log = state.turn, state.row, state.log
    if (row.status in {"queued", "running"}) != (turn is not None and turn.state in {"queued", "running"}):
        raise Broken("the row and its turn disagree about being in flight")
    if row.attempt > ATTEMPTS:
        raise Broken("attempts without end")
    if log.closings > 1:
        raise Broken("the closing event was told twice")
    if log.writer and row.status == "running" and log.base > len(row.text):
        raise Broken("who comes now can't be given the text's beginning")


def ended(state: State) -> bool:
    """Tell whether the answer has arrived: a final row, its closing event told, no turn left."""
    return state.turn is None and state.row.status in {"done", "stopped"} and state.reader.text == state.row.text
