"""Business licences: the portrait form of 2014/2015 and the landscape form of 2019.

Which label a kind of holder has follows 工商企字〔2014〕30号 (forms A to G) and
国市监注〔2018〕253号.
"""

from dataclasses import dataclass
from datetime import date

from PIL import Image, ImageDraw

from sample_docs.make import fonts, ornament

INK = (28, 26, 26)
BROWN = (92, 62, 28)
NAMES = {  # the printed label of each field, by the id of the kind of holder
    "limited_company": ("名称", "类型", "住所", "法定代表人", "注册资本", "成立日期", "营业期限"),
    "branch": ("名称", "类型", "营业场所", "负责人", "", "成立日期", "营业期限"),
    "individual_business": ("名称", "类型", "经营场所", "经营者", "组成形式", "注册日期", ""),
    "partnership": (
        "名称", "类型", "主要经营场所", "执行事务合伙人", "出资额", "成立日期", "合伙期限",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Licence:
    """What one licence says, as printed. `money` is the capital, or 组成形式 of a sole trader."""

    entity_type: str
    code: str
    name: str
    company_type: str
    address: str
    person: str
    money: str
    established: date
    term: str
    scope: str
    authority: str
    issued: date
    seed: int

    def rows(self) -> dict[str, tuple[str, str]]:
        """Return label and text by role; a row that the form does not have is left out."""
        roles = ("name", "type", "place", "person", "money", "established", "term")
        texts = (
            self.name, self.company_type, self.address, self.person, self.money,
            spoken(self.established), self.term,
        )  # fmt: skip
        found = zip(roles, NAMES[self.entity_type], texts, strict=True)
        rows = {role: (label, text) for role, label, text in found if label and text}
        return rows | {"scope": ("经营范围", self.scope)}


def spoken(day: date) -> str:
    """Return a date as licences print it.

    >>> spoken(date(2018, 5, 9))
    '2018年05月09日'
    """
    return f"{day.year}年{day.month:02d}月{day.day:02d}日"


def landscape(licence: Licence) -> Image.Image:
    """Draw the form of 2019 (副本, 297 mm by 210 mm, 150 dpi)."""
    image = ornament.ground(1754, 1240)
    ornament.frame(image, (50, 50, 1704, 1120))
    ornament.rosette(image, (877, 190), 78)
    sheet = _Sheet(image)
    sheet.spread("营业执照", (877 - 250, 290), 500, 92, stroke=2)
    sheet.text("（副　本）（1-1）", (877, 428), 34, anchor="mt")
    sheet.box((108, 122, 482, 214))
    sheet.text("统一社会信用代码", (295, 132), 26, anchor="mt")
    sheet.text(licence.code, (295, 170), 30, anchor="mt")
    ornament.square_code(image, (1482, 110), 5, licence.seed)
    hint = (
        "扫描二维码登录‘国",
        "家企业信用信息公示",
        "系统’了解更多登记、",
        "备案、许可、监管信",
        "息。",
    )
    for number, line in enumerate(hint):
        sheet.text(line, (1296, 116 + 27 * number), 19)
    rows = licence.rows()
    left = [rows[role] for role in ("name", "type", "person", "scope") if role in rows]
    right = [rows[r] for r in ("money", "established", "term", "place") if r in rows]
    sheet.column(left, (130, 510), (160, 560), 66)
    sheet.column(right, (950, 510), (160, 500), 66)
    sheet.spread("登记机关", (1040, 925), 200, 36)
    sheet.text(_apart(licence.issued), (1440, 1040), 33, anchor="mm")
    ornament.seal(image, (1420, 975), 118, licence.authority)
    sheet.text("国家企业信用信息公示系统网址：http://www.gsxt.gov.cn", (60, 1150), 21)
    sheet.text("市场主体应当于每年1月1日至6月30日通过", (690, 1142), 20)
    sheet.text("国家企业信用信息公示系统报送公示年度报告。", (690, 1172), 20)
    sheet.text("国家市场监督管理总局监制", (1694, 1150), 21, anchor="rt")
    return image


def portrait(licence: Licence) -> Image.Image:
    """Draw the form of 2014/2015 (副本, 210 mm by 297 mm, 150 dpi)."""
    image = ornament.ground(1240, 1754)
    ornament.frame(image, (56, 56, 1184, 1640))
    ornament.rosette(image, (620, 220), 92)
    sheet = _Sheet(image)
    sheet.spread("营业执照", (620 - 280, 345), 560, 106, stroke=2)
    sheet.text("（副　本）", (620, 495), 34, anchor="mt")
    sheet.text(f"统一社会信用代码  {licence.code}", (1100, 556), 32, anchor="rt")
    sheet.text("（1-1）", (150, 556), 30)
    rows = licence.rows()
    roles = ("name", "type", "place", "person", "money", "established", "term", "scope")
    sheet.column([rows[r] for r in roles if r in rows], (160, 650), (190, 690), 70)
    sheet.spread("登记机关", (520, 1400), 210, 38)
    sheet.text(_apart(licence.issued), (900, 1500), 36, anchor="mm")
    ornament.seal(image, (880, 1440), 128, licence.authority)
    sheet.text("提示：每年1月1日至6月30日通过企业信用信息公示系统", (150, 1543), 21)
    sheet.text("报送上一年度年度报告。", (213, 1573), 21)
    sheet.text("企业信用信息公示系统网址：http://gsxt.example.gov.cn", (70, 1668), 20)
    sheet.text("中华人民共和国国家工商行政管理总局监制", (1170, 1668), 20, anchor="rt")
    return image


def _apart(day: date) -> str:
    return f"{day.year} 年 {day.month:02d} 月 {day.day:02d} 日"


class _Sheet:
    """A pen for one image."""

    def __init__(self, image: Image.Image) -> None:
        self._pen = ImageDraw.Draw(image)

    def text(self, text: str, at: tuple[int, int], size: int, anchor: str = "lt") -> None:
        self._pen.text(at, text, INK, fonts.pillow(fonts.SERIF, size), anchor)

    def box(self, area: tuple[int, int, int, int]) -> None:
        self._pen.rectangle(area, outline=BROWN, width=2)

    def spread(
        self, text: str, at: tuple[int, int], width: int, size: int, stroke: int = 0
    ) -> None:
        """Space the characters of a label over a width, the first and last at its ends."""
        font = fonts.pillow(fonts.SERIF, min(size, width // len(text)))
        step = (width - font.size) / max(1, len(text) - 1)
        top = at[1] + (size - font.size) / 2
        for place, character in enumerate(text):
            spot = (at[0] + place * step, top)
            self._pen.text(spot, character, INK, font, "la", stroke_width=stroke)

    def column(
        self,
        rows: list[tuple[str, str]],
        at: tuple[int, int],
        widths: tuple[int, int],
        pitch: int,
    ) -> None:
        """Draw labels and, to their right, texts that wrap; each row pushes the next down."""
        (left, top), (label_width, text_width) = at, widths
        font = fonts.pillow(fonts.SERIF, 31)
        for label, text in rows:
            self.spread(label, (left, top), label_width, 33)
            lines = _wrap(text, font.getlength, text_width)
            for number, line in enumerate(lines):
                spot = (left + label_width + 34, top + 1 + 44 * number)
                self._pen.text(spot, line, INK, font, "la")
            top += pitch + 44 * (len(lines) - 1)


def _wrap(text: str, length: object, width: int) -> list[str]:
    """Break a text where the line is full; closing punctuation stays on the line."""
    measure = length if callable(length) else len
    lines, line = [], ""
    for character in text:
        if measure(line + character) > width and character not in "，。；、）)":
            lines.append(line)
            line = ""
        line += character
    return [*lines, line]
