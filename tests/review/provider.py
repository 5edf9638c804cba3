"""An identity provider as the bank's own is: its key, its words about itself, codes and tokens."""

import base64
import hashlib
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fastapi import FastAPI, Form, Request
from fastapi.responses import JSONResponse
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from tests.review.conftest import Clock

ISSUER = "https://id.bank.example/realms/staff"
CLIENT = "zishen"
SECRET = "client-secret-of-the-tests"  # noqa: S105  of a provider that lives for one test
REDIRECT = "https://review.bank.example/review/login/back"


@cache
def made(kid: str, bits: int = 2048) -> RSAKey:
    """Return a key of the provider, or of somebody else where it has other bits."""
    return RSAKey.generate_key(bits, {"kid": kid})


@dataclass
class Realm:
    """Somebody at the provider, and how it deviates from what it should do."""

    clock: Clock
    claims: dict[str, Any] = field(default_factory=dict)
    """What its token says otherwise; a claim that is None is left out."""
    issuer: str = ISSUER
    down: bool = False
    key: RSAKey = field(default_factory=lambda: made("one"))
    shown: RSAKey | None = None
    """The key that it shows where that is another than the one it signs with."""
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def authorise(self, url: str) -> str:
        """Recognise somebody who was sent to a URL, and return the code that they bring back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        code = f"code-{len(self.asked)}"
        self.asked[code] = asked
        return code

    def token(self, code: str) -> str:
        now = int(self.clock.now().timestamp())
        said = {
            "iss": ISSUER,
            "sub": "4711",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked[code]["nonce"],
            "preferred_username": "Zhao.Min",
            "groups": {"zishen": ["loan-review"]},
            "branch": ["north"],
        }
        kept = {name: value for name, value in (said | self.claims).items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, kept, self.key)


def provider(realm: Realm) -> FastAPI:
    """Return the provider as an application."""
    app = FastAPI()

    @app.get("/realms/staff/.well-known/openid-configuration")
    def describe() -> JSONResponse:
        if realm.down:
            return JSONResponse({}, 503)
        return JSONResponse(
            {
                "issuer": realm.issuer,
                "authorization_endpoint": f"{ISSUER}/authorize",
                "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/keys",
                "end_session_endpoint": f"{ISSUER}/logout",
            }
        )

    @app.get("/realms/staff/keys")
    def show_keys() -> dict[str, Any]:
        return KeySet([realm.shown or realm.key]).as_dict(private=False)

    @app.post("/realms/staff/token")
    def exchange(
        request: Request,
        code: str = Form(),
        code_verifier: str = Form(),
        redirect_uri: str = Form(),
    ) -> JSONResponse:
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        challenge = hashlib.sha256(code_verifier.encode()).digest()
        asked = realm.asked.get(code, {})
        proven = base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        good = (
            request.headers["authorization"] == f"Basic {basic}"
            and asked.get("code_challenge") == proven
            and asked.get("code_challenge_method") == "S256"
            and redirect_uri == asked.get("redirect_uri") == REDIRECT
        )
        if not good:
            return JSONResponse({"error": "invalid_grant"}, 400)
        told = {"access_token": "x", "token_type": "Bearer", "id_token": realm.token(code)}
        return JSONResponse(told)

    return app
