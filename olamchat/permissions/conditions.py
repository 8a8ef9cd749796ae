"""The rule of use as SQL, for statements that look through many rows."""


def may_use(thing: str, *, person: str, groups: str, people: str = "", owned: bool = False) -> str:
    """Return the condition under which a person may use a thing.

    `thing` is the alias of its row (`v`), `person` the asker's id as SQL. `groups` and `people` are the tables that say for whom it was
    chosen, each with the column that refers to the thing: `tool_groups.server_id`.
    """
    ways = [f"{thing}.user_id = {person}"] if owned else []
    ways += [
        f"{thing}.audience = 'everyone'",
        f"{thing}.audience = 'administrators' AND EXISTS (SELECT FROM users a WHERE a.id = {person} AND a.role = 'admin')",
        f"{thing}.audience = 'chosen' AND ({_by_group(thing, person, groups)}{_by_name(thing, person, people) if people else ''})",
    ]
    return f"({' OR '.join(ways)})"


def _by_group(thing: str, person: str, link: str) -> str:
    table, _, column = link.partition(".")
    return f"""EXISTS (SELECT FROM {table} l JOIN group_members m ON m.group_id = l.group_id
        WHERE l.{column} = {thing}.id AND m.user_id = {person})"""


def _by_name(thing: str, person: str, link: str) -> str:
    table, _, column = link.partition(".")
    return f" OR EXISTS (SELECT FROM {table} l WHERE l.{column} = {thing}.id AND l.user_id = {person})"
