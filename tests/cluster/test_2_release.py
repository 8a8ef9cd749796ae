"""What the chart promises of a release, kept on a real cluster. The tests build on one another, in this order."""

import asyncio
import base64
import json
import os
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.cluster import load
from tests.cluster.release import NAMESPACE, Refused, Release, kubectl

PEOPLE = int(os.environ.get("PEOPLE", "100"))
CONNECT = """
import socket
try: socket.create_connection(({host!r}, {port}), timeout=3); print("open")
except OSError: print("closed")
"""


def web(release: Release) -> str:
    address: str = release.get("service", "chat-web")["spec"]["clusterIP"]
    return address


def ask(release: Release, path: str, body: object = None) -> Any:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"http://{web(release)}{path}", json.dumps(body).encode() if body else None, headers)
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


def test_helm_test_is_answered_and_leaves_nobody_behind(release: Release) -> None:
    said = release.test()
    assert "signed up as user" in said
    assert "answered by demo" in said
    assert release.sql("SELECT count(*) FROM users WHERE email LIKE '%smoke-test.invalid'") == "0"


def test_the_first_account_is_for_whoever_has_the_set_up_token(release: Release) -> None:
    person = {"email": "ann@example.org", "password": "a long enough password", "tokens": True}
    with pytest.raises(urllib.error.HTTPError):
        ask(release, "/api/auth/signup", person)
    token = base64.b64decode(release.secret("chat-tokens")["set-up-token"]).decode()
    assert ask(release, "/api/auth/signup", person | {"invitation": token})["user"]["role"] == "admin"


@pytest.mark.parametrize(
    ("source", "host", "port", "seen"),
    [
        ("deploy/chat-auth", "chat-postgres", 5432, "open"),
        ("deploy/chat-auth", "chat-redis", 6379, "open"),
        ("deploy/chat-auth", "chat-web", 80, "closed"),
        ("deploy/chat-auth", "chat-messages", 8000, "closed"),
        ("deploy/chat-worker-demo", "chat-postgres", 5432, "open"),
        ("deploy/chat-worker-demo", "chat-auth", 8000, "closed"),
    ],
)
def test_the_policies_let_through_what_is_drawn_and_nothing_else(release: Release, source: str, host: str, port: int, seen: str) -> None:
    assert release.python(source, CONNECT.format(host=host, port=port)).strip() == seen


PATCH = """
import json, os, ssl, urllib.request, urllib.error
where = "/var/run/secrets/kubernetes.io/serviceaccount"
context = ssl.create_default_context(cafile=where + "/ca.crt")
address = "https://%s:443/api/v1/namespaces/chat/pods/%s" % (os.environ.get("KUBERNETES_SERVICE_HOST", "10.96.0.1"), os.environ["OLAMCHAT_POD"])
headers = {{"Authorization": "Bearer " + open(where + "/token").read(), "Content-Type": "application/merge-patch+json"}}
request = urllib.request.Request(address, json.dumps({{"metadata": {patch!r}}}).encode(), headers, method="PATCH")
try: print(urllib.request.urlopen(request, context=context, timeout=10).status)
except urllib.error.HTTPError as refused: print(refused.code, refused.read().decode())
"""


@pytest.mark.parametrize(
    ("patch", "seen"),
    [
        ({"annotations": {"controller.kubernetes.io/pod-deletion-cost": "5"}}, "200"),
        ({"annotations": {"other": "5"}}, "no other annotation"),
        ({"labels": {"olamchat/kind": "function"}}, "deletion cost only"),
        ({"finalizers": ["example.org/stay"]}, "deletion cost only"),
        ({"ownerReferences": None}, "deletion cost only"),
    ],
)
def test_a_worker_writes_its_deletion_cost_and_nothing_else_of_its_pod(release: Release, patch: dict[str, object], seen: str) -> None:
    assert seen in release.python("deploy/chat-worker-demo", PATCH.format(patch=patch))


def test_an_upgrade_under_load_loses_nothing(release: Release) -> None:
    told = asyncio.run(load.while_people_chat(web(release), PEOPLE, lambda: release.upgrade("--set", "settings.OLAMCHAT_LOG_LEVEL=debug")))
    print(f"{PEOPLE} people during an upgrade: {dict(told.counts)}")
    assert told.counts["answers"] >= PEOPLE
    assert not told.troubles


def test_secrets_survive_an_upgrade_and_a_pool_keeps_the_pods_its_autoscaler_gave_it(release: Release) -> None:
    before = {name: release.secret(name) for name in ("chat-keys", "chat-postgres", "chat-redis", "chat-tokens")}
    kubectl("-n", NAMESPACE, "scale", "deployment/chat-worker-cold", "--replicas=0")
    release.upgrade()
    assert {name: release.secret(name) for name in before} == before
    assert release.get("deployment", "chat-worker-cold")["spec"]["replicas"] == 0


def test_a_rollback_serves_whatever_an_autoscaler_did_since(release: Release) -> None:
    kubectl("-n", NAMESPACE, "scale", "deployment/chat-worker-cold", "--replicas=1")
    release.rollback()
    assert release.get("deployment", "chat-worker-cold")["spec"]["replicas"] == 1
    assert "answered by demo" in release.test()


def test_another_major_version_of_postgres_is_refused_before_it_starts_empty(release: Release) -> None:
    script = release.get("statefulset", "chat-postgres")["spec"]["template"]["spec"]["containers"][0]["command"][2]
    image_of_18 = ("-n", NAMESPACE, "exec", "chat-postgres-0", "--")
    kubectl(*image_of_18, "sh", "-c", "mkdir -p /tmp/disk/17/docker && echo 17 >/tmp/disk/17/docker/PG_VERSION")
    with pytest.raises(Refused, match="holds the database of PostgreSQL 17"):
        kubectl(*image_of_18, "env", "DISK=/tmp/disk", "ACCEPT_NEW_MAJOR=false", "sh", "-euc", script, "start-postgres")


def test_uninstalled_and_installed_again_everybody_is_still_there(release: Release) -> None:
    release.uninstall()
    release.install()
    person = {"email": "ann@example.org", "password": "a long enough password", "tokens": True}
    assert ask(release, "/api/auth/login", person)["user"]["role"] == "admin"


def test_the_disk_of_a_store_grows_by_an_upgrade(release: Release) -> None:
    release.upgrade("--set", "postgres.storage.size=30Gi")
    assert release.get("pvc", "chat-postgres")["spec"]["resources"]["requests"]["storage"] == "30Gi"
