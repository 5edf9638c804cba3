"""Which of two readings of a cell is taken, what else the pixels may show, and how sure it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from extractors.amounts import Amount, in_cents, parse
from extractors.kinds.statement.rows import Second
from extractors.tables.lines import Piece, is_strong
from schemas.fields import Candidate
from schemas.text import Word

_SURE = 0.9
"""Wrong characters of confident lines stood below 0.8; two readings that agree are held to more."""
_MANY_DIGITS = 5
_CLEAR = 0.5
_MOST = 8
_SEPARATORS = frozenset(",.，． ")
_DECIMALS = re.compile(r"[^\d]\s?\d{2}[)）>》-]?$")


@dataclass(frozen=True, slots=True)
class Choice:
    """The reading that is taken for a cell, the one that is not, and what the second look saw.

    `cents`: the column prints two decimals everywhere, so that digits without clear separators
    tell an amount all the same.
    """

    pieces: tuple[Piece, ...]
    other: Piece | None
    second: Second
    cents: bool

    @property
    def text(self) -> str:
        """What is taken to stand there; a number broken over two lines is one number."""
        if len(self.pieces) == 1:
            return self.pieces[0].text.strip()
        texts = [piece.text.strip() for piece in self.pieces]
        whole = "".join(texts)
        return whole if is_strong(whole) and not all(map(is_strong, texts)) else " | ".join(texts)

    @property
    def amount(self) -> Amount | None:
        """The amount that is printed, None where the text prints none."""
        amount = _read(self.text, cents=self.cents)
        if amount and amount.value and amount.value > 0 and self.second.ink.minus:
            return replace(amount, value=-amount.value)
        return amount

    @property
    def confidence(self) -> float | None:
        """The probability of the weakest character that the amount depends on.

        None of an amount without its decimals, however clear: a seal cuts off those of several
        rows at once, and their sum holds all the same.
        """
        found = [sure for piece in self.pieces if (sure := certainty(piece)) is not None]
        return 0.0 if found and self._is_cut else min(found, default=None)

    @property
    def _is_cut(self) -> bool:
        """Whether the decimals are missing that everything else in the column has."""
        own = self.amount
        return self.cents and bool(own and own.value) and not _DECIMALS.search(self.text)

    @property
    def is_seen_twice(self) -> bool:
        """Whether unlike readings agree, and the pixels show nothing that they leave out."""
        own, ink = self.amount, self.second.ink
        if own is None or own.value is None or not own.sound or self.other is None or self._is_cut:
            return False
        if self.second.sealed or ink.outside or ink.trace != (own.value < 0):
            return False
        other = parse(self.other.text)
        readings = (*self.pieces, self.other)
        return (
            other is not None
            and other.sound
            and other.value == own.value
            and all((certainty(piece) or 0.0) >= _SURE for piece in readings)
        )

    def candidates(self, scale: Decimal) -> tuple[Candidate[Decimal], ...]:
        """Return what else the pixels may show, the most telling first, each value once."""
        own = self.amount
        if len(self.pieces) != 1:
            return ()
        found: dict[Decimal, Candidate[Decimal]] = {}
        for candidate in self._candidates(scale):
            if own is None or own.value is None or candidate.value != own.value * scale:
                found.setdefault(candidate.value, candidate)
        return tuple(found.values())[:_MOST]

    def _candidates(self, scale: Decimal) -> Iterator[Candidate[Decimal]]:
        own = self.amount
        if own and own.value and own.value > 0 and self.second.ink.trace:
            yield _second(-own.value * scale, f"-{self.text}")
        if self.other:
            other = _read(self.other.text, cents=self.cents)
            if other and other.value is not None:
                yield _second(other.value * scale, self.other.text.strip())
        for text, probability in _exchanged(self.pieces[0]):
            amount = parse(text)
            if amount and amount.sound and amount.value is not None:
                yield Candidate[Decimal](
                    value=amount.value * scale,
                    raw=text,
                    source="alternative",
                    probability=probability,
                )


def choose(first: tuple[Piece, ...], second: Second | None, *, cents: bool) -> Choice | None:
    """Return the reading to take for a cell, None where nothing stands in it."""
    look = second or Second()
    if _is_better(first, look):
        other = first[0] if len(first) == 1 else None
        return Choice((look.piece,) if look.piece else (), other, look, cents)
    if not first or (look.sealed and not any(map(_digits, (piece.text for piece in first)))):
        return None
    return Choice(first, look.piece, look, cents)


def certainty(piece: Piece) -> float | None:
    """Return the probability of the weakest character that the amount depends on.

    Of a well-formed amount with decimals the separators are where they have to be; the value
    hangs on its digits and its sign alone.
    """
    text = piece.text.strip()
    characters = [character for word in piece.words for character in word.characters]
    if not is_strong(text) or "." not in text[-4:]:
        return piece.weakest
    found = [char.probability for char in characters if char.text not in _SEPARATORS]
    return min(found, default=piece.weakest)


def _read(text: str, *, cents: bool) -> Amount | None:
    amount = parse(text)
    if amount is None or amount.sound or not cents:
        return amount
    value = in_cents(text)
    return amount if value is None else Amount(value, sound=False)


def _second(value: Decimal, raw: str) -> Candidate[Decimal]:
    return Candidate[Decimal](value=value, raw=raw, source="second_reading")


def _is_better(first: tuple[Piece, ...], look: Second) -> bool:
    """Return whether the second reading is to be taken for the cell.

    Where the first gave nothing or no well-formed number, where the first is the second cut
    short, and under a seal where the second, which sees none, has more digits or surer ones.
    """
    second = look.piece
    if second is None or not _is_amount(second):
        return False
    if len(first) != 1:
        return bool(first) or (second.weakest or 0.0) > _CLEAR
    if parse(first[0].text) is None or (look.sealed and _is_surer(first[0], second)):
        return True
    return is_strong(second.text.strip()) and _is_mended(first[0], second)


def _is_mended(first: Piece, second: Piece) -> bool:
    """Return whether the first reading is malformed, or is the second cut short."""
    amount = parse(first.text)
    if amount and not amount.is_blank and not amount.sound:
        return True
    digits, more = _digits(first.text), _digits(second.text)
    return len(more) > len(digits) > 0 and (more.endswith(digits) or more.startswith(digits))


def _is_surer(first: Piece, second: Piece) -> bool:
    digits, more = len(_digits(first.text)), len(_digits(second.text))
    if digits != more:
        return more > digits
    return (certainty(second) or 0.0) > (certainty(first) or 0.0)


def _is_amount(piece: Piece) -> bool:
    """Return whether a reading is an amount: by its separators or by many clear digits."""
    if is_strong(piece.text.strip()):
        return True
    many = len(_digits(piece.text)) >= _MANY_DIGITS
    return many and parse(piece.text) is not None and (piece.weakest or 0.0) > _CLEAR


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _exchanged(piece: Piece) -> list[tuple[str, float]]:
    """Return the text with one character exchanged for a runner-up, the most likely first."""
    words: tuple[Word, ...] = piece.words
    if len(words) != 1 or len(words[0].characters) != len(words[0].text):
        return []
    text = words[0].text
    options = [
        (text[:place] + option.text + text[place + 1 :], option.probability)
        for place, character in enumerate(words[0].characters)
        for option in character.alternatives
    ]
    return sorted(options, key=lambda option: -option[1])
