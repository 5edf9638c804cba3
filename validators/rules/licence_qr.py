"""What the printed QR code of a licence says, held against the rest; nothing is ever fetched."""

import functools
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from schemas.findings import Severity
from schemas.identifiers import uscc
from schemas.licence import BusinessLicence
from schemas.records import Dossier
from schemas.tables import read_model
from validators.papers import evidence, licences, read, same_name
from validators.policy import Policy
from validators.rule import Objection, rule

_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{18}(?![0-9A-Z])")
_NAME = re.compile(r"名称\s*[:：]\s*([^\s,;，；]+)")
_GOVERNMENT = ".gov.cn"


class _Hosts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    allowed_hosts_exact: tuple[str, ...]
    allowed_hosts_suffix: tuple[str, ...]
    legacy_provincial_hosts: tuple[str, ...]

    @property
    def exact(self) -> frozenset[str]:
        """Every host that is known by its whole name."""
        return frozenset((*self.allowed_hosts_exact, *self.legacy_provincial_hosts))


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    qr: _Hosts


@rule("licence.qr_host", Severity.WARN)
def qr_host(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The QR code leads to the publicity system (L051); an unlisted .gov.cn host is only noted."""
    for subject, licence in licences(dossier):
        host = _host(read(licence.qr_code) or "")
        if host and not _is_listed(host):
            severity = Severity.INFO if host.endswith(_GOVERNMENT) else None
            yield Objection({"host": host}, evidence(licence.qr_code), subject, severity)


@rule("licence.qr_mismatch", Severity.ERROR)
def qr_mismatch(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """What the QR code says in clear is what is printed (L052, R23); a person looks, untold."""
    for subject, licence in licences(dossier):
        payload = read(licence.qr_code) or ""
        if _has_another_code(licence, payload):
            fields = evidence(licence.qr_code, licence.unified_social_credit_code)
            yield Objection({"field": "unified_social_credit_code"}, fields, subject)
        if _has_another_name(licence, payload):
            yield Objection({"field": "name"}, evidence(licence.qr_code, licence.name), subject)


def _has_another_code(licence: BusinessLicence, payload: str) -> bool:
    """Return whether the payload holds credit codes and the printed one is none of them."""
    told = {code for code in _CODE.findall(payload.upper()) if uscc.is_valid(code)}
    code = read(licence.unified_social_credit_code)
    return bool(told) and code is not None and uscc.compact(code) not in told


def _has_another_name(licence: BusinessLicence, payload: str) -> bool:
    told, name = _NAME.search(payload), read(licence.name)
    return told is not None and name is not None and not same_name(told[1], name)


def _host(payload: str) -> str | None:
    """Return the host of an address, None for any other text.

    >>> _host("http://www.gsxt.gov.cn/index?a=1"), _host("名称：示例有限公司")
    ('www.gsxt.gov.cn', None)
    """
    try:
        parts = urlsplit(payload.strip())
    except ValueError:
        return None
    return parts.hostname if parts.scheme in {"http", "https"} else None


def _is_listed(host: str) -> bool:
    hosts = _hosts()
    return host in hosts.exact or host.endswith(hosts.allowed_hosts_suffix)


@functools.cache
def _hosts() -> _Hosts:
    return read_model("licence_fields.yaml", _Table).qr
