"""The pools as one YAML file tells them (docs/engines.md shows one), checked before anything is made of it."""

from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

from olamchat.environment import BadSetting
from olamchat.roster import Effort
from worker.engines.registry import KINDS

Count = Annotated[int, Field(ge=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class DefaultOptions(_Strict):
    """How a model samples where neither the question nor its conversation says."""

    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    max_tokens: Count | None = None
    seed: int | None = None
    stop: Annotated[list[str], Field(max_length=8)] | None = None
    effort: Effort | None = None


class ModelPlan(_Strict):
    """One model of a pool, by the name that its engine knows."""

    name: Annotated[str, Field(min_length=1)]
    display_name: str = ""
    context_length: Count | None = None
    options: DefaultOptions = DefaultOptions()
    continues: Annotated[bool | None, Field(alias="continue")] = None
    # Whether it looks at images; Ollama says so itself, the servers that speak OpenAI's protocol don't.
    vision: bool | None = None
    # Whether it makes embeddings and answers nothing; else its name says so, or Ollama.
    embeds: bool | None = None
    # How much it may be told to think; else Ollama says so, or its name.
    efforts: Annotated[list[Effort], Field(max_length=8)] | None = None


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"there is no engine {kind!r:.40}, but {', '.join(KINDS)}")
    return kind


class PoolPlan(_Strict):
    """A pool: the engine, where its replicas are, and what is to be known of its models. No models: all that the engine offers."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$", max_length=63)]
    kind: Annotated[str, AfterValidator(_known)]
    urls: list[str] = []
    # The name of the environment's variable that has the key, so that the file holds no secret.
    key_variable: str = ""
    concurrency: Count | None = None
    continues: Annotated[bool | None, Field(alias="continue")] = None
    title_model: str = ""
    summaries: bool = False
    models: list[ModelPlan] = []

    @field_validator("urls")
    @classmethod
    def _can_be_reached(cls, urls: list[str], told: ValidationInfo) -> list[str]:
        kind = KINDS.get(told.data.get("kind", ""))
        return [kind.reached_at(url) for url in urls] if kind else urls

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "PoolPlan":
        if self.kind == "demo" and self.urls:
            raise ValueError("the demo engine has no address")
        if self.kind != "demo" and not self.urls:
            raise ValueError("urls: at least one address is needed")
        if twice := _twice(self.urls) or _twice([model.name for model in self.models]):
            raise ValueError(f"{twice} is there twice")
        return self


class Plan(_Strict):
    """The whole file."""

    pools: Annotated[list[PoolPlan], Field(min_length=1)]

    @model_validator(mode="after")
    def _has_each_name_once(self) -> "Plan":
        if twice := _twice([pool.name for pool in self.pools]):
            raise ValueError(f"the pool {twice} is there twice")
        return self


def read(path: Path) -> Plan:
    """Read the file. Raises BadSetting with a line for each thing that is wrong, naming its place."""
    try:
        told = yaml.safe_load(path.read_text())
    except OSError as error:
        raise BadSetting(f"OLAMCHAT_POOLS_FILE={path} can't be read: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path} is not valid YAML: {' '.join(str(error).split())}") from None
    try:
        return Plan.model_validate(told)
    except ValidationError as error:
        lines = [f"  {_place(wrong['loc'], told)}: {_sentence(wrong)}" for wrong in error.errors()]
        raise BadSetting("\n".join([f"{path} is invalid:", *lines])) from None


def _place(where: tuple[int | str, ...], told: Any) -> str:
    """Return the way to a value, with the names of the pools and models it goes through: pools[1] (large).models[0] (qwen).options."""
    way = ""
    for step in where:
        told = told[step] if _has(told, step) else None
        if isinstance(step, int):
            name = told.get("name") if isinstance(told, dict) else None
            way += f"[{step}]" + (f" ({name})" if isinstance(name, str) else "")
        else:
            way += f".{step}" if way else step
    return way or "the file"


def _has(told: Any, step: int | str) -> bool:
    if isinstance(told, dict):
        return step in told
    return isinstance(told, list) and isinstance(step, int) and step < len(told)


def _sentence(wrong: Any) -> str:
    message = str(wrong["msg"]).removeprefix("Value error, ")
    return "there is no such setting" if wrong["type"] == "extra_forbidden" else message[:1].lower() + message[1:]


def _twice(names: list[str]) -> str | None:
    return next((name for number, name in enumerate(names) if name in names[:number]), None)
