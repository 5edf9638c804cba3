"""What a notice of change says of a name, and when it is not stood behind."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import NoReturn

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extractors.classify import page_kind
from extractors.document import DocumentReader
from extractors.kinds import change_notice
from schemas.documents import DocumentKind, MediaType, SourceFile
from schemas.fields import FieldState
from schemas.notices import ChangeNotice
from tests.extractors.drawing import Place, page

OLD, NEW = "示例市旧名有限公司", "示例市青禾机械有限公司"
TITLE: list[list[Place]] = [[(200, "准予变更登记通知书")], [(220, "(示)登字[2025]第1号")]]
END: list[list[Place]] = [
    [(40, "请持本通知书换领营业执照。")],
    [(350, "示例市市场监督管理局")],
    [(370, "2025年3月5日")],
]
LABELLED: list[list[Place]] = [[(40, f"变更前名称：{OLD}")], [(40, f"变更后名称：{NEW}")]]
PARTED: list[list[Place]] = [[(40, "原企业名称"), (150, OLD)], [(40, "现企业名称"), (150, NEW)]]
TABLE: list[list[Place]] = [
    [(40, "登记事项"), (150, "变更前"), (350, "变更后")],
    [(40, "名称"), (150, OLD), (350, NEW)],
    [(40, "住所"), (150, "示例路1号"), (350, "示例路2号")],
]


def no_engine() -> NoReturn:
    pytest.fail("a model was loaded for a file that needs none")


@pytest.mark.parametrize("body", [LABELLED, PARTED, TABLE])
def test_both_names_day_and_authority_are_read(body: list[list[Place]]) -> None:
    paper = page([*TITLE, *body, *END])
    notice = change_notice.extract(paper)

    assert page_kind(paper) is DocumentKind.CHANGE_NOTICE
    assert (notice.former_name.value, notice.name.value) == (OLD, NEW)
    assert notice.issued_on.value == date(2025, 3, 5)
    assert notice.authority.value == "示例市市场监督管理局"
    fields = (notice.former_name, notice.name, notice.issued_on, notice.authority)
    assert all(field.accepted and field.provenance for field in fields)


def test_a_digital_file_yields_its_notice_without_recognition() -> None:
    data = BytesIO()
    canvas = Canvas(data)
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas.setFont("STSong-Light", 12)
    for row, line in enumerate([*TITLE, *LABELLED, *END]):
        for at, text in line:
            canvas.drawString(at, 760 - 30 * row, text)
    canvas.save()
    source = SourceFile(name="n.pdf", sha256="n", media_type=MediaType.PDF, size=1)
    (notice,) = DocumentReader(no_engine, "none").read(data.getvalue(), source).documents

    assert isinstance(notice, ChangeNotice)
    assert (notice.former_name.value, notice.name.value) == (OLD, NEW)
    assert notice.former_name.accepted


def test_what_was_recognised_from_a_picture_is_read_and_not_stood_behind() -> None:
    notice = change_notice.extract(page([*TITLE, *LABELLED, *END], recognised=0.999))

    assert (notice.former_name.value, notice.name.value) == (OLD, NEW)
    assert not notice.former_name.accepted
    assert not notice.name.accepted
    assert not notice.issued_on.accepted


@pytest.mark.parametrize(
    "body",
    [
        [*LABELLED, [(40, "变更前名称：示例市别名有限公司")]],
        [[(40, "变更前名称：示例市旧名")], LABELLED[1]],
        [[(40, "变更前名称"), (150, "变更后名称")], [(40, OLD), (150, NEW)]],
        [[(40, f"你公司原名{OLD}，名称变更为{NEW}。")]],
        [TABLE[1]],
    ],
)
def test_names_that_are_told_twice_broken_or_without_labels_are_for_a_person(
    body: Sequence[Sequence[Place]],
) -> None:
    former = change_notice.extract(page([*TITLE, *body, *END])).former_name

    assert not former.accepted
    assert former.state is not FieldState.ABSENT


def test_a_notice_of_another_change_says_nothing_of_names() -> None:
    body: list[list[Place]] = [TABLE[0], TABLE[2]]
    notice = change_notice.extract(page([*TITLE, *body, *END]))

    assert (notice.former_name.state, notice.name.state) == (FieldState.ABSENT, FieldState.ABSENT)


@pytest.mark.parametrize(
    "days", [["2025年3月5日", "2025年6月30日"], ["2025年13月5日"], ["二〇二五年三月五日"]]
)
def test_of_several_days_or_none_that_was_read_no_one_is_stood_behind(days: list[str]) -> None:
    lines: list[list[Place]] = [[(370, day)] for day in days]

    assert not change_notice.extract(page([*TITLE, *LABELLED, *lines])).issued_on.accepted


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("名称变更核准通知书", True),
        ("企业名称变更核准通知书", True),
        ("准 予 变 更 登 记 通 知 书", True),
        ("公司变更(备案)通知书", True),
        ("变更登记通知书", True),
        ("准予设立登记通知书", False),
        ("附：变更登记通知书复印件", False),
    ],
)
def test_a_line_is_a_title_only_as_a_whole(line: str, *, told: bool) -> None:
    assert change_notice.is_title(line) is told
