"""Make the chart's values.schema.json and README.md out of the comments in values.yaml.

The comment above a value is its sentence; `# @schema {…}` under it is merged into its schema; `$pod` there lets a component take what podDefaults names. Every value must have a sentence.
Run `python -m scripts.chart_docs` after a change of values.yaml; a test fails while the files are stale.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from functions.routes import FUNCTIONS
from olamchat.environment import VARIABLES
from worker.engines.registry import KINDS
from worker.pools.file import ModelPlan

CHART = Path(__file__).parent.parent / "charts/olamchat"
# What the chart writes by itself: not to be set by hand.
_OWN_LINES = """
functions signing_key_file verify_keys_file db_pool_size web_dir bind connections graceful_s namespace
pools concurrency worker_grace_s worker_port worker_heartbeat_file pod kubernetes_pools trusted_hops pools_file
oidc_client_secret search_key connection_keys first_admin setup_token smoke_test_token
s3_bucket s3_url s3_region s3_prefix s3_access_key s3_secret_key
"""
OWN = _OWN_LINES.split()

Schema = dict[str, Any]


@dataclass
class Value:
    """One value of values.yaml: its path, its default, its sentence and what its schema says beyond the type."""

    path: tuple[str, ...]
    default: object
    sentence: str
    schema: Schema = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Tell whether what is below is described here, by one schema for all keys, and not key by key."""
        return bool({"additionalProperties", "items"} & set(self.schema))


def values(text: str) -> Iterator[Value]:
    """Yield every value in the order of the file. Raises ValueError for one without a sentence."""
    defaults = yaml.safe_load(text)
    path: list[tuple[int, str]] = []
    comment: list[str] = []
    closed: int | None = None  # indent of an open value whose inside is skipped
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip())
        if not line.strip() or (closed is not None and indent > closed):
            comment = []
        elif line.lstrip().startswith("#"):
            comment.append(line.strip().removeprefix("#").strip())
        elif found := re.match(r"\s*([\w.-]+):", line):
            path = [(at, name) for at, name in path if at < indent] + [(indent, found[1])]
            value = _value(tuple(name for _, name in path), defaults, comment)
            comment, closed = [], indent if value.is_open else None
            yield value


def _value(path: tuple[str, ...], defaults: object, comment: list[str]) -> Value:
    for name in path:
        defaults = defaults[name]  # type: ignore[index]
    said = [line for line in comment if not line.startswith("@schema")]
    schema: Schema = {}
    for line in comment:
        if line.startswith("@schema"):
            schema |= yaml.safe_load(line.removeprefix("@schema"))
    if not said:
        raise ValueError(f"values.yaml: {'.'.join(path)} has no sentence above it")
    return Value(path, defaults, " ".join(said), _expanded(schema))


def _expanded(schema: Schema) -> Schema:
    """Put the code's own lists where the comment says so: the functions', the settings' and the engines' names, a model's plan."""
    if schema.get("enum") == "$engines":
        return schema | {"enum": list(KINDS)}
    names = schema.get("propertyNames", {})
    if "$functions" in names:
        return schema | {"propertyNames": {"enum": list(FUNCTIONS)}}
    if "$settings" in names:
        settings = sorted(variable for name, variable in VARIABLES.items() if name not in OWN and variable.startswith("OLAMCHAT_"))
        return schema | {"propertyNames": {"enum": settings}}
    if "$model" in schema.get("items", {}):
        return schema | {"items": {"anyOf": [{"type": "string", "minLength": 1}, _without_references(ModelPlan.model_json_schema())]}}
    return schema


def _without_references(schema: Schema) -> Schema:
    """Put what a schema defines aside where it is used, so that it can stand inside another one."""
    defined = schema.pop("$defs", {})

    def whole(part: Any) -> Any:
        if isinstance(part, dict) and "$ref" in part:
            return whole(defined[part["$ref"].rpartition("/")[2]])
        if isinstance(part, dict):
            return {name: whole(inner) for name, inner in part.items() if name != "title" or not isinstance(inner, str)}
        return [whole(inner) for inner in part] if isinstance(part, list) else part

    without: Schema = whole(schema)
    return without


def schema(text: str) -> Schema:
    """Return the JSON schema of the values: nothing beyond what values.yaml names, each of its default's type."""
    root: Schema = {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "additionalProperties": False, "properties": {}}
    root["properties"]["global"] = {"type": "object", "description": "Helm's own."}
    for value in values(text):
        parent = root
        for name in value.path[:-1]:
            parent = parent["properties"][name]
        inside: Schema = {} if value.is_open or not isinstance(value.default, dict) else {"additionalProperties": False, "properties": {}}
        more = dict(value.schema)
        inside.get("properties", {}).update(more.pop("properties", {}))
        if more.pop("$pod", False):
            inside["properties"] |= root["properties"]["podDefaults"]["properties"]
        parent["properties"][value.path[-1]] = {"description": value.sentence} | _type(value.default) | inside | more
    return root


def _type(default: object) -> Schema:
    kinds = {bool: "boolean", int: "integer", str: "string", list: "array", dict: "object"}
    return {"type": kinds[type(default)]}


def readme(text: str) -> str:
    """Return the chart's README: how to install, and a table of the values for each part."""
    parts: dict[str, list[Value]] = {}
    for value in values(text):
        parts.setdefault(value.path[0], []).append(value)
    single = [part[0] for part in parts.values() if len(part) == 1]
    tables = [f"### {name}\n\n{part[0].sentence}{_pod(part[0])}\n\n{_table(part[1:])}" for name, part in parts.items() if len(part) > 1]
    return README.replace("{{ values }}", "\n".join([_table(single), *tables]))


def _pod(row: Value) -> str:
    return " Takes what `podDefaults` names too." if "$pod" in row.schema else ""


def _table(rows: list[Value]) -> str:
    shown = (row for row in rows if row.is_open or not isinstance(row.default, dict))
    lines = (f"| `{'.'.join(row.path)}` | {row.sentence}{_choices(row)} | {_default(row)} |" for row in shown)
    return "| value | what it is | default |\n| --- | --- | --- |\n" + "\n".join(lines) + "\n"


def _choices(row: Value) -> str:
    choices = [choice for choice in row.schema.get("enum", []) if choice]
    return f" One of {', '.join(choices)}." if choices else ""


def _default(row: Value) -> str:
    text = json.dumps(row.default)
    return f"`{text}`" if len(text) <= 60 else "see values.yaml"


README = """\
# olamchat's Helm chart

<!-- Made from values.yaml by scripts/chart_docs.py. Change that. -->

A chat for your own models on Kubernetes 1.30 or newer: functions, workers with their engines, and, if you bring none, a small Postgres and Valkey.

```sh
helm install chat charts/olamchat --namespace chat --create-namespace
helm test chat --namespace chat --logs
```

`docs/install.md` leads through it, `docs/ingress.md` has the settings by controller, `docs/scaling.md` the autoscaling, `docs/operating.md` upgrades and what to
watch. `ci/` has a values file for each common kind of installation; each of them is rendered and checked by `make chart`.

## Values

What a function or a pool doesn't say is taken from `functionDefaults` or `poolDefaults`. Values that contradict each other are refused with a sentence.

{{ values }}"""


def files() -> dict[Path, str]:
    """Return what each file should hold."""
    text = (CHART / "values.yaml").read_text()
    return {CHART / "values.schema.json": json.dumps(schema(text), indent=2, ensure_ascii=False) + "\n", CHART / "README.md": readme(text)}


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text)
        print(f"wrote {path.relative_to(CHART.parent.parent)}")
