"""Where messages may be sent: to portals, and to nothing inside that a portal could aim us at.

A name is looked up once for each sending, every address behind it has to be allowed, and the one
that was checked is the one that is called: no second look-up could answer otherwise.
"""

import asyncio
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from pipeline.settings import Network, WebhookSettings

Address = IPv4Address | IPv6Address

_LONGEST: Final = 512
_NAT64: Final = ip_network("64:ff9b::/96")
"""IPv4 in IPv6 by translation (RFC 6052)."""


class Target(NamedTuple):
    """The parts of an address that a message is sent to."""

    scheme: str
    host: str
    port: int
    path: str


class BadTargetError(ValueError):
    """No message may be sent there."""


def parsed(url: str, *, http: bool) -> Target:
    """Return the parts of an address.

    Raises:
        BadTargetError: it is none, or has parts that it must not have.
    """
    if len(url) > _LONGEST or not url.isascii() or not url.isprintable() or " " in url:
        raise BadTargetError("not a plain URL")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadTargetError("not a URL") from error
    if parts.scheme not in ({"https", "http"} if http else {"https"}):
        raise BadTargetError("its scheme is not allowed")
    if not parts.hostname or port == 0 or "@" in parts.netloc or parts.fragment or "\\" in url:
        raise BadTargetError("it names no host, or more than a host and a path")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    usual = 443 if parts.scheme == "https" else 80
    return Target(parts.scheme, parts.hostname, port or usual, path)


def is_allowed(address: Address, networks: Iterable[Network] = ()) -> bool:
    """Return whether an address may be called: a public one, or one of the networks named.

    >>> [is_allowed(ip_address(a)) for a in ("1.1.1.1", "10.0.0.1", "169.254.169.254", "::1")]
    [True, False, False, False]
    """
    inner = _inner(address)
    if any(inner in network for network in networks if network.version == inner.version):
        return True
    return inner.is_global and not inner.is_multicast and not inner.is_reserved


def _inner(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address leads to, else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if isinstance(_NAT64, IPv6Network) and address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


async def looked_up(target: Target, settings: WebhookSettings) -> str:
    """Return the address to call.

    Raises:
        BadTargetError: one of the addresses of the host must not be called.
        OSError: there is none.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = [str(place[0]) for *_, place in found]
    for address in addresses:
        if not is_allowed(ip_address(address.partition("%")[0]), settings.networks):
            raise BadTargetError("an address of the host is not allowed")
    return addresses[0]
