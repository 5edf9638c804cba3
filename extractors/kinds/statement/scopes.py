"""Whose figures a statement has where its title was not read, or may have lost a word.

A wrong scope is worse than none: the parent's figures would pass for the group's. The rows that
only a group has tell it best, the other statements of the file next; what is left is a guess,
and the statement says so.
"""

from collections.abc import Sequence

from schemas.statements import Scope, Statement

_OF_GROUPS = frozenset(
    {
        "minority_interests",
        "net_profit_attributable_to_minority",
        "oci_attributable_to_minority",
        "tci_attributable_to_minority",
        "cash_received_from_minority_contribution",
        "cash_dividends_paid_to_minority",
    }
)
"""Line items that stand nowhere but in consolidated statements, once there is an amount."""


def scoped(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Return the statements of a file with the scopes that their titles do not tell."""
    return tuple(_scoped(statement, statements) for statement in statements)


def _scoped(statement: Statement, statements: Sequence[Statement]) -> Statement:
    if _is_of_group(statement) and _is_recognised(statement):
        told = statement.scope is not Scope.PARENT
        scope = Scope.CONSOLIDATED if told or not statement.scope_told else statement.scope
        return statement.model_copy(update={"scope": scope, "scope_told": told})
    if statement.scope_told:
        return statement
    scope, told = _by_others(statement, [other for other in statements if other.scope_told])
    return statement.model_copy(update={"scope": scope, "scope_told": told})


def _by_others(statement: Statement, others: Sequence[Statement]) -> tuple[Scope, bool]:
    """Return the scope that the other statements leave, and whether they leave no other."""
    alike = {other.scope for other in others if other.kind is statement.kind}
    if alike == {Scope.PARENT}:
        return Scope.CONSOLIDATED, False
    scopes = {other.scope for other in others}
    if scopes == {Scope.SINGLE}:
        return Scope.SINGLE, True
    if len(scopes) == 1 and statement.scope is Scope.SINGLE:
        return scopes.pop(), False
    return statement.scope, False


def _is_of_group(statement: Statement) -> bool:
    rows = (row for row in statement.rows if row.item in _OF_GROUPS)
    return any(cell.value for row in rows for cell in row.values.values())


def _is_recognised(statement: Statement) -> bool:
    cells = (cell for row in statement.rows for cell in row.values.values())
    return any(cell.confidence is not None for cell in cells)
