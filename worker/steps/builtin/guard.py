"""Where open_page may connect to. The address that counts is the one a name resolves to when the connection is made, and the connection
goes to that very address: a name that resolves otherwise the second time, a redirect and a number in disguise all end up here.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import httpcore2 as httpcore

from olamchat.environment import BadSetting
from worker.steps.builtin.refusals import NotDone

Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Awaitable[list[str]]]
PORTS = {80, 443}
# Addresses of one name that are tried, one after the other.
TRIED = 3
# Where clouds tell a machine its secrets, at numbers that Python (3.11 at least) takes for public: Azure's host, and IANA's protocol assignments.
_METADATA = tuple(IPv4Network(net) for net in ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24"))
# IPv6 addresses that carry an IPv4 address: gateways of a network translate the first. Nothing public needs the others.
_NAT64 = IPv6Network("64:ff9b::/96")
_CARRIERS = tuple(IPv6Network(net) for net in ("2001::/23", "2002::/16"))
# All that was ever given out as public.
_GLOBAL_UNICAST = IPv6Network("2000::/3")


def networks(setting: str) -> tuple[Network, ...]:
    """Read OLAMCHAT_WEB_NETWORKS. Raises BadSetting."""
    try:
        return tuple(ip_network(each.strip()) for each in setting.split(",") if each.strip())
    except ValueError as error:
        raise BadSetting(f"OLAMCHAT_WEB_NETWORKS={setting!r} is not a list of networks: {error}") from None


async def resolved(host: str, port: int) -> list[str]:
    """Return the addresses of a name, by this machine's resolver. Raises NotDone."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotDone("unreachable", f"There is no server of the name {host[:200]}.") from None
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True)
class Guard:
    """Lets through public addresses at the ports of the web, and the networks that an administrator has named, at any port."""

    networks: tuple[Network, ...] = ()

    def allows(self, address: str, port: int) -> bool:
        """Tell whether a connection may be made."""
        try:
            place = _bare(ip_address(address))
        except ValueError:
            return False
        if any(place in network for network in self.networks if network.version == place.version):
            return True
        return port in PORTS and _is_public(place)


def _bare(place: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 address stands for, where it does."""
    if isinstance(place, IPv6Address):
        if place.ipv4_mapped is not None:
            return place.ipv4_mapped
        if place in _NAT64:
            return IPv4Address(int(place) & 0xFFFF_FFFF)
    return place


def _is_public(place: IPv4Address | IPv6Address) -> bool:
    if not place.is_global or place.is_multicast or place.is_reserved:
        return False
    if isinstance(place, IPv4Address):
        return not any(place in network for network in _METADATA)
    return place.scope_id is None and place in _GLOBAL_UNICAST and not any(place in carrier for carrier in _CARRIERS)


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Makes connections for an HTTP client, to allowed addresses alone. What it doesn't have (sockets of this machine) isn't implemented above it."""

    def __init__(self, guard: Guard, resolve: Resolve = resolved) -> None:
        self._guard, self._resolve = guard, resolve
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109, the backend has it so
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first allowed address that answers. Raises NotDone, and what the backend raises of the last one."""
        addresses = [each for each in await self._resolve(host, port) if self._guard.allows(each, port)][:TRIED]
        if not addresses:
            raise NotDone("address_refused", f"{host[:200]} at port {port} is not a public place of the web, so it may not be opened.")
        for address in addresses[:-1]:
            try:
                return await self._plain.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._plain.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def pool(guard: Guard, resolve: Resolve = resolved, trust: ssl.SSLContext | None = None) -> httpcore.AsyncConnectionPool:
    """Return a client that goes where the guard allows; it follows no redirect and uses no proxy, which would resolve names by itself."""
    return httpcore.AsyncConnectionPool(ssl_context=trust, network_backend=GuardedBackend(guard, resolve), max_connections=20)
