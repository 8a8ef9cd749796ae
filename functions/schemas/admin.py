"""What the routes of administrators take and give: models, pools, and what is filtered."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from functions.http.messages import Body
from functions.schemas.answer import Answer
from functions.schemas.requests import Id, ModelName, Settings

Audience = Literal["everyone", "administrators", "chosen", "nobody"]
MOST_PEOPLE = 1_000
MOST_GROUPS = 100


class ChangeModel(Body):
    """All that is said of a model; `people` and `groups` are those it is chosen for."""

    name: ModelName
    display_name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    audience: Audience = "everyone"
    people: list[Id] = Field(default=[], max_length=MOST_PEOPLE)
    groups: list[Id] = Field(default=[], max_length=MOST_GROUPS)
    options: Settings = Settings()


class NameModel(Body):
    name: ModelName


class OrderModels(Body):
    names: list[ModelName] = Field(max_length=1_000)


class ChosenPerson(Answer):
    id: UUID
    email: str


class ChosenGroup(Answer):
    id: UUID
    name: str


class ManagedModel(Answer):
    """A model as administrators see it; `state` is null where no engine offers it now."""

    name: str
    display_name: str
    offered_name: str
    audience: Audience
    people: list[ChosenPerson]
    groups: list[ChosenGroup]
    options: Settings
    position: int | None
    pools: list[str]
    state: Literal["loaded", "cold", "loading", "down"] | None


class ManagedModels(Answer):
    items: list[ManagedModel]


class PoolModel(Answer):
    name: str
    state: Literal["loaded", "cold", "loading", "down"]


class PoolWorker(Answer):
    """A worker process; `running` is in this pool, `taken` how many turns it has taken since it started."""

    id: str
    capacity: int
    running: int
    taken: int


class PoolReplica(Answer):
    """One engine as one worker sees it; `trouble` is what it said when it last failed, until it answers again."""

    worker: str
    address: str
    up: bool
    busy: int
    waiting: int
    loaded: list[str]
    trouble: str


class Pool(Answer):
    """`counted` is the load that autoscaling goes by, null where Redis can't be reached; `fetches`: its engine gets models when asked to."""

    name: str
    engines: list[str]
    fetches: bool
    up: bool
    waiting: int
    oldest_s: float | None
    running: int
    counted: int | None
    models: list[PoolModel]
    workers: list[PoolWorker]
    replicas: list[PoolReplica]


class Pools(Answer):
    """`workers_known` is false where Redis can't be reached: then only what Postgres has is told."""

    items: list[Pool]
    workers_known: bool


# As Ollama names models: [host/][namespace/]model[:tag].
PulledModel = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[A-Za-z0-9][A-Za-z0-9._/:-]*$")]


class PullModel(Body):
    """A model that the engines of a pool are to fetch."""

    pool: Annotated[str, StringConstraints(min_length=1, max_length=63)]
    model: PulledModel


class Pull(Answer):
    """A model on its way: bytes that are there, and bytes in all, 0 while nobody knows; `trouble` is what the engine said where it failed."""

    pool: str
    model: str
    status: Literal["waiting", "pulling", "done", "failed"]
    completed: int
    total: int
    trouble: str


class Pulls(Answer):
    """`pools` have an engine that fetches models; `suggested` is one that this house's memory holds."""

    items: list[Pull]
    pools: list[str]
    suggested: str
