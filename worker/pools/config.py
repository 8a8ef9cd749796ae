"""The pools this worker serves: told by one file, or in short by the environment's addresses."""

import logging
from collections.abc import Sequence
from pathlib import Path

from olamchat.environment import BadSetting, Environment, variable
from olamchat.network.addresses import BadAddress
from worker.engines.base import Engine
from worker.engines.registry import KINDS, NAMED, Given, Kind
from worker.pools import file
from worker.pools.file import PoolPlan
from worker.pools.pool import Pool

_log = logging.getLogger(__name__)


class Pools(dict[str, Pool]):
    """The pools by name. `refresh` follows the file when it has changed; what has left it stays here until its answers have ended."""

    def __init__(self, environment: Environment) -> None:
        super().__init__()
        self._environment = environment
        self._file = Path(environment.pools_file) if environment.pools_file else None
        self.served: list[str] = []
        self._seen: tuple[int, int] | None = self._stamp()
        self._follow(self._plans())

    def refresh(self) -> tuple[list[str], list[str]]:
        """Follow the file if it has changed; return the names of the pools that came and of those that went.

        A file that is not as it should be changes nothing; it is said in the log once.
        """
        stamp = self._stamp()
        if stamp is None or stamp == self._seen:
            return [], []
        self._seen = stamp
        try:
            return self._follow(self._plans())
        except BadSetting as error:
            _log.error("the pools stay as they were: %s", error)
            return [], []

    def _follow(self, plans: Sequence[PoolPlan]) -> tuple[list[str], list[str]]:
        names = [plan.name for plan in plans]
        came = [name for name in names if name not in self.served]
        went = [name for name in self.served if name not in names]
        self.served = names
        for plan in plans:
            if plan.name in self:
                self[plan.name].follow(plan)
            else:
                self[plan.name] = Pool(plan, self._engine)
        return came, went

    def _plans(self) -> list[PoolPlan]:
        if self._file is None:
            return _short_form(self._environment)
        plans = {plan.name: plan for plan in file.read(self._file).pools}
        wanted = [name.strip() for name in self._environment.pools.split(",") if name.strip()] or list(plans)
        if missing := [name for name in wanted if name not in plans]:
            raise BadSetting(f"OLAMCHAT_POOLS names {', '.join(missing)}; {self._file} has {', '.join(plans)}")
        return [plans[name] for name in wanted]

    def _stamp(self) -> tuple[int, int] | None:
        try:
            told = self._file.stat() if self._file else None
        except OSError:
            return None  # it is being replaced
        return (told.st_mtime_ns, told.st_ino) if told else None

    def _engine(self, plan: PoolPlan, url: str) -> Engine:
        kind = KINDS[plan.kind]
        key = variable(plan.key_variable) if plan.key_variable else self._environment.openai_api_key if kind.uses_openai_key else ""
        windows = {model.name: model.context_length for model in plan.models if model.context_length}
        return kind.make(Given(url=url, key=key, continues=plan.continues, windows=windows))


def pools(environment: Environment) -> Pools:
    """Return the pools: those of OLAMCHAT_POOLS_FILE, else the engines with an address, else the demo engine.

    Raises BadSetting for a file that is not as it should be and for a pool that nothing is behind. Without a file a pool is named
    as its engine, unless OLAMCHAT_POOLS gives it a name of its own: `large=vllm`.
    """
    return Pools(environment)


def _short_form(environment: Environment) -> list[PoolPlan]:
    urls = {kind.name: _address(kind, url) for name, kind in NAMED.items() if (url := variable(name))}
    wanted = dict(_named(pool) for pool in environment.pools.split(",") if pool.strip()) or {kind: kind for kind in urls or ["demo"]}
    if missing := [kind for kind in wanted.values() if kind not in {*urls, "demo"}]:
        raise BadSetting(f"OLAMCHAT_POOLS names {', '.join(missing)}; there are {', '.join(sorted([*urls, 'demo']))}")
    plans = []
    for name, kind in wanted.items():
        continues = environment.openai_continues or None if kind == "openai" else None
        plan = {"name": name, "kind": kind, "urls": [urls[kind]] if kind in urls else [], "continue": continues}
        plans.append(PoolPlan.model_validate(plan | {"title_model": environment.title_model, "summaries": environment.summaries}))
    return plans


def _address(kind: Kind, given: str) -> str:
    try:
        return kind.reached_at(given)
    except BadAddress as error:
        raise BadSetting(f"{kind.variable} can't be read: {error}") from None


def _named(pool: str) -> tuple[str, str]:
    name, _, engine = (part.strip() for part in pool.partition("="))
    return name, engine or name
