"""What a webhook may call: the public network and what the operator names, by any spelling."""

import asyncio
import socket
import ssl
import threading
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from time import monotonic
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cases.carrier import Carrier
from pipeline.cases.targets import BadTargetError, is_allowed, looked_up, parsed
from pipeline.ports import Trouble
from pipeline.settings import WebhookSettings

PRIVATE = [
    ip_network(name)
    for name in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
]
inside = st.sampled_from(PRIVATE).flatmap(
    lambda net: st.integers(int(net.network_address), int(net.broadcast_address))
)


@given(inside)
def test_no_private_address_is_called_however_it_is_wrapped(number: int) -> None:
    wrapped = (
        IPv4Address(number),
        IPv6Address((0xFFFF << 32) | number),
        IPv6Address(int(IPv6Address("64:ff9b::")) | number),
        IPv6Address((0x2002 << 112) | (number << 80)),
    )

    assert not any(is_allowed(address) for address in wrapped)


@pytest.mark.parametrize("address", ["fe80::1", "fc00::1", "ff02::1", "::", "::1", "2001:db8::1"])
def test_no_local_address_of_ipv6_is_called(address: str) -> None:
    assert not is_allowed(ip_address(address))


def test_a_network_that_the_operator_names_is_called_and_its_neighbours_are_not() -> None:
    named = (ip_network("10.20.0.0/16"),)

    assert is_allowed(ip_address("10.20.0.1"), named)
    assert is_allowed(ip_address("::ffff:10.20.0.1"), named)
    assert not is_allowed(ip_address("10.21.0.1"), named)


def test_one_bad_address_behind_a_name_spoils_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async def look(*_: object, **__: object) -> Any:
        return [(0, 0, 0, "", ("1.1.1.1", 443)), (0, 0, 0, "", ("10.0.0.1", 443))]

    async def run() -> str:
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look)
        return await looked_up(parsed("https://portal.example", http=False), WebhookSettings())

    with pytest.raises(BadTargetError):
        asyncio.run(run())


def served(handle: Any) -> tuple[socket.socket, threading.Thread]:
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=handle, args=(listening,), daemon=True)
    thread.start()
    return listening, thread


def local(seconds: float = 0.5) -> WebhookSettings:
    return WebhookSettings(http=True, networks=(ip_network("127.0.0.0/8"),), seconds=seconds)


def test_an_answer_that_drips_without_end_takes_no_longer_than_it_may() -> None:
    stop = threading.Event()

    def drip(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while not stop.wait(0.05):
            try:
                connection.sendall(b"X-More: x\r\n")
            except OSError:
                return

    listening, _ = served(drip)
    begun = monotonic()
    answer = Carrier(local())(f"http://127.0.0.1:{listening.getsockname()[1]}/", {}, "{}")
    stop.set()
    listening.close()

    assert (answer.status, answer.trouble) == (None, Trouble.TIMEOUT)
    assert monotonic() - begun < 5


def test_an_endless_body_is_not_read() -> None:
    sent = [0]

    def pour(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
        try:
            while True:
                sent[0] += connection.send(b"x" * 65536)
        except OSError:
            return

    listening, thread = served(pour)
    answer = Carrier(local(5))(f"http://127.0.0.1:{listening.getsockname()[1]}/", {}, "{}")
    thread.join(5)
    listening.close()

    assert answer.trouble is None
    assert sent[0] < 32 << 20


def test_what_does_not_speak_tls_or_does_not_listen_is_no_connection() -> None:
    def hang_up(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        connection.close()

    listening, _ = served(hang_up)
    port = listening.getsockname()[1]
    carrier = Carrier(local(5))

    assert carrier(f"https://127.0.0.1:{port}/", {}, "{}").trouble is Trouble.CONNECTION
    listening.close()
    assert carrier(f"http://127.0.0.1:{port}/", {}, "{}").trouble is Trouble.CONNECTION
    assert carrier("http://nobody.invalid/", {}, "{}").trouble is Trouble.UNKNOWN_HOST
    assert carrier("http://10.0.0.1/", {}, "{}").trouble is Trouble.ADDRESS


def test_certificates_are_checked() -> None:
    assert Carrier(local())._trusted.verify_mode is ssl.CERT_REQUIRED  # noqa: SLF001
