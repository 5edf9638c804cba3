"""For every rule a package that is clean but for the one thing that the rule objects to."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from schemas.documents import AuditOpinion, DocumentKind, RefusedFile
from schemas.fields import Field
from schemas.licence import EntityType, Term
from schemas.records import Dossier, OtherDocument
from schemas.statements import Context, Scope, Statement
from schemas.taxonomy import load
from tests.builders import (
    BALANCE,
    CASH,
    COMPANY,
    FORMER,
    INCOME,
    absent,
    amended,
    clean,
    credit_code,
    dossier,
    doubted,
    field,
    licence,
    notice,
    package,
    raised_by,
    reading,
    set_to,
    statement,
    stray,
    unread,
)
from tests.validators.accounts import year
from validators.policy import load_policy

WHOLE = load_policy("sme_small")
POLICY = WHOLE.model_copy(
    update={"documents": tuple(paper for paper in WHOLE.documents if paper.recognised)}
)
"""A product that asks for nothing that no machine recognises."""

POLICIES = {
    "package.not_checked": WHOLE,
    "statements.years_missing": POLICY.model_copy(update={"annual_years": 1}),
}
COVER = OtherDocument(kind=DocumentKind.UNKNOWN, pages=(1,))


def with_licence(**changes: object) -> Dossier:
    return clean(licence=licence(**changes))


def with_balance(item: str, context: Context = Context.END, by: int = 500) -> Dossier:
    return clean(balance=amended(statement(BALANCE), item, context, raised_by(by)))


def unreadable_file() -> Dossier:
    papers = clean()
    refused = RefusedFile(name="b.pdf", sha256="b", size=9, code="document.encrypted")
    return package(*papers.readings, refused=(refused,))


def old_number() -> Dossier:
    return with_licence(
        unified_social_credit_code=absent(),
        registration_number=field("440301103448669"),
        issue_date=field(date(2015, 3, 5)),
    )


def parent_only() -> Dossier:
    """A set for the group, and of the parent company the balance sheet alone."""
    group = [statement(kind, scope=Scope.CONSOLIDATED) for kind in (BALANCE, INCOME, CASH)]
    parent = statement(BALANCE, scope=Scope.PARENT)
    papers = (licence(), *group, parent)
    return package(*(reading(paper, name=f"{n}.pdf") for n, paper in enumerate(papers)))


def of_the_parent() -> Dossier:
    papers = (statement(kind, scope=Scope.PARENT) for kind in (BALANCE, INCOME, CASH))
    return dossier(licence(), *papers)


def with_another(**changes: object) -> Dossier:
    """A second licence beside the papers."""
    return package(*clean().readings, reading(licence(**changes), name="other.pdf"))


def with_an_unread_total() -> Dossier:
    paper = amended(statement(INCOME), "net_profit", Context.CURRENT, doubted)
    return clean(income=paper)


def with_a_stray_row() -> Dossier:
    paper = statement(BALANCE)
    return clean(balance=paper.model_copy(update={"rows": (*paper.rows, stray("0"))}))


def all_dated(closing: date | None) -> Dossier:
    return clean(
        balance=statement(BALANCE, closing=closing),
        income=statement(INCOME, closing=closing),
        cash=statement(CASH, closing=closing),
    )


def a_branch() -> Dossier:
    return with_licence(
        entity_type=EntityType.BRANCH,
        company_type=field("有限责任公司分公司"),
        registered_capital=absent(),
    )


def moved(paper: Statement, change: dict[str, int], context: Context = Context.END) -> Statement:
    """The statement with amounts moved between rows, so that it still adds up."""
    for item, by in change.items():
        paper = amended(paper, item, context, raised_by(by))
    return paper


def moved_balance(context: Context = Context.END, **change: int) -> Dossier:
    return clean(balance=moved(statement(BALANCE), change, context))


def a_year(change: Callable[[Statement], Statement]) -> Dossier:
    """The whole year 2025, with a change to its cash-flow statement."""
    days = (date(2025, 12, 31), date(2024, 12, 31))
    papers = [year(kind, days=days, scope=Scope.SINGLE) for kind in (BALANCE, INCOME, CASH)]
    balance, income, cash = papers
    return dossier(licence(), balance, income, change(cash), applied_on=date(2026, 3, 1))


def with_last_year(kind: DocumentKind, change: dict[str, int]) -> Dossier:
    """A package that also has last year's statement, in which some rows are others."""
    own, compared = columns_of(kind)
    values = {
        item: {own: amounts[compared]}
        for item, amounts in load("cas").examples[0].values.items()
        if compared in amounts
    }
    earlier = moved(statement(kind, values, closing=date(2025, 12, 31)), change, own)
    return dossier(*(paper for one in clean().readings for paper in one.documents), earlier)


def columns_of(kind: DocumentKind) -> tuple[Context, Context]:
    return (Context.END, Context.BEGIN) if kind is BALANCE else (Context.CURRENT, Context.PRIOR)


def both_scopes(change: dict[str, int]) -> Dossier:
    """Consolidated accounts, and those of the parent with other amounts in the balance sheet."""
    group = [statement(kind, scope=Scope.CONSOLIDATED) for kind in (BALANCE, INCOME, CASH)]
    balance, *flows = [statement(kind, scope=Scope.PARENT) for kind in (BALANCE, INCOME, CASH)]
    return dossier(licence(), *group, moved(balance, change), *flows)


def mended(old: Field[Decimal]) -> Field[Decimal]:
    return old.model_copy(update={"repaired": True})


def with_report(opinion: AuditOpinion | None) -> Dossier:
    report = OtherDocument(kind=DocumentKind.AUDIT_REPORT, pages=(1,), opinion=opinion)
    return package(*clean().readings, reading(report, name="audit.pdf"))


CASES: dict[str, Callable[[], Dossier]] = {
    "package.empty": package,
    "package.unreadable_file": unreadable_file,
    "package.missing_document": lambda: clean(without=CASH),
    "package.not_checked": clean,
    "package.incomplete_statements": parent_only,
    "statements.periods_apart": lambda: clean(income=statement(INCOME, closing=date(2026, 6, 30))),
    "statements.parent_only": of_the_parent,
    "statements.years_missing": clean,
    "reading.nothing_recognised": lambda: package(*clean().readings, reading(COVER, name="x.pdf")),
    "licence.code_check": lambda: with_licence(
        unified_social_credit_code=field(credit_code()[:17] + "?")
    ),
    "licence.registration_number_check": lambda: with_licence(
        registration_number=field("440301103448668")
    ),
    "licence.number_missing": lambda: with_licence(unified_social_credit_code=unread()),
    "licence.replaced": lambda: with_another(issue_date=field(date(2018, 4, 1))),
    "licence.several_holders": lambda: with_another(
        unified_social_credit_code=field(credit_code(body="87654321"))
    ),
    "licence.superseded_form": old_number,
    "licence.type_code_mismatch": lambda: with_licence(
        unified_social_credit_code=field(credit_code("92"))
    ),
    "licence.branch": a_branch,
    "licence.dates_order": lambda: with_licence(issue_date=field(date(2014, 1, 1))),
    "licence.expired": lambda: with_licence(
        business_term=field(Term(start=date(2015, 3, 5), end=date(2026, 10, 14)))
    ),
    "licence.expires_soon": lambda: with_licence(
        business_term=field(Term(start=date(2015, 3, 5), end=date(2026, 12, 31)))
    ),
    "licence.mandatory_field_missing": lambda: with_licence(business_scope=absent()),
    "licence.capital_not_positive": lambda: with_licence(registered_capital=field(Decimal(0))),
    "licence.repaired_key_field": lambda: with_licence(
        unified_social_credit_code=field(credit_code(), accepted=False, repaired=True)
    ),
    "licence.key_field_unaccepted": lambda: with_licence(name=field("示例", accepted=False)),
    "licence.foreign_field": lambda: with_licence(
        legal_representative=field("某某", label="经营者")
    ),
    "licence.established_early": lambda: with_licence(
        established_date=field(date(1949, 9, 30)), business_term=absent(Term)
    ),
    "licence.term_start": lambda: with_licence(established_date=field(date(2015, 5, 5))),
    "licence.form_date": lambda: with_licence(
        registration_authority=field("示例市工商行政管理局"), issue_date=field(date(2019, 7, 1))
    ),
    "licence.impossible_print": lambda: with_licence(issue_date=field(date(2015, 6, 30))),
    "licence.capital_range": lambda: with_licence(registered_capital=field(Decimal(500))),
    "licence.name_type": lambda: with_licence(entity_type=EntityType.JOINT_STOCK_COMPANY),
    "licence.name_province": lambda: with_licence(
        name=field("广东青禾机械有限公司"),
        registration_authority=field("浙江省市场监督管理局"),
        unified_social_credit_code=field(credit_code(division="330400")),
    ),
    "licence.code_province": lambda: with_licence(
        registration_authority=field("浙江省市场监督管理局")
    ),
    "licence.address_province": lambda: with_licence(
        address=field("浙江省示例市示例路1号"), registration_authority=field("广东省市场监督管理局")
    ),
    "licence.person_name": lambda: with_licence(legal_representative=field("9某某")),
    "licence.permits": lambda: with_licence(business_scope=field("许可项目：食品生产。")),
    "licence.no_legal_person": lambda: with_licence(entity_type=EntityType.PARTNERSHIP),
    "licence.qr_host": lambda: with_licence(qr_code=field("http://example.com/x")),
    "licence.qr_mismatch": lambda: with_licence(qr_code=field(credit_code(body="87654321"))),
    "statements.no_rows": lambda: clean(balance=statement(BALANCE, {})),
    "statements.unaccepted_key_cells": with_an_unread_total,
    "statements.unaccepted_cells": lambda: clean(
        balance=amended(statement(BALANCE), "inventories", Context.BEGIN, doubted)
    ),
    "statements.repaired_cells": lambda: clean(
        balance=amended(statement(BALANCE), "inventories", Context.END, mended)
    ),
    "statements.unmapped_rows": with_a_stray_row,
    "statements.unit_assumed": lambda: clean(cash=statement(CASH, scale_printed=False)),
    "statements.undated": lambda: all_dated(None),
    "statements.future_dated": lambda: all_dated(date(2026, 12, 31)),
    "statements.stale": lambda: all_dated(date(2026, 6, 30)),
    "statements.entity_mismatch": lambda: clean(
        cash=statement(CASH, entity=field("示例市另一家有限公司"))
    ),
    "statements.entity_variant": lambda: clean(
        cash=statement(CASH, entity=field(COMPANY.replace("有限", "有限责任")))
    ),
    "statements.former_name": lambda: dossier(
        licence(),
        *(statement(kind, entity=field(FORMER)) for kind in (BALANCE, INCOME, CASH)),
        notice(),
    ),
    "statements.entity_unread": lambda: clean(cash=statement(CASH, entity=unread())),
    "statements.balance": lambda: with_balance("total_assets"),
    "statements.subtotal": lambda: with_balance("inventories"),
    "statements.sums_allowed": lambda: with_balance("inventories", by=1),
    "statements.cash_roll": lambda: clean(
        cash=amended(statement(CASH), "cash_equivalents_end", Context.CURRENT, set_to(1))
    ),
    "statements.cash_and_bank": lambda: moved_balance(
        cash_and_bank_balances=-3000, inventories=3000
    ),
    "statements.cash_chain": lambda: a_year(
        lambda cash: moved(
            cash, {"cash_equivalents_begin": 500, "cash_equivalents_end": 500}, Context.PRIOR
        )
    ),
    "statements.supplement": lambda: a_year(
        lambda cash: moved(cash, {"cfs_net_profit": 500}, Context.CURRENT)
    ),
    "statements.retained_earnings": lambda: moved_balance(
        Context.BEGIN, retained_earnings=-5000, capital_reserve=5000
    ),
    "statements.surplus_reserve": lambda: moved_balance(
        surplus_reserve=8000, retained_earnings=-8000
    ),
    "statements.of_which": lambda: clean(
        cash=amended(
            statement(CASH), "cash_dividends_paid_to_minority", Context.CURRENT, set_to(3200)
        )
    ),
    "statements.opening_balance": lambda: with_last_year(
        BALANCE, {"inventories": 100, "prepayments": -100}
    ),
    "statements.prior_column": lambda: with_last_year(
        INCOME, {"other_income": 100, "investment_income": -100}
    ),
    "statements.papers_differ": lambda: dossier(
        *(paper for one in clean().readings for paper in one.documents),
        moved(statement(BALANCE), {"inventories": 100, "prepayments": -100}),
    ),
    "statements.parent_minority": lambda: both_scopes({}),
    "statements.share_capital": lambda: both_scopes(
        {
            "minority_interests": -3180,
            "equity_attributable_to_parent": 3180,
            "paid_in_capital": 3180,
        }
    ),
    "statements.before_establishment": lambda: with_licence(
        established_date=field(date(2026, 10, 1)),
        issue_date=field(date(2026, 10, 1)),
        business_term=absent(Term),
    ),
    "statements.paid_in_capital": lambda: with_licence(registered_capital=field(Decimal(19000))),
    "licence.capital_unpaid": lambda: with_licence(registered_capital=field(Decimal(30000))),
    "statements.red_flag": lambda: moved_balance(retained_earnings=-17701, capital_reserve=17701),
    "audit.opinion": lambda: with_report(AuditOpinion.QUALIFIED),
    "audit.opinion_unread": lambda: with_report(None),
}
"""For every rule a package that is clean but for the one thing that it objects to."""

ALONGSIDE = {
    "package.empty": {"package.missing_document"},  # nothing is there
    "licence.key_field_unaccepted": {"statements.entity_mismatch"},  # the name is another
    "statements.unaccepted_key_cells": {"statements.unaccepted_cells"},  # it is counted too
    "package.incomplete_statements": {"statements.parent_minority"},  # the example is a group's
    "statements.parent_only": {"statements.parent_minority"},
    "licence.dates_order": {"licence.impossible_print"},  # a code, and issued in 2014
    "licence.capital_range": {"statements.paid_in_capital"},
    "licence.name_province": {"statements.entity_mismatch"},  # the name is another
    "licence.no_legal_person": {"licence.name_type"},  # the name is that of a company
    "statements.supplement": {"statements.subtotal"},  # the supplement is added up as well
    "statements.cash_roll": {"statements.red_flag"},  # nearly all cash is restricted then
    "statements.balance": {"statements.subtotal"},  # the total is in both
}
"""What else is then said, because it is so."""
