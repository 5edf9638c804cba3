"""Lines that were lost, cut, or read differently by an unlike recogniser: seen, never accepted."""

from dataclasses import dataclass, replace
from typing import Any

from extractors.kinds.business_licence import extract, phrases
from extractors.kinds.business_licence.claims import ENOUGH, Claim
from extractors.kinds.business_licence.mending import is_text, lengthened, without_colour
from extractors.kinds.business_licence.runs import of_word
from extractors.ocr.engine import Image, Line, Quad
from schemas.geometry import Box
from tests.extractors.engines import line, quad
from tests.extractors.kinds.licence_pages import (
    CODE,
    Reciting,
    TwoMinds,
    doubted,
    look_at,
    page,
    portrait,
    word,
)

ADDRESS = "浙江省示例市青禾区精工路88号3幢"


def test_a_lost_last_line_of_an_address_is_looked_for_once() -> None:
    words = [
        w.model_copy(update={"box": w.box._replace(top=w.box.top + 60, bottom=w.box.bottom + 60)})
        if w.box.top > 430
        else w
        for w in portrait().words
    ]
    seen = page(words)

    whole = extract(seen, look_at(seen))
    lost = extract(seen, look_at(seen, word(300, 456, "工业园东门旁")))

    assert (whole.address.raw, whole.address.accepted) == (ADDRESS, True)
    assert (lost.address.raw, lost.address.accepted) == (ADDRESS + "工业园东门旁", False)


def test_a_line_of_the_scope_whose_end_was_lost_is_read_on() -> None:
    seen = portrait("scope_2", scope="机械设备的制造、销售、维修")

    cut = portrait("scope_2", scope="机械设备的制造、销售")
    scope = extract(
        cut, look_at(cut, *(w for w in seen.words if w.text.endswith("维修")))
    ).business_scope

    assert (scope.raw, scope.accepted) == ("机械设备的制造、销售、维修", False)


def test_a_person_whose_last_character_was_lost_is_read_on() -> None:
    seen = portrait(person="张示")

    person = extract(seen, look_at(seen, word(300, 480, "张示例"))).legal_representative

    assert (person.raw, person.accepted) == ("张示例", False)


def test_lines_of_a_scope_may_be_set_loosely() -> None:
    words = [*portrait("scope_2").words, word(300, 778, "相关部门批准后方可开展经营活动)")]
    seen = page(words)

    scope = extract(seen, look_at(seen)).business_scope

    assert (scope.raw or "").endswith("经相关部门批准后方可开展经营活动)")


def test_a_label_as_high_as_two_lines_is_one_label() -> None:
    seen = portrait("scope_label", "scope", "scope_2")
    words = [
        *seen.words,
        word(300, 712, "机械设备的制造"),
        word(300, 744, "和销售、租赁及"),
        word(300, 776, "维修服务。"),
    ]
    label = word(100, 730, "经营范围")
    high = label.model_copy(update={"box": label.box._replace(top=712, bottom=776)})

    scope = extract(page(words), look_at(page(words), high)).business_scope

    assert scope.raw == "机械设备的制造和销售、租赁及维修服务。"


def test_what_the_unlike_recogniser_reads_differently_is_not_accepted() -> None:
    seen = portrait(weak={"person": {1: (0.9, "未")}})

    backed = extract(seen, doubted(look_at(seen)))
    denied = extract(seen, doubted(look_at(seen), person="张未例"))

    assert backed.legal_representative.accepted
    assert not denied.legal_representative.accepted
    assert denied.legal_representative.raw == "张示例"


def test_the_unlike_recogniser_is_asked_only_where_there_is_a_doubt() -> None:
    seen = portrait(weak={"person": {1: (0.9, "未")}}, name="青禾示例精密机械有限公司")
    sure = {
        n: w.model_copy(
            update={
                "characters": tuple(
                    c.model_copy(update={"probability": 0.999}) for c in w.characters
                )
            }
        )
        for n, w in enumerate(seen.words)
        if w.text != "张示例"
    }
    words = [sure.get(n, w) for n, w in enumerate(seen.words)]
    look = doubted(look_at(page(words)))

    extract(page(words), look)

    assert isinstance(look.engine, TwoMinds)
    assert look.engine.asked == ["张示例"]


@dataclass
class Anew(Reciting):
    """An engine that reads the code rightly once it has found its line itself."""

    has_looked: bool = False

    def find(self, image: Image) -> tuple[Quad, ...]:
        self.has_looked = True
        height, width = image.shape[:2]
        return (quad(Box(0, 0, width, height)),)

    def recognise(self, images: Any) -> tuple[Line, ...]:
        if self.has_looked:
            return tuple(line(CODE) for _ in images)
        return super().recognise(images)


def test_a_code_whose_line_was_cut_badly_is_found_anew_and_says_so() -> None:
    seen = portrait(code=CODE[:5] + CODE[6:])
    look = look_at(seen)
    assert isinstance(look.engine, Reciting)

    code = extract(seen, replace(look, engine=Anew(look.engine.words))).unified_social_credit_code

    assert (code.value, code.raw, code.repaired) == (CODE, CODE[:5] + CODE[6:], True)
    assert not code.accepted


def test_what_is_unsure_beyond_a_line_is_not_taken() -> None:
    known = of_word(word(300, 480, "机械设备的制造"))
    wider = of_word(word(300, 480, "机械设备的制造和示", weak={8: (0.4, "未")}))

    assert lengthened(known, wider).text == "机械设备的制造和"
    assert lengthened(known, of_word(word(300, 480, "全然不同的一行字和更多"))) is known


def test_what_the_next_line_says_is_not_taken_twice() -> None:
    known = of_word(word(300, 480, "机械设备的制造"))
    following = of_word(word(560, 480, "和销售机床配件"))

    beside = lengthened(known, of_word(word(300, 480, "机械设备的制造、和销")), following)
    inside = lengthened(known, of_word(word(300, 480, "机械设备的制造销售机床")), following)

    assert beside.text == "机械设备的制造、"
    assert inside.text == "机械设备的制造"


def test_what_goes_with_the_colour_was_no_print() -> None:
    known = of_word(word(300, 480, "仅经营许可证正有效期"))

    assert without_colour(known, of_word(word(300, 480, "经营许可证有效期"))) is not None
    assert without_colour(known, of_word(word(300, 480, "经营许可证无效期"))) is None
    assert without_colour(known, of_word(word(300, 480, "有效期"))) is None


def test_a_closed_phrase_decides_between_likely_characters_only() -> None:
    said = "机床的销售。(依法须绝批准的项目,经枪关部门批准后方可开展经营活动)"
    run = of_word(word(300, 720, said, weak={10: (0.5, "经"), 17: (0.6, "抢")}))

    ranked = phrases.ranked(Claim((run,)))

    assert ranked.text == said.replace("绝", "经")
    assert ranked.weakest < ENOUGH


def test_a_sentence_of_the_form_is_no_line_of_a_value() -> None:
    assert is_text(of_word(word(300, 480, "工业园东门旁")))
    assert not is_text(of_word(word(300, 480, "中华人民共和国国家工商行政管理总局监制")))
    assert not is_text(of_word(word(300, 480, "SCJDGL")))


def test_pieces_of_a_date_of_issue_are_read_as_one_line() -> None:
    pieces = [word(600, 1080, "2021"), word(700, 1080, "月")]
    seen = page([*portrait("issued").words, *pieces])
    image = look_at(seen)
    assert isinstance(image.engine, Reciting)
    whole = word(600, 1080, "2021年04月16日")
    words = (*image.engine.words[:-2], whole, whole)

    issued = extract(seen, replace(image, engine=Reciting(words))).issue_date

    assert (issued.raw, issued.accepted) == ("2021年04月16日", True)
