"""What Hypothesis draws: places, codes, fields and whole records."""

from datetime import UTC, date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from schemas.decisions import Decision, Outcome
from schemas.documents import DocumentKind, MediaType, Package, RefusedFile, SourceFile
from schemas.fields import Field, FieldState, Provenance
from schemas.findings import Finding, Severity
from schemas.geometry import Box
from schemas.identifiers import organisation_code, uscc
from schemas.licence import BusinessLicence, EntityType, Term
from schemas.notices import ChangeNotice
from schemas.records import Dossier, MadeBy, OtherDocument, Reading, Record
from schemas.statements import Column, Context, Row, Scope, Statement

names = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
edges = st.integers(-2000, 2000).map(float)
shares = st.floats(0, 1)
days = st.dates(date(1949, 10, 1), date(2100, 1, 1))
money = st.decimals(-(10**15), 10**15, places=2)

boxes = st.builds(
    lambda xs, ys: Box(min(xs), min(ys), max(xs), max(ys)),
    st.tuples(edges, edges),
    st.tuples(edges, edges),
)

bodies = st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8)
provinces = st.sampled_from(sorted(uscc.PROVINCES))


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    """Return a valid code of the kind that is printed on licences."""
    body = draw(bodies)
    division = draw(provinces) + draw(st.text("0123456789", min_size=4, max_size=4))
    prefix = draw(st.sampled_from(["91", "92", "93"]))
    stem = prefix + division + body + organisation_code.check_character(body)
    return stem + uscc.check_character(stem)


terms = st.builds(
    lambda first, last: Term(start=min(first, last), end=max(first, last)), days, days
) | st.builds(Term, start=days | st.none(), end=st.none())

provenances = st.builds(
    Provenance,
    document=names,
    page=st.integers(1, 400),
    box=boxes,
    reader=names,
    cell=st.none() | names,
)


def fields(kind: type, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Field[Any]]:
    """Draw fields in every state."""
    of: type[Field[Any]] = Field[kind]  # type: ignore[valid-type]
    present = st.builds(
        of,
        value=values,
        raw=names,
        state=st.just(FieldState.PRESENT),
        accepted=st.booleans(),
        confidence=st.none() | shares,
        provenance=provenances,
        label=st.none() | names,
        repaired=st.booleans(),
    )
    return st.one_of(
        present,
        st.builds(of.blank, names, provenances),
        st.builds(of.unreadable),
        st.builds(of.absent),
    )


amounts = fields(Decimal, money)

licences = st.builds(
    BusinessLicence,
    pages=st.just((1,)),
    entity_type=st.none() | st.sampled_from(EntityType),
    name=fields(str, names),
    registered_capital=amounts,
    established_date=fields(date, days),
    business_term=fields(Term, terms),
)

statements = st.builds(
    Statement,
    kind=st.sampled_from(sorted({DocumentKind.BALANCE_SHEET, DocumentKind.CASH_FLOW_STATEMENT})),
    pages=st.just((1, 2)),
    scope=st.sampled_from(Scope),
    form=st.none() | names,
    entity=fields(str, names),
    currency=st.just("CNY"),
    scale=st.sampled_from([Decimal(1), Decimal(1000), Decimal(10000)]),
    scale_printed=st.booleans(),
    columns=st.lists(
        st.builds(Column, id=names, label=names, context=st.sampled_from(Context), date=days),
        max_size=2,
    ).map(tuple),
    rows=st.lists(
        st.builds(
            Row,
            item=st.none() | names,
            label=names,
            label_raw=names,
            values=st.dictionaries(names, amounts, max_size=2),
        ),
        max_size=3,
    ).map(tuple),
)

others = st.builds(
    OtherDocument,
    kind=st.sampled_from([DocumentKind.AUDIT_REPORT, DocumentKind.UNKNOWN]),
    pages=st.just((3,)),
)

notices = st.builds(
    ChangeNotice,
    pages=st.just((4,)),
    former_name=fields(str, names),
    name=fields(str, names),
    issued_on=fields(date, days),
    authority=fields(str, names),
)

findings = st.builds(
    Finding,
    code=names,
    severity=st.sampled_from(Severity),
    params=st.dictionaries(names, names, max_size=2),
    evidence=st.lists(provenances, max_size=2).map(tuple),
    subject=st.none() | names,
)

sources = st.builds(
    SourceFile,
    name=names,
    sha256=names,
    media_type=st.sampled_from(MediaType),
    size=st.integers(0, 10**9),
)

dossiers = st.builds(
    Dossier,
    package=st.builds(
        Package,
        id=names,
        name=names,
        product=names,
        applied_on=days,
        files=st.lists(sources, max_size=2).map(tuple),
        refused=st.lists(
            st.builds(RefusedFile, name=names, sha256=names, size=st.just(0), code=names),
            max_size=1,
        ).map(tuple),
    ),
    readings=st.lists(
        st.builds(
            Reading,
            source=sources,
            pages=st.integers(1, 9),
            documents=st.lists(st.one_of(licences, statements, notices, others), max_size=2).map(
                tuple
            ),
            findings=st.lists(findings, max_size=1).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
)

records = st.builds(
    Record,
    package_id=names,
    revision=st.integers(1, 99),
    dossier=dossiers,
    findings=st.lists(findings, max_size=2).map(tuple),
    decision=st.builds(Decision, outcome=st.sampled_from(Outcome), reasons=st.just(("a.b",))),
    made_by=st.builds(
        MadeBy, code=names, rulebook=names, policy=names, models=st.just(("m",)), device=names
    ),
    made_at=st.datetimes(timezones=st.just(UTC)),
)
