"""Engines behind TLS with a certificate authority of one's own, and engines that listen on IPv6 alone."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from olamchat import environment as settings
from olamchat.environment import BadSetting
from olamchat.network.certificates import VARIABLES
from tests.in_a_thread import in_a_thread
from tests.scripted_engine.book import Book
from tests.scripted_engine.script import Script
from tests.scripted_engine.server import Server
from tests.worker.engines.conftest import hear, request
from worker.engines.base import EngineUnavailable
from worker.engines.ollama import Ollama
from worker.engines.openai import OpenAI
from worker.engines.recognise import recognise


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a certificate of localhost, signed by itself, and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - timedelta(1), now + timedelta(1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    signed = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = tmp_path_factory.mktemp("ca") / "ca.pem"
    file.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + private)
    return file


@pytest.fixture(scope="module")
def secure(certificate: Path) -> Iterator[str]:
    """A scripted engine's address over TLS."""
    server = Server(0, Book({"counter": Script(length=3)}))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with in_a_thread(server):
        yield f"https://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def _no_bundle(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("OLAMCHAT_CA_FILE", *VARIABLES):
        monkeypatch.delenv(name, raising=False)
    settings.environment.cache_clear()
    yield
    settings.environment.cache_clear()


@pytest.mark.parametrize("variable", ["OLAMCHAT_CA_FILE", *VARIABLES])
def test_an_engine_behind_a_private_ca_answers(monkeypatch: pytest.MonkeyPatch, secure: str, certificate: Path, variable: str) -> None:
    monkeypatch.setenv(variable, str(certificate))
    for engine in (OpenAI(f"{secure}/v1"), Ollama(secure)):
        assert [model.name for model in engine.models()] == ["counter"]
        assert hear(engine, request()).text == " w0 w1 w2"
    found = recognise(secure)
    assert found is not None
    assert (found.kind.name, found.url) == ("ollama", secure)


def test_without_it_the_engine_is_not_trusted_and_says_why(secure: str) -> None:
    with pytest.raises(EngineUnavailable, match="CERTIFICATE_VERIFY_FAILED"):
        OpenAI(f"{secure}/v1").models()


@pytest.mark.parametrize(("content", "why"), [(None, "it is not there"), ("no certificate", "has no certificates")])
def test_a_file_without_certificates_is_refused_by_its_variable(tmp_path: Path, content: str | None, why: str) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(BadSetting, match=f"OLAMCHAT_CA_FILE.*{why}"):
        settings.read({"OLAMCHAT_CA_FILE": str(file)})


class ServerOfIPv6(Server):
    address_family = socket.AF_INET6

    def server_bind(self) -> None:
        self.server_address = ("::1", 0)
        super().server_bind()


def test_an_engine_that_listens_on_ipv6_alone_is_reached() -> None:
    with in_a_thread(ServerOfIPv6(0, Book({"counter": Script(length=3)}))) as server:
        assert hear(OpenAI(f"http://[::1]:{server.server_port}/v1"), request()).text == " w0 w1 w2"
