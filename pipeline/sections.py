"""Settings of what lasts: stores, scanners, leases, deadlines, drops, retention; and of people."""

from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field, SecretStr, model_validator

from schemas.base import Model


class Section(Model):
    """A group of settings; what stands under each is its description."""

    model_config = ConfigDict(use_attribute_docstrings=True, hide_input_in_errors=True)


class CasesSettings(Section):
    """How applications are kept on their way to a decision (docs/clock.md)."""

    lease_seconds: Annotated[float, Field(ge=3, le=3600)] = 120
    """After how long the review of a server that died is begun by another."""

    calendar_file: Path | None = None
    """Holidays and worked weekends, in the form of schemas/data/calendar.yaml; else China's."""


class IntakeSettings(Section):
    """Where packages are laid down that start by themselves (docs/clock.md)."""

    folder: Path | None = None
    """A folder; every folder or file in it is a package."""

    prefix: Annotated[str, Field(pattern=r"^([^/]+/)*$")] = ""
    """The same under a prefix of the bucket, as `drop/`; where no folder is named."""

    settle_seconds: Annotated[float, Field(ge=0, le=600)] = 10
    """Time between two looks; what changed in it is still being written."""


class StorageSettings(Section):
    """Where originals and readings are kept."""

    kind: Literal["folder", "minio"] = "folder"
    """`folder` keeps them under `data_dir`, `minio` in a bucket of any S3 server."""

    endpoint: str | None = None
    """Host and port of the S3 server, without a scheme."""

    bucket: str = "zishen"
    """The bucket; it has to exist."""

    access_key: str | None = None
    """Name of the account on the S3 server."""

    secret_key: SecretStr | None = None
    """Secret of the account."""

    secure: bool = True
    """Whether to speak TLS."""

    connect_seconds: Annotated[float, Field(gt=0, le=600)] = 5
    """How long a server that does not answer is waited for."""

    read_seconds: Annotated[float, Field(gt=0, le=3600)] = 60
    """How long its next bytes are waited for."""

    encryption: Literal["none", "s3", "kms"] = "none"
    """Encryption at rest by the server: with its own key (SSE-S3) or with `kms_key` (SSE-KMS)."""

    kms_key: str | None = None
    """Name of the key on the server's key management."""

    lock_days: Annotated[int, Field(ge=0, le=36_500)] = 0
    """How long originals and anchors of the audit cannot be deleted; 0 is no object lock."""

    lock_mode: Literal["governance", "compliance"] = "governance"
    """`compliance` lets nobody shorten it, not even an administrator of the server."""

    readings_days: Annotated[int, Field(ge=0, le=36_500)] = 0
    """After how many days the server deletes cached readings; 0 keeps them."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.encryption == "kms" and not self.kms_key:
            message = "encryption kms also wants kms_key"
            raise ValueError(message)
        needed = {
            "endpoint": self.endpoint,
            "access_key": self.access_key,
            "secret_key": self.secret_key,
        }
        missing = [name for name, value in needed.items() if not value]
        if self.kind == "minio" and missing:
            message = f"kind minio also wants {', '.join(missing)}"
            raise ValueError(message)
        return self


class ScannerSettings(Section):
    """A virus scanner that sees every file before anything else does."""

    address: Annotated[str, Field(pattern=r"^(unix:/.+|[^:]+:\d{1,5})$")] | None = None
    """ClamAV's daemon, as `unix:/run/clamav/clamd.ctl` or `host:3310`; none scans nothing."""

    seconds: Annotated[float, Field(gt=0, le=600)] = 60
    """How long it may take over one file."""


class SandboxSettings(Section):
    """A process in which files are opened before this one does (docs/security.md)."""

    rehearse: bool = False
    """Whether every file is decoded there first; for servers that take papers from strangers."""

    seconds: Annotated[float, Field(gt=0, le=3600)] = 60
    """What decoding one file may take there."""

    memory_mib: Annotated[int, Field(ge=256, le=1_048_576)] = 2048
    """Beyond how much memory the process is ended."""


class RetentionSettings(Section):
    """After how long what is no longer needed is deleted; records never are."""

    readings_days: Annotated[int, Field(ge=1, le=36500)] | None = 90
    """Readings, which can be made again; none keeps them."""

    records_days: Annotated[int, Field(ge=1, le=36500)] | None = 3650
    """Records and the rest, before `zishen data erase` may take them; none is never."""

    originals_days: Annotated[int, Field(ge=1, le=36500)] | None = None
    """Originals of applications that have been closed for so long; none keeps them."""


class OidcSettings(Section):
    """The bank's identity provider (单点登录, OpenID Connect); without one, local accounts."""

    issuer: str | None = None
    """Its URL, as `https://id.bank.example/realms/staff`; what it says of itself is found there."""

    client_id: str = ""
    """By what name it knows this installation."""

    client_secret: SecretStr | None = None
    """The secret that goes with the name."""

    redirect_uri: str = ""
    """Where it sends people back: the address of the review page, with `/login/back` after it."""

    scopes: Annotated[str, Field(pattern=r"^openid( [\w:./-]+)*$")] = "openid profile"
    """What it is asked to tell of a person."""

    login_claim: str = "preferred_username"
    """The claim that the page shows as somebody's login."""

    roles_claim: str = "roles"
    """The claim with somebody's roles or groups; dots lead inwards, as in `realm_access.roles`."""

    roles: dict[str, Literal["submitter", "reviewer", "checker", "auditor", "admin"]] | None = None
    """What each of them may do here: `{"loan-review": "reviewer"}`. Whoever has none is refused."""

    branches_claim: str | None = None
    """The claim with somebody's branches, `*` for all; without one, cases of no branch."""

    local_accounts: bool = False
    """Whether people may sign in with a local account all the same."""

    seconds: Annotated[float, Field(ge=0.1, le=60)] = 10
    """How long its answer is waited for."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.issuer is None:
            return self
        needed = {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "redirect_uri": self.redirect_uri,
            "roles": self.roles,
        }
        missing = [name for name, value in needed.items() if not value]
        if missing:
            message = f"issuer also wants {', '.join(missing)}"
            raise ValueError(message)
        if not all(_is_private(url) for url in (self.issuer, self.redirect_uri)):
            message = "issuer and redirect_uri want https, except on this machine"
            raise ValueError(message)
        return self


def _is_private(url: str) -> bool:
    """Return whether nobody on the way can read what is sent to a URL."""
    parts = urlsplit(url)
    local = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
    return local or (parts.scheme == "https" and bool(parts.hostname))
