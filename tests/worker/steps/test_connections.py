"""A person connects to a server that wants OAuth, against a real authorization server: found, registered, allowed, renewed, revoked."""

from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
import requests
from cryptography.fernet import Fernet

from olamchat.errors import Invalid, NotFound
from olamchat.services.steps import connections
from tests.worker.conftest import Asked, until
from tests.worker.steps.conftest import Acts, Tools
from tests.worker.steps.test_steps import LOOK, NOTE

pytestmark = pytest.mark.timeout(300)
BACK = "http://127.0.0.1/account/connections"
KEY = Fernet.generate_key().decode()


@pytest.fixture
def guarded(acts: Acts, tools: Tools) -> Acts:
    """A house with a guarded server that everyone may use, and whose tools nobody knows yet."""
    tools.stop()
    tools.start("--oauth", "30")  # a token is renewed 30 seconds before it runs out: whenever one is used
    acts.house.script(tools=True)
    worker = acts.start_steps(OLAMCHAT_CONNECTION_KEYS=KEY)
    until(lambda: worker.log.exists() and " ready." in worker.log.read_text(), "the step worker")
    acts.house.run(
        "INSERT INTO tool_servers (id, created_at, name, kind, url, auth) VALUES (gen_random_uuid(), now(), 'scripted', 'http', %s, 'oauth')",
        tools.url,
    )
    acts.house.start()
    until(lambda: acts.house.offer("counter"), "the model")
    return acts


def allow(user_id: UUID) -> dict[str, str]:
    """Go where the person is sent, and return what they come back with."""
    address = connections.begin(user_id=user_id, server="scripted", returns_to=BACK)
    sent = requests.get(address, allow_redirects=False, timeout=30)
    assert sent.headers["Location"].startswith(BACK), sent.text
    return {name: values[0] for name, values in parse_qs(urlsplit(sent.headers["Location"]).query).items()}


def connect(acts: Acts, user_id: UUID) -> None:
    """Connect, and wait until the tools are listed."""
    back = allow(user_id)
    shown = connections.finish(user_id=user_id, code=back["code"], state=back["state"], issuer=back.get("iss"))
    assert (shown["connected"], shown["scope"]) == (True, "tools")
    until(lambda: acts.house.run("SELECT 1 FROM tools WHERE name = 'look'"), "the tools")


def planned(acts: Acts, user_id: UUID) -> Asked:
    """Ask what makes the model read, then write."""
    acts.plan([LOOK], [NOTE])
    return acts.house.ask(user=user_id)


def test_steps_use_the_persons_own_tokens_and_renew_them(guarded: Acts) -> None:
    user_id = guarded.house.user()
    connect(guarded, user_id)
    assert not [row for row in guarded.house.run("SELECT sealed FROM tool_connections") if "token" in row[0]]
    guarded.plan([LOOK])

    asked = guarded.house.ask(user=user_id)
    asked.until_told()

    assert guarded.states(asked) == ["done"]
    assert len(guarded.tools.began("refresh")) >= 1
    assert len(guarded.tools.began("register")) == 1


def test_calls_at_once_renew_a_token_one_after_another(guarded: Acts) -> None:
    user_id = guarded.house.user()
    connect(guarded, user_id)
    guarded.plan([LOOK] * 4)

    asked = guarded.house.ask(user=user_id)
    asked.until_told()

    assert guarded.states(asked) == ["done"] * 4, "a refresh token is good for one use"
    assert guarded.house.run("SELECT state FROM tool_connections") == [("connected",)]


def test_a_step_waits_for_the_connection_and_goes_on_with_it(guarded: Acts) -> None:
    user_id = guarded.house.user()
    connect(guarded, user_id)
    connections.give_back(user_id=user_id, server="scripted")
    assert guarded.tools.began("revoke")
    asked = planned(guarded, user_id)
    guarded.until_states(asked, "proposed")
    assert guarded.steps(asked)[0]["error"]["code"] == "not_connected"

    connect(guarded, user_id)

    guarded.until_states(asked, "done", "proposed")
    assert guarded.steps(asked)[1]["error"] is None
    guarded.decide(asked, 2)
    asked.until_told()
    assert guarded.states(asked) == ["done", "done"]


def test_a_token_that_its_server_takes_no_more_makes_the_step_wait(guarded: Acts) -> None:
    user_id = guarded.house.user()
    connect(guarded, user_id)
    guarded.tools.stop()
    guarded.tools.start("--oauth", "3600")  # it has forgotten every token
    asked = planned(guarded, user_id)
    guarded.until_states(asked, "proposed")
    assert guarded.steps(asked)[0]["error"]["code"] == "not_connected"
    assert not guarded.tools.began("look")


def test_a_token_does_not_follow_its_server_to_another_address(guarded: Acts) -> None:
    user_id = guarded.house.user()
    connect(guarded, user_id)
    guarded.house.run("UPDATE tool_servers SET url = %s WHERE name = 'scripted'", guarded.tools.url.replace("127.0.0.1", "localhost"))
    asked = planned(guarded, user_id)
    guarded.until_states(asked, "proposed")
    assert guarded.steps(asked)[0]["error"]["code"] == "not_connected"
    assert "moved" in connections.mine(user_id=user_id)[0]["problem"]["message"]
    assert not guarded.tools.began("look")


def test_what_came_back_is_good_once_and_for_its_person_alone(guarded: Acts) -> None:
    user_id = guarded.house.user()
    back = allow(user_id)
    with pytest.raises(NotFound):
        connections.finish(user_id=UUID(int=7), code=back["code"], state=back["state"], issuer=None)
    with pytest.raises(NotFound):
        connections.finish(user_id=user_id, code=back["code"], state="guessed", issuer=None)
    connections.finish(user_id=user_id, code=back["code"], state=back["state"], issuer=None)
    with pytest.raises(NotFound):
        connections.finish(user_id=user_id, code=back["code"], state=back["state"], issuer=None)


def test_a_return_from_another_authorization_server_gives_it_nothing(guarded: Acts) -> None:
    user_id = guarded.house.user()
    honest = urlsplit(guarded.tools.url)._replace(path="").geturl()

    for issuer in ("https://evil.example", f"{honest}.evil.example", f"{honest}@evil.example", honest.replace("127.0.0.1", "localhost")):
        back = allow(user_id)
        with pytest.raises(Invalid, match="another authorization server"):
            connections.finish(user_id=user_id, code=back["code"], state=back["state"], issuer=issuer)

    assert guarded.tools.began("exchange") == [], "the code has gone nowhere"
    assert connections.mine(user_id=user_id)[0]["connected"] is False


def test_a_code_that_was_made_for_somebody_else_connects_nobody(guarded: Acts) -> None:
    ann, mallory = guarded.house.user(), guarded.house.user()
    stolen, injected = allow(ann), allow(mallory)

    for user_id, code, state in ((mallory, stolen["code"], injected["state"]), (ann, injected["code"], stolen["state"])):
        with pytest.raises(Invalid):
            connections.finish(user_id=user_id, code=code, state=state, issuer=None)

    assert guarded.house.run("SELECT DISTINCT state, sealed FROM tool_connections") == [("failed", "")]
