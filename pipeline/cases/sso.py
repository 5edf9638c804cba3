"""Single sign-on (单点登录): people are sent to the bank's identity provider and come back known.

OpenID Connect, the authorization code flow with PKCE. What comes back counts for nothing until it
holds: the state is one that this browser was sent away with and is taken once, and the ID token is
signed by a key of the provider, for us, now, and for this very attempt. Who somebody is, is issuer
and subject; an address or a name is not. Keys are fetched at every sign-in, so that a key which the
provider has changed is known at once.
"""

import secrets
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode, urlsplit

import httpx2
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.cases.people import FrontDoor, Identity, digest
from pipeline.cases.refused import Refused
from pipeline.ports import Clock, Role, SigningIn
from pipeline.sections import OidcSettings

_log = structlog.get_logger()

_ALGORITHMS: Final = ["RS256", "PS256", "ES256", "EdDSA"]
"""Signatures that only the provider can make."""
_LEEWAY_SECONDS: Final = 60
"""How far its clock may be from ours."""
_PATIENCE: Final = timedelta(minutes=10)
"""How long somebody may take there."""


class Metadata(BaseModel):
    """What a provider says of itself (OpenID Connect Discovery 1.0, section 3)."""

    model_config = ConfigDict(hide_input_in_errors=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None = None


class Sent(NamedTuple):
    """Where to send somebody, and the state that their browser keeps meanwhile."""

    url: str
    state: str


class Back(NamedTuple):
    """The token of a new session of somebody who came back, and the page they wanted."""

    token: str
    page: str


@dataclass(frozen=True)
class Provider:
    """The identity provider of the settings; `transport` is another than the network in tests."""

    settings: OidcSettings
    clock: Clock
    transport: httpx2.BaseTransport | None = None

    def address(self, state: str, sent: SigningIn) -> str:
        """Return where somebody says who they are.

        Raises:
            Refused: the provider does not answer, or is another than that of the settings.
        """
        with self._client() as client:
            url, _ = client.create_authorization_url(
                self._metadata(client).authorization_endpoint,
                state=state,
                nonce=sent.nonce,
                code_verifier=sent.verifier,
            )
        return str(url)

    def identity(self, code: str, sent: SigningIn) -> Identity:
        """Return who came back.

        Raises:
            Refused: the provider does not answer, or what it says does not hold.
        """
        try:
            return self._told(self._claims(code, sent))
        except (JoseError, AuthlibBaseError, ValueError, KeyError, TypeError) as error:
            # a message may hold what was sent
            kind, claim = type(error).__name__, getattr(error, "claim", None)
            _log.warning("sso.refused", why=kind, claim=claim)
            raise Refused("people.sso_refused") from None

    def goodbye(self, page: str) -> str | None:
        """Return where the provider ends its own session, before it sends people to a page of ours.

        None where it has no such place on its own origin, or does not answer: leaving us is done.
        """
        try:
            with self._client() as client:
                place = self._metadata(client).end_session_endpoint
        except Refused:
            return None
        if place is None or origin(place) != origin(self.settings.issuer or ""):
            return None
        said = {"client_id": self.settings.client_id, "post_logout_redirect_uri": page}
        return f"{place}?{urlencode(said)}"

    def _claims(self, code: str, sent: SigningIn) -> dict[str, Any]:
        with self._client() as client:
            known = self._metadata(client)
            try:
                told = client.fetch_token(
                    known.token_endpoint, code=code, code_verifier=sent.verifier
                )
            except httpx2.HTTPError as error:
                raise _unreachable(error) from None
            keys = KeySet.import_key_set(self._fetched(client, known.jwks_uri))
        token = jwt.decode(told["id_token"], keys, algorithms=_ALGORITHMS)
        self._expected(sent).validate(token.claims)
        if token.claims.get("azp", self.settings.client_id) != self.settings.client_id:
            message = "azp"
            raise ValueError(message)
        return token.claims

    def _expected(self, sent: SigningIn) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(self.clock.now().timestamp()),
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": self.settings.issuer or ""},
            aud={"essential": True, "value": self.settings.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": sent.nonce},
        )

    def _told(self, claims: Mapping[str, Any]) -> Identity:
        terms, roles = self.settings, self.settings.roles or {}
        groups = _texts(_claim(claims, terms.roles_claim))
        branches: tuple[str, ...] = ("",)
        if terms.branches_claim is not None:
            branches = _texts(_claim(claims, terms.branches_claim))
        login = _texts(_claim(claims, terms.login_claim))
        return Identity(
            issuer=claims["iss"],
            subject=claims["sub"],
            login=login[0] if login else "",
            roles=frozenset(Role(roles[group]) for group in groups if group in roles),
            branches=frozenset(branches),
        )

    def _metadata(self, client: Any) -> Metadata:
        issuer = (self.settings.issuer or "").rstrip("/")
        said = self._fetched(client, f"{issuer}/.well-known/openid-configuration")
        try:
            known = Metadata.model_validate(said)
        except ValidationError as error:
            raise _unreachable(error) from None
        if known.issuer != self.settings.issuer:
            _log.warning("sso.refused", why="issuer", claim="issuer")
            raise Refused("people.sso_refused")
        return known

    def _fetched(self, client: Any, url: str) -> Any:
        try:
            answer = client.request("GET", url, withhold_token=True)
            return answer.raise_for_status().json()
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise _unreachable(error) from None

    def _client(self) -> Any:
        """Return a client that Authlib has not typed. No proxy of the environment is used."""
        secret = self.settings.client_secret
        return OAuth2Client(
            client_id=self.settings.client_id,
            client_secret=secret.get_secret_value() if secret else "",
            scope=self.settings.scopes,
            redirect_uri=self.settings.redirect_uri,
            code_challenge_method="S256",
            timeout=self.settings.seconds,
            transport=self.transport,
            verify=ssl.create_default_context(),
            trust_env=False,
        )


@dataclass(frozen=True)
class SingleSignOn:
    """Sends people to the provider and lets them in when they come back."""

    provider: Provider
    door: FrontDoor

    def send(self, page: str) -> Sent:
        """Send somebody away who wanted a page of ours.

        Raises:
            Refused: the provider does not answer, or is another than that of the settings.
        """
        state, now = secrets.token_urlsafe(32), self.door.clock.now()
        sent = SigningIn(
            digest=digest(state),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            page=page,
            made_at=now,
        )
        url = self.provider.address(state, sent)
        self.door.sessions.expect(sent)
        return Sent(url, state)

    def let_in(self, state: str, kept: str, code: str) -> Back:
        """Let somebody in who came back with a code; `kept` is the state of their browser.

        Raises:
            Refused: the state is not that of the browser, was used before or is too old; what the
                provider says does not hold; or it names nothing that the person may do here.
        """
        sent = self.door.sessions.expected(digest(state))
        own = secrets.compare_digest(state.encode(), kept.encode())
        if sent is None or not own or self.door.clock.now() - sent.made_at > _PATIENCE:
            raise Refused("people.sso_expired")
        return Back(self.door.admit(self.provider.identity(code, sent)), sent.page)


def origin(url: str) -> str:
    """Return scheme, host and port of a URL.

    >>> origin("https://id.bank.example:8443/realms/staff")
    'https://id.bank.example:8443'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _unreachable(error: Exception) -> Refused:
    _log.warning("sso.unreachable", why=type(error).__name__)
    return Refused("people.sso_unreachable")


def _claim(claims: Mapping[str, Any], name: str) -> object:
    """Return a claim by its name, or by the way to it.

    >>> _claim({"a.b": 1}, "a.b"), _claim({"a": {"b": 2}}, "a.b"), _claim({"a": 3}, "a.b")
    (1, 2, None)
    """
    if name in claims:
        return claims[name]
    found: object = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _texts(value: object) -> tuple[str, ...]:
    """Return the texts of a claim that is one or a list.

    >>> _texts("north"), _texts(["north", 7]), _texts(None)
    (('north',), ('north',), ())
    """
    values = value if isinstance(value, list) else [value]
    return tuple(one for one in values if isinstance(one, str))
