"""A certificate authority of one's own is trusted wherever olamchat speaks TLS: here a store of files, an OpenID provider and a tool server.

Engines: tests/worker/engines/test_private_ca.py.
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from joserfc.jwk import ECKey

from functions.auth.oidc_provider import Provider, Secrets
from olamchat import environment as settings
from olamchat.errors import Unavailable
from olamchat.network import certificates
from olamchat.objects import ObjectsLost
from tests import weed
from tests.in_a_thread import in_a_thread
from tests.tls import Certificate, Door, make_certificate
from tests.worker.steps.conftest import Tools
from worker.steps import servers


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def trust(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set variables, with nothing remembered of what was set before."""

    def set_to(**variables: str) -> None:
        for name in ("OLAMCHAT_CA_FILE", *certificates.VARIABLES):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        settings.environment.cache_clear()
        servers._certificates.cache_clear()

    return set_to


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    settings.environment.cache_clear()
    servers._certificates.cache_clear()


def test_files_go_to_a_store_behind_it(tmp_path: Path, certificate: Certificate, trust: Callable[..., None]) -> None:
    with weed.serving(tmp_path) as plain, closing(Door(certificate, int(plain.rsplit(":", 1)[1]))) as door:
        secure, file_id = f"https://127.0.0.1:{door.port}", uuid4()
        trust()
        with pytest.raises(ObjectsLost, match="CERTIFICATE_VERIFY_FAILED"):
            weed.door(secure).put(file_id, b"x")

        trust(OLAMCHAT_CA_FILE=str(certificate.certificate))
        weed.door(secure).put(file_id, b"x")
        assert weed.door(secure).get(file_id) == b"x"


KEY = ECKey.generate_key("P-256").as_dict(private=False)


class _Discovery(BaseHTTPRequestHandler):
    """An OpenID provider's document, as far as the way to its page needs it."""

    issuer = ""

    def do_GET(self) -> None:
        keys = self.path.endswith("/jwks")
        told: dict[str, Any] = {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/auth", "jwks_uri": f"{self.issuer}/jwks"}
        told |= {"token_endpoint": f"{self.issuer}/token", "id_token_signing_alg_values_supported": ["ES256"]}
        content = json.dumps({"keys": [KEY]} if keys else told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


def test_people_sign_in_at_a_provider_behind_it(certificate: Certificate, trust: Callable[..., None]) -> None:
    secrets = Secrets(state="s", nonce="n", verifier="v" * 43)
    with in_a_thread(ThreadingHTTPServer(("127.0.0.1", 0), _Discovery)) as plain, closing(Door(certificate, plain.server_port)) as door:
        _Discovery.issuer = f"https://127.0.0.1:{door.port}"
        ours = {
            "OLAMCHAT_OIDC_ISSUER": _Discovery.issuer,
            "OLAMCHAT_OIDC_CLIENT_ID": "olamchat",
            "OLAMCHAT_PUBLIC_URL": "https://localhost",
        }
        trust(**ours)
        with pytest.raises(Unavailable):
            Provider(settings.environment()).address(secrets)

        trust(**ours, SSL_CERT_FILE=str(certificate.certificate))
        assert Provider(settings.environment()).address(secrets).startswith(f"{_Discovery.issuer}/auth?")


def _tools_at(url: str) -> list[str]:
    async def listed() -> list[str]:
        async with servers.connected({"kind": "http", "name": "scripted", "url": url, "auth": "none"}) as client:
            return [tool.name for tool in (await client.list_tools()).tools]

    return asyncio.run(listed())


def test_tools_are_called_at_a_server_behind_it(tmp_path: Path, certificate: Certificate, trust: Callable[..., None]) -> None:
    tools = Tools(tmp_path)
    tools.start()
    with closing(Door(certificate, tools.port)) as door:
        secure = f"https://127.0.0.1:{door.port}/mcp"
        trust()
        with pytest.raises(BaseExceptionGroup) as refused:
            _tools_at(secure)
        assert refused.group_contains(httpx2.ConnectError, match="CERTIFICATE_VERIFY_FAILED")

        trust(REQUESTS_CA_BUNDLE=str(certificate.certificate))
        assert "look" in _tools_at(secure)
    tools.stop()
