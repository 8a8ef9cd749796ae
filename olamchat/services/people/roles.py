"""What the environment says of each role: quotas of tokens, and shares of the workers."""

from functools import cache

from olamchat.environment import BadSetting, environment

ROLES = ("user", "admin")
NO_LIMIT = "-"


def tokens(window: str, role: str) -> int | None:
    """Return how many tokens a role may take in a "day" or "month", None for no limit. Raises BadSetting."""
    name = f"tokens_per_{window}"
    return _tokens(name, str(getattr(environment(), name))).get(role)


def weight(role: str) -> float:
    """Return a role's share of the workers; 1 is what everybody has. Raises BadSetting."""
    return _weights(environment().weights).get(role, 1.0)


def check() -> None:
    """Read the settings once. Raises BadSetting."""
    for role in ROLES:
        tokens("day", role), tokens("month", role), weight(role)


@cache
def _tokens(name: str, said: str) -> dict[str, int]:
    try:
        given = _by_role(said) if "=" in said else dict.fromkeys(ROLES, said.strip())
        limits = {role: int(value) for role, value in given.items() if value != NO_LIMIT}
        if min(limits.values(), default=0) < 0:
            raise ValueError(said)
    except ValueError:
        raise BadSetting(
            f"OLAMCHAT_{name.upper()}={said!r} is no number of tokens, no list such as user=100000,admin=-, and not -"
        ) from None
    return limits


@cache
def _weights(said: str) -> dict[str, float]:
    try:
        weights = {role: float(value) for role, value in _by_role(said).items()}
        if not all(0.01 <= value <= 100 for value in weights.values()):
            raise ValueError(said)
    except ValueError:
        raise BadSetting(f"OLAMCHAT_WEIGHTS={said!r} is not a list of roles and numbers from 0.01 to 100, such as admin=2,user=1") from None
    return weights


def _by_role(said: str) -> dict[str, str]:
    pairs = [part.split("=", 1) for part in said.split(",") if part.strip()]
    found = {role.strip(): value.strip() for role, value in pairs}
    if not found.keys() <= set(ROLES):
        raise ValueError(said)
    return found
