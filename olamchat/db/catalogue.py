"""The statements about what administrators say of models."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.db.rows import Row, run

# Where it stands which groups see a model.
GROUPS = "model_groups.model"

ALL = """
SELECT m.name, m.display_name, m.audience, m.options, m.position, ARRAY(SELECT user_id FROM model_people p WHERE p.model = m.name) AS people,
    ARRAY(SELECT group_id FROM model_groups g WHERE g.model = m.name) AS groups
FROM models m
"""

_KEEP = """
INSERT INTO models (name, display_name, audience, options) VALUES (%(name)s, %(display_name)s, %(audience)s, %(options)s)
ON CONFLICT (name) DO UPDATE SET display_name = excluded.display_name, audience = excluded.audience, options = excluded.options
"""

_ORDER = """
INSERT INTO models (name, position) SELECT name, place FROM unnest(%s::text[]) WITH ORDINALITY AS v (name, place)
ON CONFLICT (name) DO UPDATE SET position = excluded.position
"""


def every() -> list[Row]:
    """Return what is said of each model, with the ids of the `people` and the `groups` it was chosen for."""
    return run(ALL)


def keep(name: str, values: dict[str, Any]) -> None:
    """Say of a model `display_name`, `audience` and `options`."""
    run(_KEEP, {**values, "name": name, "options": Jsonb(values["options"])})


def choose(name: str, people: Sequence[UUID]) -> int:
    """Let these people see a model and no others; return how many of them there are."""
    run("DELETE FROM model_people WHERE model = %s", [name])
    return len(run("INSERT INTO model_people SELECT %s, id FROM users WHERE id = ANY(%s) RETURNING user_id", [name, list(people)]))


def order(names: Sequence[str]) -> None:
    """Put these models first, in this order."""
    run("UPDATE models SET position = NULL")
    run(_ORDER, [list(names)])


def forget(name: str) -> bool:
    """Say nothing of a model any more; False where nothing was said."""
    return bool(run("DELETE FROM models WHERE name = %s RETURNING name", [name]))
