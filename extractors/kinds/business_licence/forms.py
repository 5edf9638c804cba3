"""Which form of licence a face is: its title, its kind of holder, the fields it must have."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from extractors.kinds.business_licence.runs import Run
from schemas.licence import EntityType
from schemas.licence_forms import licence_forms

_BY_LABEL = {
    "经营者": EntityType.INDIVIDUAL_BUSINESS,
    "经营者姓名": EntityType.INDIVIDUAL_BUSINESS,
    "业主姓名": EntityType.INDIVIDUAL_BUSINESS,
    "投资人": EntityType.SOLE_PROPRIETORSHIP,
    "投资人姓名": EntityType.SOLE_PROPRIETORSHIP,
    "执行事务合伙人": EntityType.PARTNERSHIP,
    "负责人": EntityType.BRANCH,
    "负责人姓名": EntityType.BRANCH,
}
_BY_TITLE = {
    "个体工商户": EntityType.INDIVIDUAL_BUSINESS,
    "个人独资企业": EntityType.SOLE_PROPRIETORSHIP,
    "合伙企业": EntityType.PARTNERSHIP,
    "农民专业合作社法人": EntityType.FARMERS_COOPERATIVE,
}
_BY_CODE = {"92": EntityType.INDIVIDUAL_BUSINESS, "93": EntityType.FARMERS_COOPERATIVE}

_FIELDS = {
    "name": ("name",),
    "entity_type": ("company_type",),
    "address": ("address",),
    "business_premises": ("address",),
    "legal_representative": ("legal_representative",),
    "responsible_person": ("legal_representative",),
    "executive_partner": ("legal_representative",),
    "investor": ("legal_representative",),
    "operator": ("legal_representative",),
    "registered_capital": ("registered_capital",),
    "member_contribution_total": ("registered_capital",),
    "establishment_date": ("established_date",),
    "registration_date": ("established_date",),
    "business_scope": ("business_scope",),
    "coop_business_scope": ("business_scope",),
    "issue_date": ("issue_date",),
    "registration_authority": ("registration_authority",),
}
_WHATEVER = ("name", "company_type", "legal_representative", "address", "established_date")

_SET_ASIDE = re.compile(r"范围由(章程|申请书)|注册资本认缴登记制|商事主体的经营范围由")
"""The form of Shenzhen prints hints in the place of scope and capital."""
_TITLE = re.compile(
    r"(企业法人|个体工商户|合伙企业|个人独资企业|农民专业合作社(?:法人|分支机构)?|外商投资\w*)?"
    r"(营业执照|[\w营]业执照|营\w执照|营业\w照|营业执\w|电子营业执照)"
)


@dataclass(frozen=True)
class Form:
    """The kind of holder, and whether the form is one of before 2014 that names it in its title."""

    entity_type: EntityType | None
    is_named_in_title: bool = False
    sets_capital_aside: bool = False

    def must_have(self, attribute: str) -> bool:
        """Return whether the form has a field that is never left out."""
        if self.is_named_in_title and attribute in {"company_type", "established_date"}:
            return self.entity_type is not EntityType.INDIVIDUAL_BUSINESS
        if self.sets_capital_aside and attribute in {"registered_capital", "business_scope"}:
            return False
        return attribute in self._mandatory()

    def _mandatory(self) -> Iterable[str]:
        if self.entity_type is None:
            return _WHATEVER
        form = licence_forms().entity(self.entity_type)
        return {attribute for name in form.mandatory for attribute in _FIELDS.get(name, ())}


def form_of(
    runs: Iterable[Run], company_type: str | None, person_label: str | None, code: str | None
) -> Form:
    """Tell the form: by the printed type, else by the title, the person's label or the code."""
    texts = [run.folded for run in runs]
    title = next((text for text in texts if is_title(text)), "")
    named = next((kind for words, kind in _BY_TITLE.items() if words in title), None)
    kind = (
        _by_type(company_type)
        or named
        or _BY_LABEL.get(person_label or "")
        or _BY_CODE.get((code or "")[:2])
    )
    shenzhen = any(_SET_ASIDE.search(text) for text in texts)
    return Form(kind, is_named_in_title=named is not None, sets_capital_aside=shenzhen)


def is_title(text: str) -> bool:
    """Return whether a line is the title of a licence, give or take one character.

    >>> is_title("企业法人营业执照"), is_title("营业执照(副本)"), is_title("食品经营许可证")
    (True, True, False)
    """
    plain = re.sub(r"[(（]?(副本|正本)[)）]?|[\W\d]", "", text)
    return bool(_TITLE.fullmatch(plain))


def _by_type(company_type: str | None) -> EntityType | None:
    if not company_type:
        return None
    text = company_type.replace("（", "(").replace("）", ")")
    patterns = licence_forms().type_patterns
    return next((p.entity_type for p in patterns if re.search(p.regex, text)), None)
