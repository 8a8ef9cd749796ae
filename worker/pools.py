"""The pools this worker serves: a name and the engine behind it, found in the environment."""

from collections.abc import Callable

from olamchat.environment import BadSetting, Environment
from worker.engines.base import Engine
from worker.engines.demo import Demo
from worker.engines.ollama import Ollama
from worker.engines.openai import OpenAI

Pools = dict[str, Engine]


def pools(environment: Environment) -> Pools:
    """Return the engines by pool: those with an address, else the demo engine. Raises BadSetting for a pool that nothing is behind.

    A pool is named as its engine, unless OLAMCHAT_POOLS gives it a name of its own: `large=vllm`.
    """
    known = _known(environment)
    given: list[str] = [name for name in ("ollama", "vllm", "openai") if name in known]
    wanted = dict(_named(pool) for pool in environment.pools.split(",") if pool.strip()) or {name: name for name in given or ["demo"]}
    if missing := [engine for engine in wanted.values() if engine not in known]:
        raise BadSetting(f"OLAMCHAT_POOLS names {', '.join(missing)}; there are {', '.join(sorted(known))}")
    return {name: known[engine]() for name, engine in wanted.items()}


def _named(pool: str) -> tuple[str, str]:
    name, _, engine = (part.strip() for part in pool.partition("="))
    return name, engine or name


def _known(environment: Environment) -> dict[str, Callable[[], Engine]]:
    known: dict[str, Callable[[], Engine]] = {"demo": lambda: Demo(environment.demo_tokens_per_s)}
    if environment.ollama_url:
        known["ollama"] = lambda: Ollama(environment.ollama_url)
    if environment.vllm_url:
        known["vllm"] = lambda: OpenAI(environment.vllm_url.rstrip("/").removesuffix("/v1") + "/v1", key=environment.openai_api_key)
    if environment.openai_base_url:
        known["openai"] = lambda: OpenAI(
            environment.openai_base_url, key=environment.openai_api_key, can_continue=environment.openai_continues
        )
    return known
