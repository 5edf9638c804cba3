"""Packages that a person has to look at; the applicant hears nothing of what is suspected."""

from datetime import date

from schemas.decisions import Outcome
from schemas.documents import AuditOpinion
from schemas.findings import Severity
from schemas.licence import Term
from schemas.statements import Context
from tests.builders import (
    BALANCE,
    CASH,
    FORMER,
    INCOME,
    absent,
    amended,
    credit_code,
    doubted,
    field,
    notice,
    unread,
)
from tests.scenarios.books import accounts
from tests.scenarios.packages import (
    AUDIT,
    CHANGED,
    Scenario,
    a_branch,
    dated,
    licensed,
    moved,
    of,
    of_a_guarantor,
    recognised,
    spoilt,
    unsure,
    whole,
    with_paper,
    with_remark,
    without,
)

MANUAL = Outcome.MANUAL
END, BEGIN, CURRENT = Context.END, Context.BEGIN, Context.CURRENT
BROKEN_CODE = field(credit_code()[:17] + "?")

TO_A_PERSON = (
    Scenario(
        "no unit is printed",
        lambda s: of(licensed(), *accounts(s, 2025, scale_printed=False)),
        MANUAL,
        ("statements.unit_assumed",),
    ),
    Scenario(
        "the credit code does not hold",
        lambda s: whole(s, unified_social_credit_code=BROKEN_CODE),
        MANUAL,
        ("licence.code_check",),
        reason="R04",
    ),
    Scenario(
        "the auditor has reservations",
        lambda s: with_paper(
            whole(s), AUDIT.model_copy(update={"opinion": AuditOpinion.QUALIFIED})
        ),
        MANUAL,
        ("audit.opinion",),
        reason="R15",
    ),
    Scenario(
        "the code was not read",
        lambda s: whole(s, unified_social_credit_code=unread()),
        MANUAL,
        ("licence.number_missing",),
    ),
    Scenario(
        "the licence of a guarantor is among the papers",
        lambda s: with_paper(whole(s), of_a_guarantor()),
        MANUAL,
        ("licence.several_holders",),
    ),
    Scenario(
        "the statements are of the guarantor, and not of the borrower",
        lambda s: of(
            licensed(),
            of_a_guarantor(),
            *accounts(s, 2025, entity=field("示例市另一家有限公司")),
        ),
        MANUAL,
        ("licence.several_holders",),
    ),
    Scenario(
        "one name has two codes",
        lambda s: with_paper(
            whole(s), licensed(unified_social_credit_code=field(credit_code(body="87654321")))
        ),
        MANUAL,
        ("licence.several_holders",),
    ),
    Scenario(
        "a date that was recognised is not that of the balance sheet",
        lambda s: of(
            licensed(),
            accounts(s, 2025, 2024)[0],
            recognised(accounts(s, 2025, 2024)[4]),
            accounts(s, 2025, 2024)[2],
        ),
        MANUAL,
        ("statements.periods_apart",),
        reason="R08",
    ),
    Scenario(
        "a branch asks",
        lambda s: of(a_branch(), *accounts(s, 2025)),
        MANUAL,
        ("licence.branch",),
        reason="R21",
    ),
    Scenario(
        "the licence was issued with a code before there were any",
        lambda s: whole(s, issue_date=field(date(2015, 6, 30))),
        MANUAL,
        ("licence.impossible_print",),
        reason="R23",
    ),
    Scenario(
        "the QR code says another code",
        lambda s: whole(s, qr_code=field(credit_code(body="87654321"))),
        MANUAL,
        ("licence.qr_mismatch",),
        reason="R23",
    ),
    Scenario(
        "the opening balances are others, and one of them is not sure",
        lambda s: of(
            licensed(),
            amended(
                moved(accounts(s, 2025, 2024)[0], BEGIN, inventories=100, prepayments=-100),
                "inventories",
                BEGIN,
                doubted,
            ),
            *accounts(s, 2025, 2024)[1:],
        ),
        MANUAL,
        ("statements.opening_balance",),
        reason="R11",
    ),
    Scenario(
        "the workbook and the scan of one balance sheet differ",
        lambda s: with_paper(
            whole(s), moved(accounts(s, 2025, 2024)[0], END, inventories=9, prepayments=-9)
        ),
        MANUAL,
        ("statements.papers_differ",),
    ),
    Scenario(
        "a key total is not sure",
        lambda s: spoilt(s, INCOME, "net_profit", CURRENT, change=doubted),
        MANUAL,
        ("statements.unaccepted_key_cells",),
    ),
    Scenario(
        "the balance fails and the reading may be why",
        lambda s: spoilt(s, BALANCE, "total_assets", END, change=unsure),
        MANUAL,
        ("statements.unaccepted_key_cells", "statements.balance", "statements.subtotal"),
    ),
    Scenario(
        "the name on the licence is not sure",
        lambda s: whole(s, name=field("示例市青禾机械有限公司", accepted=False)),
        MANUAL,
        ("licence.key_field_unaccepted",),
    ),
    Scenario(
        "the notice of change was not surely read",
        lambda s: of(
            licensed(),
            *accounts(s, 2025, 2024)[:3],
            *accounts(s, 2025, 2024, entity=field(FORMER))[3:],
            notice(former_name=field(FORMER, accepted=False), issued_on=CHANGED),
        ),
        MANUAL,
        ("statements.entity_mismatch",),
        reason="R05",
    ),
    Scenario(
        "a former name on statements from after the change",
        lambda s: of(
            licensed(),
            *accounts(s, 2025, 2024, entity=field(FORMER)),
            notice(issued_on=CHANGED),
        ),
        MANUAL,
        ("statements.entity_mismatch",),
        reason="R05",
    ),
    Scenario(
        "the code was repaired",
        lambda s: whole(
            s, unified_social_credit_code=field(credit_code(), accepted=False, repaired=True)
        ),
        MANUAL,
        ("licence.repaired_key_field",),
    ),
    Scenario(
        "the scope of business is missing",
        lambda s: whole(s, business_scope=absent()),
        MANUAL,
        ("licence.mandatory_field_missing",),
    ),
    Scenario(
        "issued before it was established",
        lambda s: whole(s, established_date=field(date(2020, 1, 6)), business_term=absent(Term)),
        MANUAL,
        ("licence.dates_order",),
    ),
    Scenario(
        "the code is that of a sole trader",
        lambda s: whole(s, unified_social_credit_code=field(credit_code("92"))),
        MANUAL,
        ("licence.type_code_mismatch",),
    ),
    Scenario(
        "statements from before the company was",
        lambda s: whole(
            s,
            established_date=field(date(2025, 6, 2)),
            issue_date=field(date(2025, 6, 2)),
            business_term=absent(Term),
        ),
        MANUAL,
        ("statements.before_establishment",),
    ),
    Scenario(
        "statements of a day to come",
        lambda s: of(licensed(), *accounts(s, 2025), applied_on=date(2025, 12, 1)),
        MANUAL,
        ("statements.future_dated",),
    ),
    Scenario(
        "no date was read",
        lambda s: of(licensed(), *dated(accounts(s, 2025), None)),
        MANUAL,
        ("statements.undated",),
    ),
    Scenario(
        "a page was not read",
        lambda s: with_remark(
            whole(s), "reading.page_not_read", Severity.ERROR, page="3", reason="pages.timeout"
        ),
        MANUAL,
        ("reading.page_not_read",),
    ),
    Scenario(
        "a code that fails, and a cash flow that is missing: both are said",
        lambda s: without(whole(s, unified_social_credit_code=BROKEN_CODE), CASH),
        MANUAL,
        ("package.missing_document", "licence.code_check"),
        ("您提交的资料缺少：现金流量表。请补充后重新提交。",),
        reason="R01",
    ),
)
