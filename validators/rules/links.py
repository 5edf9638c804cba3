"""What ties one statement to another, or a row to its part: the X_ identities of the taxonomies.

An identity is held over the statements of one entity, scope and closing day, wherever they stand
in the package. What is not printed, could not be read or has no printed unit is not compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from schemas.documents import DocumentKind
from schemas.fields import Field
from schemas.findings import Severity
from schemas.records import Dossier
from schemas.taxonomy import Identity, IdentityTerm, load
from validators.closings import Closing, Term, closings
from validators.papers import ask_if_sure, evidence, money
from validators.policy import Policy
from validators.rule import Objection, rule

CASH_AND_BANK: Final = (
    "X_CF_vs_BS_end",
    "X_CF_vs_BS_begin",
    "SX_CASH_end",
    "SX_CASH_begin",
    "IX_cash",
)
CASH_CHAIN: Final = ("X_CF_chain",)
SUPPLEMENT: Final = ("X_CF_direct_vs_indirect", "X_IS_CFS_net_profit", "X_CFS_net_increase")
RETAINED: Final = ("X_RE_roll", "SX_RE_roll", "SX_EQUITY_roll")
SURPLUS: Final = ("X_SURPLUS_cap",)
OF_WHICH: Final = tuple(
    identity.id
    for name in ("cas", "small", "ifrs")
    for identity in load(name).identities
    if "_OW_" in identity.id
)

ELSEWHERE: Final = {
    "X_BS_balance_end": "statements.balance",
    "X_BS_accounting_equation_end": "statements.balance",
    "X_BS_balance_begin": "statements.balance",
    "X_BS_accounting_equation_begin": "statements.balance",
    "SX_BS_balance_end": "statements.balance",
    "SX_BS_balance_begin": "statements.balance",
    "IX_net_assets": "statements.balance",
    "IX_balance": "statements.balance",
    "X_CF_roll": "statements.cash_roll",
    "X_MI_split_profit": "statements.subtotal",
    "IX_nci": "the labels of IFRS statements are known in part",
    "X_SOCE_tci": "the statement of changes in equity is not read row by row",
    "X_SOCE_closing": "the statement of changes in equity is not read row by row",
    "X_SOCE_opening": "the statement of changes in equity is not read row by row",
}
"""The identities that are not held here: the rule that does, or why none can."""

_AT_MOST = frozenset({"X_RE_roll"})
"""Without a statement of changes in equity only an increase beyond the profit is unexplained."""

_MANY_TOLERANCES = 10


@dataclass(frozen=True)
class _Break:
    """An identity that does not hold."""

    identity: Identity
    subject: str | None
    left: Decimal
    right: Decimal
    cells: tuple[Field[Decimal], ...]
    rounding: bool

    @property
    def first(self) -> str:
        """The item that it is about."""
        return self.identity.lhs[0].item

    @property
    def severity(self) -> Severity:
        """What the table says, and to the applicant only what is certainly so on the paper."""
        if self.identity.severity != "error":
            return Severity(self.identity.severity)
        asked = ask_if_sure(*self.cells)
        return Severity.WARN if self.rounding and asked is Severity.RETURN else asked

    def objection(self, **params: str) -> Objection:
        """Say it, with the amounts of both sides."""
        amounts = {
            "left": money(self.left),
            "right": money(self.right),
            "difference": money(self.left - self.right),
        }
        return Objection({**params, **amounts}, evidence(*self.cells), self.subject, self.severity)


@rule("statements.cash_and_bank", Severity.WARN)
def cash_and_bank(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """Cash of the cash-flow statement is within the monetary funds (X_CF_vs_BS_*, SX_CASH_*, F13).

    For small enterprises the two are the same; elsewhere the difference is restricted cash.
    """
    for found in _breaks(dossier, CASH_AND_BANK):
        context = found.identity.rhs[0].context.value
        yield found.objection(column=context)


@rule("statements.cash_chain", Severity.RETURN)
def cash_chain(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The opening cash of a full year is the closing cash of the year before (X_CF_chain)."""
    for found in _breaks(dossier, CASH_CHAIN):
        yield found.objection()


@rule("statements.supplement", Severity.RETURN)
def supplement(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The supplement repeats net profit, operating cash and increase (X_IS_CFS_net_profit etc.).

    Also X_CF_direct_vs_indirect and X_CFS_net_increase, where a supplement is printed.
    """
    for found in _breaks(dossier, SUPPLEMENT):
        yield found.objection(item=found.first)


@rule("statements.retained_earnings", Severity.WARN)
def retained_earnings(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """Retained earnings grow by no more than the profit (X_RE_roll, SX_RE_roll, SX_EQUITY_roll)."""
    for found in _breaks(dossier, RETAINED):
        yield found.objection(item=found.first)


@rule("statements.surplus_reserve", Severity.INFO)
def surplus_reserve(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """The surplus reserve grows by no more than the net profit (X_SURPLUS_cap).

    In a year of loss nothing is set aside: a reserve that stays is no growth.
    """
    for found in _breaks(dossier, SURPLUS):
        if found.left > 0:
            yield found.objection()


@rule("statements.of_which", Severity.WARN)
def of_which(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """What is printed as a part of a row is no more than the row (X_OW_*, SX_OW_*)."""
    for found in _breaks(dossier, OF_WHICH):
        yield found.objection(item=found.identity.rhs[0].item)


def _breaks(dossier: Dossier, ids: tuple[str, ...]) -> Iterator[_Break]:
    for closing in closings(dossier):
        if closing.taxonomy is None:
            continue
        known = closing.taxonomy.identity
        for identity in (known[id_] for id_ in ids if id_ in known):
            if _applies(identity, closing):
                found = _held(identity, closing)
                if found is not None:
                    yield found


def _applies(identity: Identity, closing: Closing) -> bool:
    if "annual" in identity.periods and not closing.is_full_year:
        return False
    return len({id(closing.paper_of(term)) for term in _terms(identity)}) == 1 or (
        closing.has_one_unit
    )


def _terms(identity: Identity) -> tuple[IdentityTerm, ...]:
    return (*identity.lhs, *identity.rhs)


def _held(identity: Identity, closing: Closing) -> _Break | None:
    """Return how an identity breaks, None where it holds or cannot be held."""
    right = _printed(identity, identity.rhs, closing)
    if not right or right[0].cell is None:
        return None
    left = _printed(identity, identity.lhs, closing)
    if not left or not _is_whole(identity, left):
        return None
    one, other = _total(left), _total(right)
    if one is None or other is None:
        return None
    if "_OW_" in identity.id:  # some forms print costs in brackets, parts and all
        one, other = abs(one), abs(other)
    used = [term for term in (*left, *right) if term.cell is not None]
    tolerance = sum((term.precision / 2 for term in used), Decimal(0))
    at_most = identity.op == "le" or identity.id in _AT_MOST
    difference = one - other if at_most else abs(one - other)
    if difference <= tolerance:
        return None
    paper = closing.paper_of(identity.lhs[0])
    return _Break(
        identity=identity,
        subject=paper.subject if paper else None,
        left=one,
        right=other,
        cells=tuple(term.cell for term in used if term.cell is not None),
        rounding=difference <= max(_MANY_TOLERANCES * tolerance, Decimal(1)),
    )


def _printed(
    identity: Identity, terms: tuple[IdentityTerm, ...], closing: Closing
) -> tuple[Term, ...]:
    """Return the terms of a side as they are printed; nothing where a statement is missing."""
    found: list[Term] = []
    for wanted in terms:
        if _is_of_equity(wanted):
            continue
        term = closing.term(wanted)
        instead = identity.fallback.get(wanted.item)
        if term is not None and term.cell is None and instead:
            term = closing.term(wanted.model_copy(update={"item": instead}))
        if term is None:
            return ()
        found.append(term)
    return tuple(found)


def _is_of_equity(term: IdentityTerm) -> bool:
    """Return whether a term stands on the statement of changes in equity, which is not read."""
    item = load("cas").by_id.get(term.item)
    return item is not None and item.statement == DocumentKind.CHANGES_IN_EQUITY.value


def _is_whole(identity: Identity, left: tuple[Term, ...]) -> bool:
    """Return whether what the identity is about is printed; of parts of a row one is enough."""
    printed = [term.cell is not None for term in left]
    return any(printed) if "_OW_" in identity.id else all(printed)


def _total(terms: tuple[Term, ...]) -> Decimal | None:
    values = [term.value for term in terms]
    if any(value is None for value in values):
        return None
    pairs = zip(terms, values, strict=True)
    return sum((term.weight * (value or Decimal(0)) for term, value in pairs), Decimal(0))
