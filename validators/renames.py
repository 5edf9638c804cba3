"""Former names: what the notices of change in a package say of the name of an entity (CC01).

A former name is that of a licence only where one notice says so of exactly these two names, and
the reading is sure of each of them. Papers of a day after the notice ought to bear the present
name.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from schemas.fields import Field, FieldState
from schemas.notices import ChangeNotice
from schemas.records import Dossier
from validators.papers import read, same_name


def proof(
    dossier: Dossier, former: Field[str], names: Sequence[Field[str]], day: date | None
) -> ChangeNotice | None:
    """Return the notice by which a former name, on a paper of a day, is one of the names."""
    return next(
        (
            notice
            for notice in _of(dossier, former, names)
            if notice.issued_on.accepted and _is_before(day, notice.issued_on.value)
        ),
        None,
    )


def may_be_renamed(dossier: Dossier, former: Field[str], names: Sequence[Field[str]]) -> bool:
    """Return whether a notice may say that two names are of one entity, so that a person looks.

    It does where it says so and no proof follows, or where its names are not sure.
    """
    return any(map(_is_doubtful, dossier.notices)) or any(_of(dossier, former, names))


def present_name(dossier: Dossier, name: Field[str]) -> Field[str]:
    """Return the name that an entity bears now, the name itself where no notice surely tells."""
    found = (one.name for one in dossier.notices if _is_sure(one) and _is(one.former_name, name))
    return next(found, name) if name.accepted else name


def _of(
    dossier: Dossier, former: Field[str], names: Sequence[Field[str]]
) -> Iterator[ChangeNotice]:
    for notice in dossier.notices:
        held = any(name.accepted and _is(notice.name, name) for name in names)
        if held and _is_sure(notice) and former.accepted and _is(notice.former_name, former):
            yield notice


def _is_sure(notice: ChangeNotice) -> bool:
    return notice.former_name.accepted and notice.name.accepted


def _is_doubtful(notice: ChangeNotice) -> bool:
    """Return whether names stand on a notice, or ought to, that the reading is not sure of."""
    told = {notice.former_name.state, notice.name.state} - {FieldState.ABSENT}
    return bool(told) and not _is_sure(notice)


def _is(one: Field[str], other: Field[str]) -> bool:
    return same_name(read(one) or "", read(other) or "")


def _is_before(day: date | None, change: date | None) -> bool:
    return day is not None and change is not None and day <= change
