"""Why a number is not one. Messages never hold the number itself."""

from typing import ClassVar


class IdentifierError(ValueError):
    """The base: `reason` is a stable word for findings and messages."""

    reason: ClassVar[str] = "invalid"


class LengthError(IdentifierError):
    """It has too few or too many characters."""

    reason = "length"


class AlphabetError(IdentifierError):
    """It holds a character that the standard does not allow there."""

    reason = "alphabet"


class RegistrarError(IdentifierError):
    """Its first two characters name no registration authority and category of entity."""

    reason = "registrar"


class RegionError(IdentifierError):
    """Its division code is not six digits that begin with a province."""

    reason = "region"


class BodyCheckError(IdentifierError):
    """The organisation code inside it fails its own check (GB 11714)."""

    reason = "body_check"


class CheckError(IdentifierError):
    """Its check character is not the one that the other characters give."""

    reason = "check"
