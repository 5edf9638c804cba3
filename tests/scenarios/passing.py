"""Packages that pass: nothing holds them up, whatever is remarked."""

from datetime import date

from schemas.decisions import Outcome
from schemas.documents import AuditOpinion
from schemas.findings import Severity
from schemas.licence import Term
from schemas.statements import Context
from tests.builders import (
    COMPANY,
    FORMER,
    absent,
    field,
    notice,
)
from tests.scenarios.books import accounts
from tests.scenarios.packages import (
    AUDIT,
    CHANGED,
    COVER,
    Scenario,
    alone,
    dated,
    group,
    in_debt,
    in_units_of,
    licensed,
    moved,
    of,
    parents,
    quarter,
    sole_trader,
    whole,
    with_paper,
    with_remark,
    young,
)

PASS = Outcome.PASS
BEGIN = Context.BEGIN

PASSING = (
    Scenario("two whole years", whole, PASS),
    Scenario(
        "the company had another name, and brings the notice of the change",
        lambda s: of(
            licensed(),
            *accounts(s, 2025, 2024)[:3],
            *accounts(s, 2025, 2024, entity=field(FORMER))[3:],
            notice(issued_on=CHANGED),
        ),
        PASS,
    ),
    Scenario("a small enterprise in autumn", quarter, PASS),
    Scenario(
        "a sole trader brings a licence and no statements",
        lambda _: of(sole_trader()),
        PASS,
        product="sole_trader",
    ),
    Scenario("a group and its parent company", lambda s: group(s, *parents(s)), PASS),
    Scenario(
        "three audited years for working capital",
        lambda s: of(licensed(), *accounts(s, 2025, 2024, 2023), AUDIT),
        PASS,
        product="wc_loan",
    ),
    Scenario(
        "a company that has seen one year end brings that one",
        lambda s: of(young(), *accounts(s, 2025), AUDIT, applied_on=date(2026, 3, 1)),
        PASS,
        product="wc_loan",
    ),
    Scenario(
        "the auditor is clean and points something out",
        lambda s: with_paper(whole(s), AUDIT.model_copy(update={"opinion": AuditOpinion.EMPHASIS})),
        PASS,
    ),
    Scenario(
        "a licence of 2022 prints no term",
        lambda s: whole(s, business_term=absent(Term)),
        PASS,
    ),
    Scenario(
        "the same balance sheet twice",
        lambda s: with_paper(whole(s), accounts(s, 2025, 2024)[0]),
        PASS,
    ),
    Scenario("the whole set twice", lambda s: with_paper(whole(s), *accounts(s, 2025, 2024)), PASS),
    Scenario("the licence twice", lambda s: with_paper(whole(s), licensed()), PASS),
    Scenario(
        "an ended licence, and the one that replaced it",
        lambda s: with_paper(
            whole(s, business_term=field(Term(start=date(2015, 3, 5), end=date(2025, 12, 31)))),
            licensed(issue_date=field(date(2026, 1, 6))),
        ),
        PASS,
    ),
    Scenario(
        "a licence from before the credit code, and the one that replaced it",
        lambda s: with_paper(
            whole(s),
            licensed(
                unified_social_credit_code=absent(),
                registration_number=field("440301103448669"),
                issue_date=absent(date),
            ),
        ),
        PASS,
    ),
    Scenario(
        "statements write 有限责任公司 for 有限公司",
        lambda s: of(
            licensed(),
            *accounts(s, 2025, entity=field(COMPANY.replace("有限", "有限责任"))),
        ),
        PASS,
    ),
    Scenario(
        "brackets are of other widths",
        lambda s: of(
            licensed(name=field("青禾机械(示例)有限公司")),
            *accounts(s, 2025, entity=field("青禾机械（示例）有限公司")),
        ),
        PASS,
    ),
    Scenario("only the parent's own accounts", lambda s: of(licensed(), *parents(s)), PASS),
    Scenario(
        "last year in 万元, this year in 元",
        lambda s: of(
            licensed(),
            *accounts(s, 2025, 2024)[:3],
            *(in_units_of(10_000, paper) for paper in accounts(s, 2025, 2024)[3:]),
        ),
        PASS,
    ),
    Scenario(
        "more is owed than owned",
        lambda s: of(licensed(), *in_debt(accounts(s, 2025, 2024))),
        PASS,
    ),
    Scenario(
        "nothing to compare with is printed",
        lambda s: of(licensed(), *(alone(paper) for paper in accounts(s, 2025))),
        PASS,
    ),
    Scenario(
        "this year's balance sheet, and cash flows of whole years only",
        lambda s: of(
            licensed(),
            *dated(accounts(s, 2025, 2024)[:2], date(2026, 1, 31)),
            accounts(s, 2025, 2024)[2],
        ),
        PASS,
    ),
    Scenario(
        "a file of no known kind beside the rest", lambda s: with_paper(whole(s), COVER), PASS
    ),
    Scenario(
        "a later report restates last year",
        lambda s: of(
            licensed(),
            moved(accounts(s, 2025, 2024)[0], BEGIN, inventories=100, prepayments=-100),
            *accounts(s, 2025, 2024)[1:],
        ),
        PASS,
    ),
    Scenario(
        "the term ends soon",
        lambda s: whole(s, business_term=field(Term(start=date(2015, 3, 5), end=date(2026, 4, 1)))),
        PASS,
    ),
    Scenario(
        "last year in full and an old balance sheet by itself",
        lambda s: of(licensed(), *accounts(s, 2025, 2024)[:4]),
        PASS,
    ),
    Scenario(
        "a picture is poor and everything was read",
        lambda s: with_remark(
            whole(s), "reading.poor_page", Severity.WARN, page="1", reasons="blurred"
        ),
        PASS,
    ),
)
