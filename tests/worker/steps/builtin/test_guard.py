"""No page leads inside: whatever a private address is dressed as, whatever sends there, and whenever it is told."""

import asyncio
import socket
import threading
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_network

import pytest

from olamchat.environment import BadSetting
from tests.website.site import Reply, Site, serving
from tests.worker.steps.builtin.conftest import HERE, opener, refusal, run
from worker.steps.builtin.guard import Guard, networks

PRIVATE = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "100.100.100.200", "169.254.169.254",
    "168.63.129.16", "192.0.0.192", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "::127.0.0.1",
    "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a9fe:a9fe", "2002:7f00:1::", "2001:0:7f00:1::",
    "not an address",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_refused(address: str) -> None:
    assert not Guard().allows(address, 80)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::93.184.215.14", "::ffff:93.184.215.14"]
)
def test_public_addresses_are_allowed_at_the_ports_of_the_web(address: str) -> None:
    assert Guard().allows(address, 443)
    assert not Guard().allows(address, 22)


def test_a_named_network_is_allowed_at_any_port_and_nothing_beside_it() -> None:
    guard = Guard((ip_network("10.1.0.0/16"),))
    assert guard.allows("10.1.2.3", 8080)
    assert guard.allows("::ffff:10.1.2.3", 8080)
    assert not guard.allows("10.2.2.3", 80)


def test_a_list_of_networks_that_is_none_says_so() -> None:
    assert networks(" 10.1.0.0/16, fd00::/8") == (ip_network("10.1.0.0/16"), ip_network("fd00::/8"))
    with pytest.raises(BadSetting, match="OLAMCHAT_WEB_NETWORKS"):
        networks("10.1.0.0/99")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0x7f000001", "127.1", "0", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"]
)
def test_this_machine_is_refused_under_each_of_its_names(site: Site, host: str) -> None:
    port = site.url.rpartition(":")[2]
    assert refusal(lambda: opener().read(f"http://{host}:{port}/")) == "address_refused"
    assert not site.asked


@pytest.mark.parametrize(
    "url",
    [
        "http://0177.0.0.1/",
        "http://①27.0.0.1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://a:b@example.org/",
        "http://",
        "x",
        "http://x:99999999/",
    ],
)
def test_what_is_no_plain_address_of_a_page_is_refused(url: str) -> None:
    assert refusal(lambda: opener().read(url)) == "bad_address"


def test_a_private_address_is_refused_at_the_ports_of_the_web_too() -> None:
    async def asks() -> None:
        await opener().read("http://169.254.169.254/latest/meta-data/")

    assert refusal(asks) == "address_refused"


@pytest.mark.parametrize(
    "target", ["http://127.0.0.2:{port}/", "//127.0.0.2:{port}/", "http://[::ffff:127.0.0.2]:{port}/", "http://2130706434:{port}/"]
)
def test_a_redirect_leads_no_further_than_an_address(site: Site, target: str) -> None:
    with serving("127.0.0.2") as inside:
        url = site.redirect("/", target.format(port=inside.url.rpartition(":")[2]))
        assert refusal(lambda: opener(HERE).read(url)) == "address_refused"
        assert not inside.asked
    assert site.paths == ["/"]


def test_a_redirect_to_another_scheme_is_refused(site: Site) -> None:
    assert refusal(lambda: opener(HERE).read(site.redirect("/", "file:///etc/passwd"))) == "bad_address"


def test_redirects_without_end_are_not_followed(site: Site) -> None:
    assert refusal(lambda: opener(HERE).read(site.redirect("/", "/"))) == "too_many_redirects"
    assert len(site.paths) == 6


def test_a_name_that_resolves_otherwise_the_second_time_is_refused_then(site: Site) -> None:
    port = int(site.url.rpartition(":")[2])
    answers = [["127.0.0.1"], ["127.0.0.2"]]

    async def resolve(host: str, _: int) -> list[str]:
        assert host == "rebinding.example"
        return answers.pop(0)

    with serving("127.0.0.2", port) as inside:
        assert refusal(lambda: opener(HERE, resolve=resolve).read(f"http://rebinding.example:{port}/")) == "address_refused"
        assert not inside.asked
    assert not answers, "each connection asks once, and goes where that answer said"


def test_of_a_name_with_several_addresses_only_the_allowed_are_tried(site: Site) -> None:
    port = int(site.url.rpartition(":")[2])
    site.text("/")

    async def resolve(_: str, __: int) -> list[str]:
        return ["127.0.0.2", "::1", "127.0.0.1"]

    with serving("127.0.0.2", port) as inside:
        page = run(opener(HERE, resolve=resolve).read(f"http://mixed.example:{port}/"))
        assert not inside.asked
    assert page.text == "The tide comes in."
    assert site.asked[-1].headers["Host"] == f"mixed.example:{port}"


def test_the_proxy_of_the_environment_is_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving("127.0.0.2") as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        run(opener(HERE).read(site.text("/")))
        assert not proxy.asked


def test_a_server_that_accepts_and_says_nothing_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.steps.builtin.fetching.WHOLE_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as door:
        url = f"http://127.0.0.1:{door.getsockname()[1]}/"
        assert refusal(lambda: opener(HERE).read(url)) == "too_slow"


def test_a_server_that_drips_is_left_in_time(monkeypatch: pytest.MonkeyPatch, site: Site) -> None:
    monkeypatch.setattr("worker.steps.builtin.fetching.WHOLE_S", 1.0)
    over = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        while not over.wait(0.05):
            handler.wfile.write(b"x")

    site.pages["/"] = Reply(writes=drip)
    assert refusal(lambda: opener(HERE).read(f"{site.url}/")) == "too_slow"
    over.set()


def test_what_is_called_off_leaves_no_connection(site: Site) -> None:
    gone = threading.Event()

    def wait(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.settimeout(20)
        if handler.rfile.read(1) == b"":
            gone.set()

    site.pages["/"] = Reply(writes=wait)

    async def start_and_stop() -> None:
        task = asyncio.create_task(opener(HERE).read(f"{site.url}/"))
        while not site.paths:  # noqa: ASYNC110, another thread fills it
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait({task})

    run(start_and_stop())
    assert gone.wait(20)
