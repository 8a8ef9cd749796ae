"""Pages are read as they are meant to be, and within bounds."""

import gzip
import json
import zlib
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler

import pytest

from tests.website.site import Reply, Site
from tests.worker.steps.builtin.conftest import AGENT, HERE, opener, refusal, run
from worker.steps.builtin import fetching, reading
from worker.steps.builtin.opening import PART, part
from worker.steps.builtin.refusals import NotDone

WORDS = "<p>" + "The tide comes in twice a day and nobody minds. " * 20 + "</p>"


def test_a_page_is_its_text_without_what_stands_around_it(site: Site) -> None:
    page = run(opener(HERE).read(site.page("/tides", "Tides &amp; more", WORDS)))
    assert page.title == "Tides & more"
    assert "twice a day" in page.text
    assert "About" not in page.text
    assert (page.url, page.cut) == (f"{site.url}/tides", False)


def test_a_website_is_told_who_asks(site: Site) -> None:
    run(opener(HERE).read(site.text("/")))
    assert {one.headers["User-Agent"] for one in site.asked} == {AGENT}
    assert [one.path for one in site.asked] == ["/robots.txt", "/"]
    assert "Cookie" not in site.asked[-1].headers


def test_where_a_page_has_moved_is_where_it_is(site: Site) -> None:
    there = site.text("/new")
    assert run(opener(HERE).read(site.redirect("/old", "/new#part"))).url == there


@pytest.mark.parametrize(
    ("rules", "code"), [("User-agent: *\nDisallow: /", "robots"), ("User-agent: olamchat\nDisallow: /*.html$", "robots")]
)
def test_what_robots_may_not_read_is_not_read(site: Site, rules: str, code: str) -> None:
    url = site.text("/page.html")
    site.pages["/robots.txt"] = Reply(rules.encode(), headers={"Content-Type": "text/plain"})
    assert refusal(lambda: opener(HERE).read(url)) == code
    assert site.paths == []


def test_rules_that_name_others_let_us_through_and_are_asked_once(site: Site) -> None:
    url = site.text("/")
    site.pages["/robots.txt"] = Reply(b"User-agent: GPTBot\nDisallow: /", headers={"Content-Type": "text/plain"})
    opens = opener(HERE)

    async def twice() -> None:
        await opens.read(url)
        await opens.read(url)

    run(twice())
    assert [one.path for one in site.asked] == ["/robots.txt", "/", "/"]


def test_rules_that_cannot_be_told_now_keep_us_out(site: Site) -> None:
    url = site.text("/")
    site.pages["/robots.txt"] = Reply(status=503)
    assert refusal(lambda: opener(HERE).read(url)) == "robots"


def fetched(site: Site) -> fetching.Fetched:
    """Fetch the site's first page, and read nothing."""

    async def once() -> fetching.Fetched:
        return await opener(HERE)._fetcher.once(fetching.address(f"{site.url}/"))

    found = run(once())
    assert isinstance(found, fetching.Fetched)
    return found


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress)])
def test_compressed_pages_are_unpacked(site: Site, encoding: str, pack: Callable[[bytes], bytes]) -> None:
    site.pages["/"] = Reply(pack(WORDS.encode()), headers={"Content-Type": "text/html", "Content-Encoding": encoding})
    assert (fetched(site).data, fetched(site).cut) == (WORDS.encode(), False)


@pytest.mark.parametrize("window", [31, 15], ids=["gzip", "deflate"])
def test_a_bomb_is_unpacked_no_further_than_the_bound(site: Site, window: int) -> None:
    packer = zlib.compressobj(1, zlib.DEFLATED, window)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush()
    encoding = "gzip" if window == 31 else "deflate"
    site.pages["/"] = Reply(bomb, headers={"Content-Type": "text/html", "Content-Encoding": encoding})
    assert (len(fetched(site).data), fetched(site).cut) == (fetching.MOST_BYTES, True)


def test_a_body_without_end_is_cut(site: Site) -> None:
    def pour(handler: BaseHTTPRequestHandler) -> None:
        while True:
            handler.wfile.write(b"<p>all the same</p>" * 10_000)

    site.pages["/"] = Reply(writes=pour)
    assert (len(fetched(site).data), fetched(site).cut) == (fetching.MOST_BYTES, True)


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "zstd"])
def test_what_is_packed_otherwise_is_refused(site: Site, encoding: str) -> None:
    site.pages["/"] = Reply(b"xxxx", headers={"Content-Type": "text/html", "Content-Encoding": encoding})
    assert refusal(lambda: opener(HERE).read(f"{site.url}/")) == "not_readable"


def test_what_is_no_gzip_is_refused(site: Site) -> None:
    site.pages["/"] = Reply(b"xxxx", headers={"Content-Type": "text/html", "Content-Encoding": "gzip"})
    assert refusal(lambda: opener(HERE).read(f"{site.url}/")) == "not_readable"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(b"MZ", headers={"Content-Type": "application/x-msdownload"}), "not_readable"),
        (Reply(b"x" * 100, headers={"Content-Type": "image/png"}), "not_readable"),
        (Reply(b"x" * 100, headers={}), "not_readable"),
        (Reply(b"%PDF-1.4 broken", headers={"Content-Type": "application/pdf"}), "not_readable"),
        (Reply(b"<html><body><script>document.write('x')</script></body></html>"), "empty"),
        (Reply(b"", headers={"Content-Type": "text/html"}), "empty"),
        (Reply(b"\x00\x01\x02", headers={"Content-Type": "text/plain"}), "empty"),
        (Reply(b"gone", 410), "http_status"),
        (Reply(b"broken", 500), "http_status"),
    ],
)
def test_what_is_no_page_says_why(site: Site, reply: Reply, code: str) -> None:
    site.pages["/x"] = reply
    assert refusal(lambda: opener(HERE).read(f"{site.url}/x")) == code


@pytest.mark.parametrize("html", ["<div>" * 200_000, "<a href='" * 100_000, "<table><tr>" * 50_000 + "x"], ids=["deep", "unclosed", "rows"])
def test_a_page_that_harms_its_reader_ends_there(site: Site, html: str) -> None:
    site.pages["/"] = Reply(html.encode())
    with suppress(NotDone):  # which it is depends on the parser's version; that it ends does not
        assert len(run(opener(HERE).read(f"{site.url}/")).text) <= reading.CHARACTERS
    assert run(opener(HERE).read(site.text("/next"))).text == "The tide comes in.", "the next page is read"


def test_text_and_json_are_read_as_they_are(site: Site) -> None:
    site.pages["/t"] = Reply("Grüße".encode("latin-1"), headers={"Content-Type": "text/plain; charset=iso-8859-1"})
    site.pages["/j"] = Reply(json.dumps({"a": [1, 2]}).encode(), headers={"Content-Type": "application/json"})
    assert run(opener(HERE).read(f"{site.url}/t")).text == "Grüße"
    assert run(opener(HERE).read(f"{site.url}/j")).text == '{"a": [1, 2]}'


def test_a_page_in_an_old_encoding_is_read_as_its_server_says(site: Site) -> None:
    html = f"<html><head><title>Übersicht</title></head><body><main>{WORDS}<p>Grüße aus Köln</p></main></body></html>"
    site.pages["/"] = Reply(html.encode("latin-1"), headers={"Content-Type": "text/html; charset=iso-8859-1"})
    page = run(opener(HERE).read(f"{site.url}/"))
    assert (page.title, "Grüße aus Köln" in page.text) == ("Übersicht", True)


def test_long_texts_are_given_in_parts_that_fit_together() -> None:
    text = "".join(f"{number:09d}\n" for number in range(PART // 4))
    read, start = "", 0
    while len(read) < len(text):
        piece = part(text, start, "open_page").partition("\n\n[Characters")[0]
        read, start = read + piece, start + len(piece)
    assert read == text
    for start in (-1, len(text)):
        with pytest.raises(NotDone):
            part(text, start, "open_page")
