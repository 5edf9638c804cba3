"""Carries one message to one address: bounded in time, without following where it is sent on."""

import asyncio
import ssl
from collections.abc import Mapping
from typing import Final, NamedTuple

import httpx2

from pipeline.cases.targets import BadTargetError, Target, looked_up, parsed
from pipeline.ports import Trouble
from pipeline.settings import WebhookSettings

_AGENT: Final = "zishen-webhooks/1"


class Answer(NamedTuple):
    """The status that a message was answered with, and why it does not count as arrived."""

    status: int | None
    trouble: Trouble | None


class Carrier:
    """Sends messages by HTTP.

    Of the answer only the status is read: its body is the receiver's own and could be without end.
    No proxy of the environment is used, since it would look names up by itself.
    """

    def __init__(self, settings: WebhookSettings) -> None:
        """Trust the certificates that this machine trusts."""
        self._settings = settings
        self._trusted = ssl.create_default_context()

    def __call__(self, url: str, headers: Mapping[str, str], body: str) -> Answer:
        """Send a message and say how that went; nothing is raised for what the receiver does."""
        try:
            status = asyncio.run(self._within(url, headers, body))
        except BadTargetError:
            return Answer(None, Trouble.ADDRESS)
        except (TimeoutError, httpx2.TimeoutException):
            return Answer(None, Trouble.TIMEOUT)
        except (httpx2.HTTPError, httpx2.InvalidURL, ssl.SSLError):
            return Answer(None, Trouble.CONNECTION)
        except OSError:  # of the look-up
            return Answer(None, Trouble.UNKNOWN_HOST)
        return Answer(status, None if 200 <= status < 300 else Trouble.STATUS)

    async def _within(self, url: str, headers: Mapping[str, str], body: str) -> int:
        async with asyncio.timeout(self._settings.seconds):
            target = parsed(url, http=self._settings.http)
            address = await looked_up(target, self._settings)
            return await self._post(target, address, headers, body)

    async def _post(
        self, target: Target, address: str, headers: Mapping[str, str], body: str
    ) -> int:
        """Call the address that was checked under the name that it was found by."""
        host = f"[{address}]" if ":" in address else address
        async with (
            httpx2.AsyncClient(
                verify=self._trusted, trust_env=False, timeout=self._settings.seconds
            ) as client,
            client.stream(
                "POST",
                f"{target.scheme}://{host}:{target.port}{target.path}",
                content=body.encode(),
                headers={
                    **headers,
                    "Host": _named(target),
                    "User-Agent": _AGENT,
                    "Content-Type": "application/json",
                },
                extensions={"sni_hostname": target.host},
                follow_redirects=False,
            ) as answer,
        ):
            return answer.status_code


def _named(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    usual = 443 if target.scheme == "https" else 80
    return host if target.port == usual else f"{host}:{target.port}"
