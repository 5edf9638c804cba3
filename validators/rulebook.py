"""The rules, in an explicit table, and the one way to run them."""

import hashlib
from collections.abc import Iterator
from importlib import resources
from types import ModuleType

from schemas.findings import Finding
from schemas.records import Dossier
from validators.policy import Policy
from validators.rule import Objection, Rule, rule
from validators.rules import (
    audit,
    completeness,
    continuity,
    flags,
    founding,
    licence,
    licence_fields,
    licence_names,
    licence_print,
    licence_qr,
    links,
    reading,
    statements,
    sums,
)

__all__ = ["RULEBOOK", "RULE_MODULES", "VERSION", "Objection", "Rule", "check", "rule"]

RULE_MODULES: tuple[ModuleType, ...] = (
    completeness,
    reading,
    licence,
    licence_fields,
    licence_print,
    licence_names,
    licence_qr,
    statements,
    sums,
    links,
    continuity,
    founding,
    flags,
    audit,
)
"""Every module with rules; its rules run in the order in which they are written."""


def _table(modules: tuple[ModuleType, ...]) -> dict[str, Rule]:
    found = [value for m in modules for value in vars(m).values() if isinstance(value, Rule)]
    table = {entry.code: entry for entry in found}
    if len(table) != len(found):
        raise ValueError("two rules have the same code")
    return table


RULEBOOK: dict[str, Rule] = _table(RULE_MODULES)
"""Every rule by its code."""


def _version() -> str:
    """Hash the code of the rules and the tables that they read."""
    digest = hashlib.sha256()
    for package, folder, suffix in (
        ("validators", ".", ".py"),
        ("validators", "rules", ".py"),
        ("schemas", "data", ".yaml"),
        ("schemas", "identifiers", ".py"),
    ):
        entries = (resources.files(package) / folder).iterdir()
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name.endswith(suffix):
                digest.update(entry.name.encode() + entry.read_bytes())
    return digest.hexdigest()[:12]


VERSION = _version()
"""Changes with any change to a rule or to a table, so that a record names what made it."""


def check(dossier: Dossier, policy: Policy) -> tuple[Finding, ...]:
    """Return what the readers remarked and what the rules object to, in a fixed order.

    A code that is in the rulebook is only ever raised by its rule, with the severity that the
    policy gives to it.
    """
    return (*_remarks(dossier), *_objections(dossier, policy))


def _remarks(dossier: Dossier) -> Iterator[Finding]:
    for reading_ in dossier.readings:
        yield from (found for found in reading_.findings if found.code not in RULEBOOK)


def _objections(dossier: Dossier, policy: Policy) -> Iterator[Finding]:
    for entry in RULEBOOK.values():
        for found in entry.findings(dossier, policy):
            yield policy.weighed(found, entry.severity)
