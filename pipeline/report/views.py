"""What the page shows, ready to be set: text, marks and anchors, and nothing left to decide."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and what it is worth; `note` stands small beside it."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign beside a value and the word for it, so that it is told by more than colour."""

    kind: str
    sign: str
    word: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed value with its marks, leading to its evidence; `label` says what it is."""

    label: str
    text: str
    anchor: str | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in words, with the places to look at."""

    code: str
    severity: str
    word: str
    message: str
    remedy: str
    places: tuple[Figure, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many, with its bar in percent."""

    name: str
    count: int
    of: int
    percent: float
    word: str


@dataclass(frozen=True, slots=True)
class Head:
    """The outcome, and what led to it."""

    name: str
    outcome: str
    sign: str
    word: str
    meaning: str
    facts: tuple[Fact, ...]
    shares: tuple[Share, ...]
    why: tuple[Told, ...]
    notes: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture inside the page; `page` is the size of the whole page in the units of boxes."""

    uri: str
    width: int
    height: int
    page: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Card:
    """Where a value stands: its crop where there is one, else the page and the box in words.

    `inline`: the page shows the crop beside the value, so that no card of its own is needed.
    """

    anchor: str
    title: str
    context: str
    file: str
    place: str
    raw: str
    sure: str = ""
    picture: Picture | None = None
    inline: bool = False


@dataclass(frozen=True, slots=True)
class LicenceField:
    """One field of a licence; `number` is that of its box on the picture of the licence."""

    number: int
    name: str
    printed: str
    value: str
    state: str
    state_word: str
    marks: tuple[Mark, ...]
    confidence: str
    anchor: str | None
    card_here: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """The box of a field on the picture of its page."""

    number: int
    anchor: str
    box: tuple[float, float, float, float]
    kind: str


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence: the picture of the paper and the fields that were read on it."""

    title: str
    file: str
    overview: str | None
    fields: tuple[LicenceField, ...]
    spots: tuple[Spot, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value that nobody stands behind yet, or that was changed."""

    where: str
    label: str
    value: str
    raw: str
    why: str
    confidence: str
    candidates: tuple[Fact, ...]
    marks: tuple[Mark, ...]
    anchor: str | None
    card_here: bool


@dataclass(frozen=True, slots=True)
class FailedSum:
    """A total that is not the sum of its rows.

    `cause` is what likely happened and `look_at` the cells that it is about, the likeliest first.
    """

    where: str
    label: str
    printed: Figure
    other_name: str
    other: str
    difference: str
    parts: tuple[Figure, ...]
    pictured: tuple[Figure, ...]
    cause: str
    look_at: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Doubts:
    """What a person looks at first."""

    sums: tuple[FailedSum, ...]
    first: tuple[Doubt, ...]
    rest: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table of figures."""

    label: str
    other: str
    kind: str
    level: int
    cells: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Figures side by side over periods, with remarks below."""

    caption: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One sum in one column: how it stands, and by how much it is off."""

    state: str
    sign: str
    word: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One total over the columns."""

    label: str
    other: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Every total of one statement in every column."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[CheckRow, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a small drawing."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Trend:
    """A small drawing of values from the oldest to the newest, and what it says in words."""

    width: int
    height: int
    zero: float
    bars: tuple[Bar, ...]
    words: str


@dataclass(frozen=True, slots=True)
class RatioCell:
    """A ratio of one period, or why there is none."""

    text: str
    missing: bool
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class RatioRow:
    """One ratio: what it is, its values, its trend, and the figures of the newest value."""

    name: str
    definition: str
    watch: str
    cells: tuple[RatioCell, ...]
    trend: Trend | None
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class RatioGroup:
    """The ratios of one kind."""

    name: str
    rows: tuple[RatioRow, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """A red flag that fires, with the figures that make it."""

    code: str
    name: str
    weight: str
    weight_word: str
    period: str
    notes: tuple[str, ...]
    figures: tuple[Figure, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Account:
    """All that is shown of the accounts of one entity and scope."""

    title: str
    entity: str
    tables: tuple[Table, ...]
    periods: tuple[str, ...]
    groups: tuple[RatioGroup, ...]
    notes: tuple[Mark, ...]
    flags: tuple[Flag, ...]
    flags_told: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One file: what was found in it, or why it was refused."""

    name: str
    type: str
    size: str
    pages: str
    found: tuple[Fact, ...]
    refused: str = ""
    remedy: str = ""
    code: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The whole page."""

    lang: str
    head: Head
    applicant: tuple[str, ...]
    applicant_zh: tuple[str, ...]
    doubts: Doubts
    licences: tuple[Licence, ...]
    accounts: tuple[Account, ...]
    matrices: tuple[Matrix, ...]
    papers: tuple[Paper, ...]
    legend: tuple[Mark, ...]
    made_by: tuple[Fact, ...]
    cards: dict[str, Card]
