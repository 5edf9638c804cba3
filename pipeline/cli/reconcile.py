"""`zishen reconcile`: what a disaster left behind."""

from typing import Annotated, Final

import typer

from pipeline import wiring
from pipeline.cases.reconcile import Kind, Left, World, reconcile
from pipeline.cases.reviewer import review_with
from pipeline.cli.options import Lang
from pipeline.cli.session import begin
from schemas.messages import Language, Term

Mend = Annotated[
    bool, typer.Option("--mend", help="Mend what a machine can; without it nothing is changed.")
]

_KINDS: Final = {
    Kind.ORPHAN_BLOB: Term(zh="没有任何申请引用的原件", en="bytes that no application speaks of"),
    Kind.MISSING_BLOB: Term(
        zh="待读取的原件缺失，请从备份恢复", en="a file to be read is missing: restore a backup"
    ),
    Kind.PACKAGE_WITHOUT_RUN: Term(zh="从未审核的资料包", en="a package that nobody reviews"),
    Kind.RUN_WITHOUT_PACKAGE: Term(zh="待审核但资料包缺失", en="a review without its package"),
    Kind.STUCK: Term(zh="待审核但无人认领", en="to be reviewed, and no reviewer finds it"),
    Kind.RECORD_WITHOUT_EVENT: Term(
        zh="有记录而申请未更新", en="a record that the application knows nothing of"
    ),
    Kind.STATE: Term(zh="状态与事件不符", en="a state that its events did not lead to"),
}
_CLEAN: Final = Term(zh="没有遗留问题。", en="Nothing was left behind.")
_MENDED: Final = Term(zh="已修复", en="mended")


def reconcile_(mend: Mend = False, lang: Lang = None) -> None:
    """Find what a disaster left behind (核对与修复), one line each; mend it with --mend.

    Needed after a backup was put back, and whenever something seems to be lost. It may run beside
    everything else.
    """
    session = begin(lang)
    services = wiring.services()
    world = World(wiring.desk(services), wiring.inventory(services.settings), review_with(services))
    found = False
    for left in reconcile(world, mend=mend):
        found = True
        session.out.print(_line(left, session.lang), soft_wrap=True)
    if not found:
        session.out.print(_CLEAN.text(session.lang))


def _line(left: Left, lang: Language) -> str:
    mended = f"  [pass]{_MENDED.text(lang)}[/]" if left.mended else ""
    return f"{left.kind.value}  {left.id}  [quiet]{_KINDS[left.kind].text(lang)}[/]{mended}"
