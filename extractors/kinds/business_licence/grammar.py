"""What a value of each field can look like.

A value that fits is not proved; one that does not is never accepted: it stays as printed, for a
person to see.
"""

import re
from collections.abc import Callable

from extractors.kinds.business_licence import days, money, phrases
from schemas.licence import EntityType

_HAN = r"\u3400-\u9fff\U00020000-\U0002ebef"
_COMPANIES = frozenset({EntityType.LIMITED_COMPANY, EntityType.JOINT_STOCK_COMPANY})
_COMPANY_NAME = re.compile(r"(有限公司|有限责任公司|股份公司)$")
_ANY_NAME = re.compile(
    r"((?<!限)公司|有限公司|厂|店|部|社|中心|行|馆|室|院|所|站|场|园|城|坊|屋|楼|吧|堂|铺|摊|超市|企业|学校|校|庄"
    r"|会|队|处|点|库|廊|阁|轩|斋|居|苑|府|座|房|棚|桥|村|网|廊|合伙\)|合伙企业)$"
)
_NAME_CHARACTERS = re.compile(rf"[{_HAN}A-Za-z0-9()·&\-]+")
_PERSON = re.compile(rf"[{_HAN}]{{2,4}}|[{_HAN}]{{1,12}}(·[{_HAN}]{{1,12}})+")
_PARTNER = re.compile(rf"[{_HAN}()·、,:A-Za-z]{{2,80}}")
_ADDRESS = re.compile(rf"[{_HAN}A-Za-z0-9()\[\]【】\-#、,.;:/~—_+&]+")
_ADDRESS_END = re.compile(
    r"([0-9A-Za-z)\]】]|[号室层楼村组街路道园区镇乡栋幢座房铺城场队社屯庄巷弄里湾坡沟口院厂店旁侧边面内"
    r"处东西南北中下上旁县市馆库座位段期排单元户间卡档位门塘坪坝堰桥屋寨营岭山坑围洲岛港站所司部心厦角堍沙埔浦滩洋溪河圩集])$"
)
_OWNERS = (
    "自然人|法人|国有|国内|外国|外商|中外|台港澳|港澳台|境内|境外|内资|企业|投资者?|控股|独资|合资|合作"
    "|非|或|的|与|、|,|上市|未上市|私营|股份合作|微型企业|普通|特殊普通|有限|分支机构|外国投资者"
)
_TYPE = re.compile(
    rf"(?:(?:其他|一人|私营)?有限责任公司(?:分公司)?|有限公司|(?:其他)?股份有限公司(?:分公司)?"
    rf"|个体工商户|个体户?|个人独资企业(?:分支机构)?|(?:外商投资)?(?:有限|普通|特殊普通)?合伙企业(?:分支机构)?"
    rf"|农民专业合作社(?:联合社|分支机构)?|农民专业合作经济组织|全民所有制(?:分支机构)?|集体所有制(?:分支机构)?"
    rf"|股份合作制|联营|分公司|(?:外商投资|内资)企业分公司)"
    rf"(?:\((?:{_OWNERS})+\))*"
)
_CAPITAL_END = re.compile(r"[元圆万币整正]$")


def fits(role: str, text: str, kind: EntityType | None) -> bool:
    """Return whether a text, in half width, can be the whole value of a field."""
    return _is_balanced(text) and _FITTING[role](text, kind)


def _is_balanced(text: str) -> bool:
    """Return whether every bracket is opened and closed: an odd one tells of a lost end."""
    return all(text.count(a) == text.count(b) for a, b in ("()", "[]", "【】"))


def _name(text: str, kind: EntityType | None) -> bool:
    end = _COMPANY_NAME if kind in _COMPANIES else _ANY_NAME
    return bool(_NAME_CHARACTERS.fullmatch(text) and end.search(text)) and len(text) >= 4


def _type(text: str, _: EntityType | None) -> bool:
    inner = re.fullmatch(r"法人商事主体【(.+)】", text)
    return bool(_TYPE.fullmatch(inner[1] if inner else text))


def _person(text: str, kind: EntityType | None) -> bool:
    if kind is EntityType.PARTNERSHIP and _PARTNER.fullmatch(text):
        return True
    return bool(_PERSON.fullmatch(text))


def _address(text: str, _: EntityType | None) -> bool:
    return bool(_ADDRESS.fullmatch(text) and _ADDRESS_END.search(text)) and len(text) >= 5


def _capital(text: str, _: EntityType | None) -> bool:
    return money.amount(text) is not None and bool(_CAPITAL_END.search(text.rstrip(")")))


def _scope(text: str, _: EntityType | None) -> bool:
    ended = len(text) >= 4 and bool(re.search(r"[。.)\]】*;]$", text))
    return ended and not phrases.is_garbled(text)


def _term(text: str, _: EntityType | None) -> bool:
    """A term without an end says so: behind a bare 至 an end may have been lost."""
    return days.term(text) is not None and not days.is_mixed(text) and not text.endswith("至")


_FITTING: dict[str, Callable[[str, EntityType | None], bool]] = {
    "name": _name,
    "company_type": _type,
    "composition": lambda text, _: text in {"个人经营", "家庭经营"},
    "legal_representative": _person,
    "address": _address,
    "registered_capital": _capital,
    "paid_in_capital": _capital,
    "established_date": lambda text, _: days.day(text) is not None and not days.is_mixed(text),
    "business_term": _term,
    "business_scope": _scope,
    "issue_date": lambda text, _: days.day(text) is not None,
}
