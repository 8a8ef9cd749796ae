"""One page over HTTP: guarded, redirects followed one by one, size and time bounded."""

import asyncio
import ssl
from dataclasses import dataclass
from email.message import Message

import httpcore2 as httpcore
import httpx2

from worker.steps.builtin import guard, unpacking
from worker.steps.builtin.guard import Guard, Resolve
from worker.steps.builtin.refusals import NotDone

WHOLE_S, CONNECT_S, READ_S = 30.0, 10.0, 15.0
MOST_BYTES = 8 << 20
REDIRECTS = 5
URL_LENGTH = 2_000
_REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """What a server answered at last; `cut` where its body was longer than anybody wants."""

    url: str
    status: int
    media_type: str
    charset: str
    data: bytes
    cut: bool
    location: str = ""


def address(url: str, base: str = "") -> httpx2.URL:
    """Return a page's address as it is asked for. Raises NotDone."""
    try:
        found = httpx2.URL(base).join(url.strip()) if base else httpx2.URL(url.strip())
    except (httpx2.InvalidURL, ValueError, UnicodeError):
        raise NotDone("bad_address", "This is no address of a web page.") from None
    if found.scheme not in {"http", "https"} or not found.host or len(str(found)) > URL_LENGTH or not _is_port(found.port):
        raise NotDone("bad_address", "The address of a web page begins with https:// or http://.")
    if found.userinfo:
        raise NotDone("bad_address", "An address with a name or a password in it is not opened.")
    return found.copy_with(fragment=None)


def _is_port(port: int | None) -> bool:
    return port is None or 0 < port < 65_536


class Fetcher:
    """Fetches as one client that says who it is."""

    def __init__(self, allowed: Guard, agent: str, *, resolve: Resolve = guard.resolved, trust: ssl.SSLContext | None = None) -> None:
        self._allowed, self._agent, self._resolve, self._trust = allowed, agent, resolve, trust

    async def once(self, url: httpx2.URL, most: int = MOST_BYTES) -> Fetched:
        """Ask once, and follow nothing. Raises NotDone."""
        try:
            async with asyncio.timeout(WHOLE_S), guard.pool(self._allowed, self._resolve, self._trust) as pool:
                return await self._asked(pool, url, most)
        except (TimeoutError, httpcore.TimeoutException):
            raise NotDone("too_slow", f"{url.host} did not answer in time.") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise NotDone("unreachable", f"{url.host} can't be reached: {str(error)[:200] or type(error).__name__}.") from None

    async def _asked(self, pool: httpcore.AsyncConnectionPool, url: httpx2.URL, most: int) -> Fetched:
        headers: dict[bytes | str, bytes | str] = {
            "Host": url.netloc.decode(),
            "User-Agent": self._agent,
            "Accept": "text/html,*/*;q=0.5",
            "Accept-Encoding": "gzip",
        }
        timeouts = {"connect": CONNECT_S, "read": READ_S, "write": READ_S, "pool": CONNECT_S}
        wanted = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        async with pool.stream("GET", wanted, headers=headers, extensions={"timeout": timeouts}) as response:
            told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            media_type, charset = _kind(told.get("content-type", ""))
            location = told.get("location", "") if response.status in _REDIRECTS else ""
            body = (b"", False) if location else await _body(response, told.get("content-encoding", ""), most)
        return Fetched(
            url=str(url), status=response.status, media_type=media_type, charset=charset, data=body[0], cut=body[1], location=location
        )


async def _body(response: httpcore.Response, encoding: str, most: int) -> tuple[bytes, bool]:
    return await unpacking.within(response.aiter_stream(), unpacking.unpacker(encoding.strip().lower()), most)


def _kind(header: str) -> tuple[str, str]:
    """Return the type and the encoding that a Content-Type names."""
    told = Message()
    told["content-type"] = header or "application/octet-stream"
    return told.get_content_type(), told.get_content_charset("") if header else ""
