"""The packages: which papers lie in which folder, and what a review must make of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from sample_docs.make import capture, companies, licences, pdf, sheets
from sample_docs.make.figures import Sketch, Values, books
from sample_docs.make.layout import TITLES, Paper
from sample_docs.make.licences import Licence

APPLIED_ON = date(2026, 11, 16)
CLOSING = date(2026, 9, 30)
LICENCE = "business-licence"
ALL = tuple(TITLES)
TAMPERED = Decimal("90000.00")
"""What 资产总计 of the third package is too high by: 9 where 0 stood, one digit."""


@dataclass(frozen=True)
class Sample:
    """One package: its licence, its statements if any, and the outcome that is right."""

    folder: str
    product: str
    outcome: str
    reasons: tuple[str, ...]
    licence: Licence
    licence_file: str
    draw_licence: Callable[[Licence, Path], None]
    sketch: Sketch | None = None
    statements_file: str = ""
    draw_statements: Callable[[tuple[Paper, ...], Path], None] = pdf.statements
    kinds: tuple[str, ...] = ALL
    tampered: bool = False
    compact: bool = False
    broken: tuple[str, ...] = ()
    signers: tuple[str, str, str] = ("", "", "")
    audit_cover: tuple[str, ...] = ()

    def values(self) -> Values:
        """Return the amounts as printed."""
        if self.sketch is None:
            return {}
        values = books(self.sketch)
        if self.tampered:
            values["end"]["total_assets"] += TAMPERED
        return values

    def papers(self) -> tuple[Paper, ...]:
        """Return the statements that are in the package."""
        if self.sketch is None:
            return ()
        paper = Paper(
            kind="balance_sheet",
            form=self.sketch.form,
            entity=self.licence.name,
            closing=CLOSING,
            values=self.values(),
            signers=self.signers,
            compact=self.compact,
            two_sided=not self.compact,
        )
        return tuple(replace(paper, kind=kind) for kind in self.kinds)

    def draw(self, folder: Path) -> None:
        """Write every paper into a folder."""
        self.draw_licence(self.licence, folder / self.licence_file)
        if self.sketch is not None:
            self.draw_statements(self.papers(), folder / self.statements_file)
        if self.audit_cover:
            pdf.audit_cover(self.audit_cover, folder / "audit-report-cover.pdf")


def _clean_png(licence: Licence, target: Path) -> None:
    licences.landscape(licence).save(target, optimize=True, dpi=(150, 150))


def _clean_jpeg(licence: Licence, target: Path) -> None:
    image = capture.clean_scan(licences.landscape(licence), licence.seed)
    image.save(target, quality=88, dpi=(150, 150))


def _portrait_jpeg(licence: Licence, target: Path) -> None:
    image = capture.clean_scan(licences.portrait(licence), licence.seed)
    image.save(target, quality=88, dpi=(150, 150))


def _portrait_photo(licence: Licence, target: Path) -> None:
    image = capture.photo(licences.portrait(licence), licence.seed, size=(1500, 2000))
    image.save(target, quality=86)


def _scanned(papers: tuple[Paper, ...], target: Path) -> None:
    with TemporaryDirectory() as folder:
        digital = Path(folder) / "digital.pdf"
        pdf.statements(papers, digital)
        capture.scanned_pdf(digital, target, seed=103)


SAMPLES = (
    Sample(
        folder="01-qinghe-machinery",
        product="sme_small",
        outcome="pass",
        reasons=(),
        licence=companies.QINGHE,
        licence_file=f"{LICENCE}.png",
        draw_licence=_clean_png,
        sketch=companies.QINGHE_BOOKS,
        statements_file="statements-2026-09.pdf",
        signers=("张示例", "王示例", "赵示例"),
    ),
    Sample(
        folder="02-yunling-foods",
        product="sme_small",
        outcome="supplement",
        reasons=("licence.expired", "package.missing_document"),
        licence=companies.YUNLING,
        licence_file=f"{LICENCE}.jpg",
        draw_licence=_portrait_photo,
        sketch=companies.YUNLING_BOOKS,
        statements_file="statements-2026-09.xlsx",
        draw_statements=sheets.statements,
        kinds=("balance_sheet", "income_statement"),
        signers=("李示例", "孙示例", "钱示例"),
    ),
    Sample(
        folder="03-haichuan-trade",
        product="sme_small",
        outcome="manual",
        reasons=("statements.balance", "statements.subtotal"),
        licence=companies.HAICHUAN,
        licence_file=f"{LICENCE}.jpg",
        draw_licence=_clean_jpeg,
        sketch=companies.HAICHUAN_BOOKS,
        statements_file="statements-2026-09-scan.pdf",
        draw_statements=_scanned,
        tampered=True,
        compact=True,
        broken=("C_BS_03@end", "X_BS_balance_end", "X_BS_accounting_equation_end"),
        signers=("周示例", "郑示例", "冯示例"),
        audit_cover=(
            "示例会审字〔2026〕第0315号",
            companies.HAICHUAN.name,
            "2025年度财务报表审计报告",
            "示例会计师事务所（普通合伙）",
            "二〇二六年三月十五日",
        ),
    ),
    Sample(
        folder="04-xiaoman-noodles",
        product="sole_trader",
        outcome="pass",
        reasons=(),
        licence=companies.XIAOMAN,
        licence_file=f"{LICENCE}.jpg",
        draw_licence=_clean_jpeg,
    ),
    Sample(
        folder="05-lanqiao-branch",
        product="sme_small",
        outcome="manual",
        reasons=("licence.branch",),
        licence=companies.LANQIAO,
        licence_file=f"{LICENCE}.jpg",
        draw_licence=_portrait_jpeg,
        sketch=companies.LANQIAO_BOOKS,
        statements_file="statements-2026-09.pdf",
        signers=("吴示例", "许示例", "何示例"),
    ),
)
