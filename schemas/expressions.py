"""Formulas of the expert tables as small trees: read from text, and never run as code."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, TypeAlias, cast

from schemas.errors import PolicyError

Operator = Literal["+", "-", "*", "/", ">", "<", "max", "min", "abs"]


@dataclass(frozen=True, slots=True)
class Number:
    """A constant, exactly as it is written."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Name:
    """Something that has a value elsewhere."""

    id: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator and what it works on; `-` with one operand is the opposite."""

    operator: Operator
    operands: "tuple[Expression, ...]"


Expression: TypeAlias = Number | Name | Operation

_BINARY: Final[dict[type[ast.operator], Operator]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}
_COMPARED: Final[dict[type[ast.cmpop], Operator]] = {ast.Gt: ">", ast.Lt: "<"}
_CALLED: Final = {"max": 2, "min": 2, "abs": 1}


def parse(text: str) -> Expression:
    """Return the tree of a formula: the four operations, `>`, `<`, `max`, `min`, `abs`.

    >>> parse("-a/0.3")
    Operation(operator='/', operands=(Operation(operator='-', operands=(Name(id='a'),)), \
Number(value=Decimal('0.3'))))

    Raises:
        PolicyError: it is anything else.
    """
    try:
        return _tree(ast.parse(text, mode="eval").body)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise PolicyError(f"no formula: {text!r} ({error})") from error


def names(expression: Expression) -> Iterator[str]:
    """Yield every name in a formula, from left to right, as often as it stands there."""
    match expression:
        case Name(id=name):
            yield name
        case Operation(operands=operands):
            for operand in operands:
                yield from names(operand)


def _tree(node: ast.expr) -> Expression:
    match node:
        case ast.Name(id=name):
            return Name(name)
        case ast.Constant(value=value) if isinstance(value, int | float) and value is not True:
            return Number(Decimal(str(value)))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Operation("-", (_tree(operand),))
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _BINARY:
            return Operation(_BINARY[type(operator)], (_tree(left), _tree(right)))
        case ast.Compare(left=left, ops=[operator], comparators=[right]) if (
            type(operator) in _COMPARED
        ):
            return Operation(_COMPARED[type(operator)], (_tree(left), _tree(right)))
        case ast.Call():
            return _call(node)
        case _:
            raise ValueError(f"{type(node).__name__} is not allowed")


def _call(node: ast.Call) -> Expression:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if _CALLED.get(name) != len(node.args) or node.keywords:
        raise ValueError("only max, min and abs are called, with two and with one value")
    return Operation(cast("Operator", name), tuple(_tree(value) for value in node.args))
