"""From the lines of a statement to the statement: columns, rows, values.

An amount is accepted where nothing had to be guessed: its text was there to be taken, it is a
well-formed number, alone in its column, beside its own label, below a heading that is understood,
and its unit is printed.
What was recognised from a picture is accepted here only where two unlike readings agree without a
weak character and no ink is left over; sums prove the rest later (`validators.proof`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extractors.kinds.statement import grid, heading
from extractors.kinds.statement.choice import Choice, choose
from extractors.kinds.statement.forms import form_of, taxonomy_of
from extractors.kinds.statement.grid import Range, Role
from extractors.kinds.statement.periods import by_elimination, columns_of, scopes_of, unmistakable
from extractors.kinds.statement.printed import printed_label
from extractors.kinds.statement.relabel import labels_again
from extractors.kinds.statement.rows import RawRow, is_furniture, joined_rows, raw_row
from extractors.kinds.statement.second import looked_again
from extractors.kinds.statement.segments import Segment, head, rows_of
from extractors.kinds.statement.settled import settled
from extractors.kinds.statement.sides import Part, sides_of
from extractors.kinds.statement.titles import title_of
from extractors.labels import Vocabulary, Walk, clean, vocabulary
from extractors.ocr.look import Looks
from extractors.tables.lines import Line, Piece, is_strong
from schemas.documents import DocumentKind
from schemas.fields import Field, FieldState, Provenance
from schemas.statements import Column, Row, Scope, Statement
from schemas.taxonomy import Item, TaxonomyName
from schemas.text import PageSource

_ABOVE_TITLE = 3
_SUPPLEMENT = "cash_flow_supplementary"
_FEW_AMOUNTS = 5
_NEARLY_ALL = 0.8
_SURE_LABEL = 0.8


def statements_of(
    segment: Segment, lines: Mapping[int, Sequence[Line]], look: Looks | None = None
) -> tuple[Statement, ...]:
    """Return the statement of a segment, or two where it holds those of two scopes."""
    parts = [_part(segment, lines[p.page], p.start, p.end) for p in segment.parts]
    draft = _Draft(segment, parts, look)
    return tuple(draft.statement(scope) for scope in draft.scopes)


def _part(segment: Segment, lines: Sequence[Line], start: int, end: int) -> Part:
    own = lines[start:end]
    first = _first_row(segment, own)
    body = [line for line in own[first:] if not (_is_heading(line) or is_furniture(line))]
    rest = [line for line in own[first:] if line not in body]
    above = [*own[:first], *rest, *lines[max(0, start - _ABOVE_TITLE) : start]]
    return Part(tuple(above), tuple(_of_table(body)))


def _first_row(segment: Segment, lines: Sequence[Line]) -> int:
    """Return where the rows begin: below the heading, or at the top of a page without one."""
    sure = next((n for n, line in enumerate(lines) if _is_row(segment, line)), len(lines))
    heads = [n for n, line in enumerate(lines[:sure]) if _is_heading(line)]
    if heads and not any(grid.is_heading(lines[n]) for n in heads):
        return sure
    return heads[-1] + 1 if heads else 0


def _is_heading(line: Line) -> bool:
    return grid.is_heading(line) or title_of(line.text) is not None


def _is_row(segment: Segment, line: Line) -> bool:
    if _is_heading(line):
        return False
    has_amount = any(is_strong(piece.text) for piece in line.pieces)
    return has_amount or rows_of(segment.title.kind, [line.text]) > 0


def _of_table(body: Sequence[Line]) -> list[Line]:
    """Leave out running text beside a ruled table."""
    ruled = [line for line in body if line.ruled]
    if len(ruled) * 2 < len(body):
        return list(body)
    return [line for line in body if line.ruled or any(is_strong(p.text) for p in line.pieces)]


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows of one side of the table, and the headings of its amount columns."""

    headers: tuple[str, ...]
    rows: tuple[RawRow, ...]


class _Draft:
    """A statement in the making."""

    def __init__(self, segment: Segment, parts: Sequence[Part], look: Looks | None) -> None:
        self._segment = segment
        self._look = look
        self._kind = segment.title.kind
        self._above = [line for part in parts for line in part.above]
        self._date = heading.date_line(line for line in self._above if not grid.is_heading(line))
        number = heading.form_number(self._above)
        labels = [head(piece.text) for p in parts for line in p.body for piece in line.pieces]
        form = form_of(self._kind, labels, number, self._date)
        self._taxonomy: TaxonomyName = taxonomy_of(form)
        if segment.title.foreign and _is_ifrs(self._kind, labels):
            form, self._taxonomy = None, "ifrs"
        self._form = form
        self._vocabulary: Vocabulary = vocabulary(self._taxonomy)
        self._tables = [self._table(side) for side in sides_of(self._kind, parts)]
        self._in_cents = _in_cents(self._tables)
        headers = max((table.headers for table in self._tables), key=len, default=())
        self._told = scopes_of(headers, segment.title.scopes)
        self._columns = {scope: self._columns_of(scope, headers) for scope in set(self._told)}
        self._scale, self._scale_printed = heading.unit(self._above)

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """Whose figures there are, in printed order; the title tells where no column does."""
        return tuple(dict.fromkeys(self._told)) or self._segment.title.scopes[:1]

    def _columns_of(self, scope: Scope, headers: Sequence[str]) -> tuple[Column, ...]:
        own = [h for h, told in zip(headers, self._told, strict=True) if told is scope]
        found = columns_of(own, self._kind, self._date, self._taxonomy)
        headings = "".join(line.text for line in self._above if grid.is_heading(line))
        return by_elimination(found, headings)

    def _table(self, side: Sequence[Part]) -> _Table:
        """Read the rows of one side, page after page."""
        columns: tuple[Range, ...] = ()
        rows: list[RawRow] = []
        for part in side:
            found = grid.ranges(part.body, part.headings)
            if columns and _headers(found) != _headers(columns):
                found = grid.reordered(found, columns) or grid.carried(found, columns)
            columns = found or columns
            raw = (raw_row(line, columns) for line in part.body)
            rows += [row for row in raw if row]
        headers = _headers(columns)
        rows = labels_again(rows, self._look, self._knows)
        joined = joined_rows(rows, self._vocabulary, self._kind.value)
        sure = settled(joined, self._vocabulary, self._kind.value)
        seen = looked_again(joined, self._look, sure)
        return _Table(headers, tuple(seen))

    def _knows(self, label: str) -> bool:
        return any(self._vocabulary.knows(kind, label) for kind in (self._kind.value, _SUPPLEMENT))

    def statement(self, scope: Scope) -> Statement:
        """Return the finished statement of one scope."""
        places = [n for n, told in enumerate(self._told) if told is scope]
        columns = dict(zip(places, self._columns.get(scope, ()), strict=True))
        walk = Walk(self._vocabulary, self._kind.value)
        rows = [self._row(row, walk, columns) for table in self._tables for row in table.rows]
        return Statement.model_validate(
            {
                "kind": self._kind,
                "pages": self._segment.pages,
                "scope": scope,
                "scope_told": self._segment.tells_scope,
                "form": self._form,
                "entity": heading.entity(self._above),
                "currency": heading.currency(self._above),
                "scale": self._scale,
                "scale_printed": self._scale_printed,
                "columns": tuple(columns.values()),
                "rows": tuple(rows),
            }
        )

    def _row(self, raw: RawRow, walk: Walk, columns: Mapping[int, Column]) -> Row:
        if "补充资料" in raw.label and self._kind is DocumentKind.CASH_FLOW_STATEMENT:
            walk.statement = _SUPPLEMENT
        item = walk.name(raw.label)
        is_told = self._scale_printed and raw.certain and bool(raw.label)
        understood = unmistakable(tuple(columns.values()))
        values = {
            columns[place].id: found
            for place in sorted({*raw.cells, *raw.again} & {*columns})
            if (
                found := self._value(
                    raw, place, item, is_sure=is_told and columns[place].id in understood
                )
            )
        }
        return Row(
            item=item.id if item else None,
            label=clean(raw.label),
            label_raw=printed_label(raw),
            note=raw.note,
            line_no=raw.line_no,
            section=walk.section,
            provenance=_provenance(raw.line, raw.labels) if raw.labels else None,
            values=values,
        )

    def _value(
        self, raw: RawRow, place: int, item: Item | None, *, is_sure: bool
    ) -> Field[Decimal] | None:
        found = choose(
            raw.cells.get(place, ()), raw.again.get(place), cents=place in self._in_cents
        )
        if found is None:
            return None
        where = _provenance(raw.line, found.pieces)
        amount = found.amount
        if amount is None:
            return Field[Decimal].unreadable(found.text, where)
        if amount.value is None:
            return Field[Decimal].blank(found.text, where)
        scale = Decimal(1) if item and item.unit else self._scale
        return Field[Decimal](
            value=amount.value * scale,
            raw=found.text,
            state=FieldState.PRESENT,
            accepted=is_sure and amount.sound and self._is_certain(raw, found),
            confidence=found.confidence,
            provenance=where,
            candidates=found.candidates(scale),
        )

    def _is_certain(self, raw: RawRow, found: Choice) -> bool:
        """Return whether an amount and its label were there to be taken, or were seen twice."""
        if raw.line.page.source is not PageSource.OCR:
            return True
        sure = min((piece.weakest or 0.0 for piece in raw.labels), default=0.0) >= _SURE_LABEL
        return found.is_seen_twice and (sure or self._knows(raw.label))


def _is_ifrs(kind: DocumentKind, labels: Sequence[str]) -> bool:
    """Return whether more rows are of the Hong Kong and international form than of the Chinese."""
    names: tuple[TaxonomyName, ...] = ("cas", "ifrs")
    known = {name: vocabulary(name) for name in names}
    hits = {name: sum(v.knows(kind.value, label) for label in labels) for name, v in known.items()}
    return hits["ifrs"] > hits["cas"]


def _headers(columns: Sequence[Range]) -> tuple[str, ...]:
    return tuple(column.header for column in columns if column.role is Role.AMOUNT)


def _in_cents(tables: Sequence[_Table]) -> frozenset[int]:
    """Return the columns whose well-formed amounts have two decimals, all but a few."""
    texts: dict[int, list[str]] = {}
    for row in (row for table in tables for row in table.rows):
        for place, pieces in row.cells.items():
            texts.setdefault(place, []).extend(p.text.strip() for p in pieces if is_strong(p.text))
    return frozenset(
        place
        for place, found in texts.items()
        if len(found) >= _FEW_AMOUNTS
        and sum(text.strip(")）")[-3:-2] == "." for text in found) >= _NEARLY_ALL * len(found)
    )


def _provenance(line: Line, pieces: Sequence[Piece]) -> Provenance:
    box = pieces[0].origin
    for piece in pieces[1:]:
        box = box | piece.origin
    return Provenance.of(line.page, box, cell=pieces[0].reference)
