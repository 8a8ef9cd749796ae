"""KEDA asks Redis by itself: it must come to the same server, database and user as the functions, with the same trust."""

from typing import Any

from tests.chart.rendering import Object, named, objects, of_kind

POOL = {"name": "gpus", "models": ["a"], "scaling": {"min": 0, "max": 3}}
EXTERNAL = {"mode": "external", "existingSecret": "wire"}


def asked(redis: Object) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what the pool's trigger says and which key of the secret each of its parameters is read from."""
    found = objects({"keda": {"enabled": True}, "redis": redis, "workers": {"pools": [POOL]}})
    scaled = named(found, "ScaledObject", "chat-worker-gpus")
    (authentication,) = of_kind(found, "TriggerAuthentication")
    keys = {one["parameter"]: one["key"] for one in authentication["spec"]["secretTargetRef"] if one["name"] in ("wire", "chat-redis")}
    return scaled["spec"]["triggers"][0]["metadata"], keys


def test_an_external_redis_is_asked_in_the_database_of_its_url() -> None:
    told, _ = asked(EXTERNAL | {"keda": {"host": "redis.example.org", "database": 3}})
    assert told["address"] == "redis.example.org:6379"
    assert told["databaseIndex"] == "3"


def test_an_acl_user_and_a_ca_come_from_the_secret() -> None:
    told, keys = asked(EXTERNAL | {"keda": {"host": "a", "tls": True, "usernameKey": "user", "caKey": "ca.crt"}})
    assert told["enableTLS"] == "true"
    assert keys == {"password": "password", "username": "user", "ca": "ca.crt"}


def test_the_embedded_one_is_asked_without_user_or_tls() -> None:
    told, keys = asked({})
    assert told.keys() == {"address", "listName", "listLength"}
    assert keys == {"password": "password"}
