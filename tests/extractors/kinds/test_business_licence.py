"""Fields of invented licences: where they stand, how they are typed, and which are accepted."""

from datetime import date
from decimal import Decimal

import pytest

from extractors.kinds.business_licence import extract, is_licence
from schemas.fields import FieldState
from schemas.licence import EntityType, Term
from tests.extractors.kinds.licence_pages import CODE, NAME, look_at, page, portrait, word


def test_reads_every_field_of_a_portrait_licence() -> None:
    seen = portrait()

    licence = extract(seen, look_at(seen))

    assert licence.entity_type is EntityType.LIMITED_COMPANY
    assert licence.unified_social_credit_code.value == CODE
    assert licence.name.value == NAME
    assert licence.address.value == "浙江省示例市青禾区精工路88号3幢"
    assert licence.registered_capital.value == Decimal(20_000_000)
    assert licence.established_date.value == date(2018, 5, 9)
    assert licence.business_term.value == Term(start=date(2018, 5, 9), end=date(2038, 5, 8))
    assert licence.issue_date.value == date(2021, 4, 16)
    assert licence.business_scope.value is not None
    assert licence.business_scope.value.endswith("经相关部门批准后方可开展经营活动）")


def test_accepts_what_two_readings_agree_on() -> None:
    seen = portrait()

    licence = extract(seen, look_at(seen))

    unaccepted = {
        name
        for name in licence.field_names()
        if getattr(licence, name).state is FieldState.PRESENT
        and not getattr(licence, name).accepted
    }
    assert unaccepted <= {"issue_date"}


def test_the_values_of_a_text_layer_are_accepted_when_well_formed() -> None:
    licence = extract(portrait(), None)

    assert licence.name.accepted
    assert licence.business_term.accepted


@pytest.mark.parametrize(
    ("key", "character", "field"), [("person", 1, "legal_representative"), ("name", 2, "name")]
)
def test_one_unsure_character_keeps_a_name_from_being_accepted(
    key: str, character: int, field: str
) -> None:
    seen = portrait(weak={key: {character: (0.6, "未")}})

    licence = extract(seen, look_at(seen))

    assert getattr(licence, field).state is FieldState.PRESENT
    assert not getattr(licence, field).accepted


def test_the_width_of_a_bracket_is_no_doubt() -> None:
    seen = portrait(weak={"type": {6: (0.55, "（"), 15: (0.6, "）")}})

    assert extract(seen, look_at(seen)).company_type.accepted


def test_what_is_printed_but_impossible_stays_as_printed() -> None:
    seen = portrait(name="青禾示例精密机械有很公司")

    name = extract(seen, look_at(seen)).name

    assert (name.raw, name.accepted) == ("青禾示例精密机械有很公司", False)


def test_a_code_that_fails_its_check_stays_as_printed() -> None:
    seen = portrait(code="91330402MA2CQH0899")

    code = extract(seen, look_at(seen)).unified_social_credit_code

    assert (code.value, code.accepted) == ("91330402MA2CQH0899", False)


def test_a_letter_that_no_code_has_is_repaired_and_says_so() -> None:
    seen = portrait(code=CODE.replace("0", "O"))

    code = extract(seen, look_at(seen)).unified_social_credit_code

    assert (code.value, code.raw, code.repaired) == (CODE, CODE.replace("0", "O"), True)
    assert not code.accepted


def test_a_label_and_its_value_may_be_one_line() -> None:
    seen = portrait("name", "capital", name_label="名称" + NAME, capital_label="注册资本贰仟万元整")

    licence = extract(seen, look_at(seen))

    assert licence.name.raw == NAME
    assert licence.registered_capital.value == Decimal(20_000_000)


def test_spread_letters_of_a_label_are_put_together() -> None:
    words = list(portrait("name_label", "type_label", "type", "name").words)
    words += [word(100, 300, "名"), word(220, 300, "称"), word(300, 300, NAME)]
    words += [word(100, 360, "类"), word(220, 360, "型其他有限责任公司")]

    licence = extract(page(words), look_at(page(words)))

    assert licence.name.raw == NAME
    assert licence.company_type.raw == "其他有限责任公司"


def test_a_label_that_lost_its_first_letter_is_known_by_where_it_stands() -> None:
    words = list(portrait("name_label", "name").words)
    words.append(word(190, 300, "称" + NAME))

    assert extract(page(words), look_at(page(words))).name.raw == NAME


def test_a_label_misread_by_one_character_is_a_label() -> None:
    seen = portrait(person_label="法定代表入")

    assert extract(seen, look_at(seen)).legal_representative.raw == "张示例"


def test_a_label_that_was_not_read_is_looked_for() -> None:
    seen = portrait("address_label")

    address = extract(seen, look_at(seen, word(100, 420, "住所"))).address

    assert (address.raw, address.label) == ("浙江省示例市青禾区精工路88号3幢", "住所")


def test_without_a_picture_a_value_without_label_belongs_to_no_field() -> None:
    assert extract(portrait("address_label"), None).address.state is FieldState.UNREADABLE


def test_a_value_that_was_not_found_is_looked_for_and_never_accepted() -> None:
    seen = portrait("person")

    person = extract(seen, look_at(seen, word(300, 480, "张示例"))).legal_representative

    assert (person.raw, person.accepted) == ("张示例", False)


def test_text_on_the_line_of_a_value_keeps_it_from_being_accepted() -> None:
    words = [*portrait().words, word(440, 484, "某网")]

    person = extract(page(words), look_at(page(words))).legal_representative

    assert not person.accepted


def test_a_gap_between_characters_tells_of_a_lost_one() -> None:
    words = list(portrait("person").words)
    words.append(word(300, 480, "张例", width=120))

    assert not extract(page(words), look_at(page(words))).legal_representative.accepted


def test_asterisks_are_a_blank_term() -> None:
    seen = portrait(term="******")

    assert extract(seen, look_at(seen)).business_term.state is FieldState.BLANK


def test_a_term_may_be_open() -> None:
    seen = portrait(term="2018年05月09日至长期")

    term = extract(seen, look_at(seen)).business_term

    assert term.value == Term(start=date(2018, 5, 9), end=None)


def test_a_company_without_term_since_2022_has_none() -> None:
    seen = portrait("term_label", "term")

    assert extract(seen, look_at(seen)).business_term.state is FieldState.ABSENT


def test_a_mandatory_field_that_was_not_found_is_unreadable() -> None:
    seen = portrait("person_label", "person")

    assert extract(seen, look_at(seen)).legal_representative.state is FieldState.UNREADABLE


def test_two_columns_do_not_mix() -> None:
    words = [
        word(500, 100, "营业执照"),
        word(120, 200, "统一社会信用代码"),
        word(120, 236, CODE),
        word(100, 400, "名称"),
        word(280, 400, NAME),
        word(800, 400, "注册资本"),
        word(980, 400, "贰仟万元整"),
        word(100, 460, "类型"),
        word(280, 460, "有限责任公司(自然人独资)"),
        word(800, 460, "成立日期"),
        word(980, 460, "2018年05月09日"),
        word(100, 520, "法定代表人"),
        word(280, 520, "张示例"),
        word(800, 520, "住所"),
        word(980, 520, "浙江省示例市青"),
        word(980, 558, "禾区精工路88号"),
        word(100, 580, "经营范围"),
        word(280, 580, "机械设备的制造"),
        word(280, 618, "和销售。"),
    ]
    seen = page(words, width=1700, height=1200)

    licence = extract(seen, look_at(seen))

    assert licence.unified_social_credit_code.value == CODE
    assert licence.address.raw == "浙江省示例市青禾区精工路88号"
    assert licence.business_scope.raw == "机械设备的制造和销售。"
    assert licence.registered_capital.value == Decimal(20_000_000)


def test_a_sole_trader_has_its_own_fields() -> None:
    seen = portrait(
        "capital_label",
        "capital",
        "term_label",
        "term",
        code="92510107MA6XMN2R4N",
        name="示例市小满区小满示例面馆",
        type="个体工商户",
        address_label="经营场所",
        person_label="经营者",
        established_label="注册日期",
    )

    licence = extract(seen, look_at(seen))

    assert licence.entity_type is EntityType.INDIVIDUAL_BUSINESS
    assert licence.legal_representative.label == "经营者"
    assert licence.address.label == "经营场所"
    assert licence.established_date.label == "注册日期"
    assert licence.registered_capital.state is FieldState.ABSENT


def test_the_old_number_is_not_the_serial_of_the_print() -> None:
    seen = portrait(code_label="注册号", code="150000000005524 1-1")
    words = [*seen.words, word(680, 150, "证照编号150000000005524123")]

    licence = extract(page(words), look_at(page(words)))

    assert licence.registration_number.value == "150000000005524"
    assert licence.serial_number.value == "150000000005524123"
    assert licence.unified_social_credit_code.state is FieldState.ABSENT


def test_of_two_licences_on_one_page_nothing_is_accepted() -> None:
    below = [
        w.model_copy(
            update={"box": w.box._replace(top=w.box.top + 1400, bottom=w.box.bottom + 1400)}
        )
        for w in portrait(name="云岭示例食品有限公司", code="915301123456721874").words
    ]
    seen = page([*portrait().words, *below], height=3200)

    licence = extract(seen, look_at(seen))

    assert not any(getattr(licence, name).accepted for name in licence.field_names())


def test_boxes_are_points_of_the_page() -> None:
    seen = portrait()

    provenance = extract(seen, look_at(seen)).name.provenance

    assert provenance is not None
    assert provenance.box.left == pytest.approx(300)
    assert provenance.page == 1


def test_a_filled_in_licence_is_one() -> None:
    assert is_licence(portrait())


def test_a_licence_whose_title_was_not_read_is_one() -> None:
    assert is_licence(portrait("title"))


def test_nearly_all_labels_and_the_imprint_stand_in_for_title_and_number() -> None:
    without = ("title", "code_label", "code")

    assert is_licence(portrait(*without))
    assert not is_licence(portrait(*without, "form"))
    assert not is_licence(portrait(*without, "term_label", "established_label"))


def test_a_blank_template_is_no_licence() -> None:
    values = (
        "name",
        "type",
        "address",
        "person",
        "capital",
        "established",
        "term",
        "scope",
        "code",
    )
    blank = portrait("scope_2", "issued", **dict.fromkeys(values, "XXXXXXXXXX"))

    assert not is_licence(blank)


def test_another_certificate_is_no_licence() -> None:
    assert not is_licence(portrait("form", title="食品经营许可证"))


OTHER_PAPERS = {
    "tax registration": """税务登记证
税字330402100000001号
纳税人名称 青禾示例精密机械有限公司
法定代表人 张示例
地址 浙江省示例市青禾区精工路88号3幢
登记注册类型 有限责任公司
经营范围 机械设备的制造、销售
批准设立机关 示例市市场监督管理局
发证税务机关 国家税务总局示例市税务局""",
    "account permit": """开户许可证
核准号 J3350000000001
编号 3310-00000001
经审核，青禾示例精密机械有限公司符合开户条件，准予开立基本存款账户
法定代表人 张示例
开户银行 示例银行青禾支行
账号 330010100100000001
发证机关 中国人民银行示例市中心支行""",
    "organisation code": """中华人民共和国组织机构代码证
代码 MA2CQH085
机构名称 青禾示例精密机械有限公司
机构类型 企业法人
法定代表人 张示例
地址 浙江省示例市青禾区精工路88号3幢
有效期 自2018年05月09日至2022年05月08日
颁发单位 示例市质量技术监督局
登记号 组代管330402-000001""",
    "food permit": """食品经营许可证
经营者名称 青禾示例精密机械有限公司
统一社会信用代码 91330402MA2CQH085G
法定代表人(负责人) 张示例
住所 浙江省示例市青禾区精工路88号3幢
经营场所 浙江省示例市青禾区精工路88号3幢
主体业态 单位食堂
经营项目 热食类食品制售
许可证编号 JY33304020000001
发证机关 示例市市场监督管理局
有效期至 2023年05月08日
登记机关 示例市市场监督管理局""",
    "public institution": """事业单位法人证书
统一社会信用代码 91330402MA2CQH085G
名称 示例市青禾区精工研究所
法定代表人 张示例
住所 浙江省示例市青禾区精工路88号3幢
开办资金 贰仟万元整
成立日期 2018年05月09日
经营范围 机械设备的研究
登记机关 示例市事业单位登记管理局""",
    "identity card": """姓名 张示例
性别 男 民族 汉
出生 1980年1月1日
住址 浙江省示例市青禾区精工路88号3幢
公民身份号码 330402198001010010""",
    "application form": """小企业贷款申请表
名称 青禾示例精密机械有限公司
统一社会信用代码 91330402MA2CQH085G
住所 浙江省示例市青禾区精工路88号3幢
法定代表人 张示例
注册资本 贰仟万元整
成立日期 2018年05月09日
附件
营业执照""",
}


@pytest.mark.parametrize("text", OTHER_PAPERS.values(), ids=OTHER_PAPERS)
def test_a_paper_with_the_fields_of_a_licence_is_none(text: str) -> None:
    words = []
    for number, line in enumerate(text.splitlines()):
        label, _, value = line.partition(" ")
        words.append(word(100, 100 + 60 * number, label))
        if value:
            words.append(word(420, 100 + 60 * number, value))

    assert not is_licence(page(words))


def test_a_report_that_speaks_of_a_licence_is_none() -> None:
    text = page(
        [word(100, 100, "公司于2018年取得营业执照，"), word(100, 140, "统一社会信用代码" + CODE)]
    )

    assert not is_licence(text)
