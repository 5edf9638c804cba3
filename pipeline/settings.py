"""Every knob, read once from the environment; a misspelt name stops the start."""

import os
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as SourceError

from extractors.intake import Limits
from pipeline.sections import (
    CasesSettings,
    IntakeSettings,
    OidcSettings,
    RetentionSettings,
    SandboxSettings,
    ScannerSettings,
    Section,
    StorageSettings,
)
from schemas.errors import SettingsError
from schemas.messages import Language

_PREFIX = "ZISHEN_"
_DELIMITER = "__"
_Positive = Annotated[int, Field(gt=0)]
Network = IPv4Network | IPv6Network


class OcrSettings(Section):
    """How pictures of pages become words."""

    engine: Literal["paddle", "replay"] = "paddle"
    """`paddle` recognises; `replay` repeats what was recorded under `recordings` of the data."""

    device: Literal["cpu", "gpu", "auto"] = "cpu"
    """Where the models run. `gpu` fails when there is none; `auto` takes one where there is."""

    dpi: Annotated[int, Field(ge=150, le=400)] = 200
    """Resolution at which scanned PDF pages are rendered."""

    threads: Annotated[int, Field(ge=1, le=64)] = 2
    """Threads of one recognition in the process itself; a worker has one."""

    workers: Annotated[int, Field(ge=0, le=64)] = 0
    """Processes that read pages, with a model each; 0 reads them in the process itself."""

    page_seconds: Annotated[float, Field(ge=5, le=3600)] = 120
    """What one page may take in a worker; beyond it the worker is replaced."""

    pages_per_worker: Annotated[int, Field(ge=1, le=1_000_000)] = 500
    """After how many pages, second readings included, a worker is replaced."""

    worker_rss_mib: Annotated[int, Field(ge=512, le=1_048_576)] = 2048
    """Beyond how much memory a worker is replaced when it has done its page."""

    documents: Annotated[int, Field(ge=1, le=64)] = 4
    """Documents of a package that are read at once, where pages are read by others."""


class DaskSettings(Section):
    """A Dask cluster that reads pages, in place of processes of this machine."""

    scheduler: str | None = None
    """Address of its scheduler (`tcp://host:8786`); its workers want `--nthreads 1`."""

    connect_seconds: Annotated[float, Field(ge=1, le=600)] = 20
    """How long a scheduler that does not answer, or has no worker, is waited for."""


class LimitsSettings(Section):
    """What one file may cost. Beyond it the file is refused and the others go on."""

    max_file_bytes: _Positive = Limits.max_file_bytes
    """Size of one file."""

    max_pages: _Positive = Limits.max_pages
    """Pages of one document."""

    max_pixels: _Positive = Limits.max_pixels
    """Pixels of one picture or of one rendered page."""

    max_archive_bytes: _Positive = Limits.max_archive_bytes
    """What an archive may unpack to in all."""

    max_archive_files: _Positive = Limits.max_archive_files
    """Files in an archive."""

    max_sheet_cells: _Positive = Limits.max_sheet_cells
    """Cells of one workbook."""


class DatabaseSettings(Section):
    """Where packages and records are kept."""

    url: SecretStr | None = None
    """An SQLAlchemy URL; without one, an SQLite file under `data_dir`."""


class PrefectSettings(Section):
    """Who orchestrates."""

    api_url: str | None = None
    """API of a Prefect server; without one, each command starts a server of its own."""

    packages: Annotated[int, Field(ge=1, le=64)] = 4
    """Packages of a batch that are under review at once, where pages are read by others: twice as
    many as there are page workers, so that none waits while a package is begun or judged."""

    runs: Annotated[int, Field(ge=1, le=64)] = 4
    """Flow runs that a worker of `zishen up` has under way at once."""


class LogSettings(Section):
    """What a process says of what it does: event names and ids, never the values of fields."""

    format: Literal["json", "console"] = "json"
    """`json` writes one object a line, `console` lines for people."""

    to: Literal["file", "stderr"] = "file"
    """`file` is `logs/zishen.log` under the data; containers want `stderr`."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """What is of less weight is not written."""


class MetricsSettings(Section):
    """Who may read the metrics, and where a machine without an API shows them."""

    token: SecretStr | None = None
    """Bearer token for `/metrics`; without one, only this machine itself may read it."""

    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    """Port on which `zishen up` shows the metrics of all its processes."""

    host: str = "127.0.0.1"
    """Address on which it does; another than this machine's own wants the token."""


class TracingSettings(Section):
    """Where spans go."""

    endpoint: str | None = None
    """URL of an OpenTelemetry collector (OTLP over HTTP); without one there are no spans."""


class ApiSettings(Section):
    """What one caller of the REST API may send, and who reviews what was submitted."""

    max_request_bytes: _Positive = 256 << 20
    """Size of one upload, all files of the request together; beyond it the upload is cut off."""

    max_files: _Positive = 200
    """Files of one application, those inside archives included."""

    reviews: bool = True
    """Whether this server reviews what was submitted. Of several on one database, any may."""

    crop_seconds: _Positive = 20
    """Time that drawing one picture of a page may take."""

    glance_seconds: Annotated[float, Field(ge=0, le=60)] = 1.5
    """How long an upload is looked into before it is answered; 0 looks into nothing."""

    requests_per_minute: _Positive = 600
    """Requests of one key, counted by each server for itself."""

    upload_mib_per_hour: _Positive = 8192
    """What one key may upload, counted by each server for itself."""

    failures_per_minute: _Positive = 30
    """Requests without a good key from one address; those with one are not held up by them."""

    streams: Annotated[int, Field(ge=0, le=1000)] = 10
    """Event streams that one key may have open at this server."""

    signing_key: SecretStr | None = Field(default=None, min_length=32)
    """Secret that webhook secrets and upload addresses are derived from; else a file of the data.
    Of several servers on one database, all have the same."""


class WebhookSettings(Section):
    """Where messages to portals may go, and how often they are tried."""

    http: bool = False
    """Whether addresses without TLS may be registered."""

    networks: tuple[Network, ...] = ()
    """Networks that are not public and may be called all the same: `["10.20.0.0/16"]`."""

    seconds: Annotated[float, Field(ge=0.1, le=60)] = 10
    """What sending one message may take, looking its host up included."""

    attempts: Annotated[int, Field(ge=1, le=100)] = 15
    """How often a message is tried: 15 are spread over two days."""


class ReviewSettings(Section):
    """The review page: how long people stay signed in, and how they reach it."""

    idle_minutes: Annotated[int, Field(ge=1, le=1440)] = 30
    """After how long without a click a person has to sign in again."""

    session_hours: Annotated[int, Field(ge=1, le=24)] = 10
    """After how long a person has to sign in again in any case."""

    tls: bool = False
    """Whether people reach the page by HTTPS; the cookie is then sent no other way."""

    secret: SecretStr | None = None
    """Signs links to status pages, 32 characters at least; without one, good until a restart."""

    embed_in: Annotated[str, Field(pattern=r"^[\w:/.* -]*$")] = ""
    """Origins, parted by spaces, whose pages may show a status page within them."""

    link_days: Annotated[int, Field(ge=1, le=365)] = 30
    """How long a link to a status page is good."""


class Settings(BaseSettings):
    """Set by ZISHEN_OCR__DPI=200 and the like; a misspelt name fails the start."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_nested_delimiter=_DELIMITER,
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )

    environment: Literal["development", "production"] = "development"
    """`development` serves this machine alone; `production` refuses to start without secrets."""

    data_dir: Path = Path(".zishen")
    """Where the embedded database and store live."""

    models_dir: Path = Path(".models")
    """Where `zishen models install` puts the models."""

    lang: Language = "zh"
    """The language of messages."""

    product: str = "sme_small"
    """The product of a package that does not say."""

    policy_file: Path | None = None
    """A bank's own policy (docs/policy.md) in place of the one that comes with zishen."""

    ocr: OcrSettings = OcrSettings()
    """How pictures of pages become words."""

    dask: DaskSettings = DaskSettings()
    """A Dask cluster that reads pages, in place of processes of this machine."""

    limits: LimitsSettings = LimitsSettings()
    """What one file may cost."""

    storage: StorageSettings = StorageSettings()
    """Where originals and readings are kept."""

    database: DatabaseSettings = DatabaseSettings()
    """Where packages and records are kept."""

    prefect: PrefectSettings = PrefectSettings()
    """Who orchestrates."""

    api: ApiSettings = ApiSettings()
    """What one caller of the REST API may send, and who reviews what was submitted."""

    review: ReviewSettings = ReviewSettings()
    """The review page: how long people stay signed in, and how they reach it."""

    oidc: OidcSettings = OidcSettings()
    """The bank's identity provider (单点登录, OpenID Connect); without one, local accounts."""

    cases: CasesSettings = CasesSettings()
    """How applications are kept on their way to a decision (docs/clock.md)."""

    webhooks: WebhookSettings = WebhookSettings()
    """Where messages to portals may go, and how often they are tried."""

    intake: IntakeSettings = IntakeSettings()
    """Where packages are laid down that start by themselves (docs/clock.md)."""

    sandbox: SandboxSettings = SandboxSettings()
    """A process in which files are opened before this one does (docs/security.md)."""

    scanner: ScannerSettings = ScannerSettings()
    """A virus scanner that sees every file before anything else does."""

    retention: RetentionSettings = RetentionSettings()
    """After how long what is no longer needed is deleted; records never are."""

    log: LogSettings = LogSettings()
    """What a process says of what it does: event names and ids, never the values of fields."""

    metrics: MetricsSettings = MetricsSettings()
    """Who may read the metrics, and where a machine without an API shows them."""

    tracing: TracingSettings = TracingSettings()
    """Where spans go."""

    @property
    def database_url(self) -> str:
        """The URL of the database in use, password included: never print it."""
        if self.database.url is not None:
            return self.database.url.get_secret_value()
        return f"sqlite:///{self.data_dir / 'zishen.db'}"

    @model_validator(mode="after")
    def _refuse_unknown_names(self) -> Self:
        """pydantic-settings ignores ZISHEN_ORC__DPI; a silent default is worse than a stop."""
        unknown = unknown_names(os.environ)  # noqa: TID251  this is the settings
        if unknown:
            message = f"unknown settings: {', '.join(sorted(unknown))}"
            raise ValueError(message)
        return self


def unknown_names(names: Iterable[str]) -> list[str]:
    """Return those of our names of variables that are no setting."""
    ours = [name for name in names if name.upper().startswith(_PREFIX)]
    return [name.upper() for name in ours if not _is_known(name.upper())]


def load_settings() -> Settings:
    """Return the settings of the environment.

    Raises:
        SettingsError: a name is misspelt or a value out of bounds; values are never repeated.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("; ".join(_told(error))) from None
    except SourceError as error:
        raise SettingsError(str(error)) from None


def _told(error: ValidationError) -> list[str]:
    told = []
    for fault in error.errors(include_input=False, include_context=False, include_url=False):
        name = _DELIMITER.join(str(part).upper() for part in fault["loc"])
        told.append(f"{_PREFIX}{name}: {fault['msg']}" if name else fault["msg"])
    return told


def _is_known(name: str) -> bool:
    """Return whether every part of a name is a field of the section above it."""
    section: object = Settings
    for part in name.removeprefix(_PREFIX).lower().split(_DELIMITER):
        fields = getattr(section, "model_fields", {})
        if part not in fields:
            return False
        section = fields[part].annotation
    return True
