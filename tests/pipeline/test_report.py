import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.report.phrases import EN, ZH
from schemas.decisions import Decision, Outcome
from schemas.documents import DocumentKind, RefusedFile
from schemas.fields import Field
from schemas.findings import Finding, Severity
from schemas.messages import Language, message
from schemas.statements import Context, Scope
from tests.builders import (
    BALANCE,
    amended,
    clean,
    dossier,
    field,
    licence,
    package,
    raised_by,
    reading,
    sha256,
    statement,
    stray,
)
from tests.pipeline.report_pages import LANGUAGES, Reading, page, record, spoiled
from tests.validators.accounts import KINDS, year

HOSTILE = "<script>alert(1)</script>\"'&{{7*7}}"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.PASS, {"zh": "通过初审", "en": "PASS"}),
        (Outcome.SUPPLEMENT, {"zh": "补件", "en": "SUPPLEMENT"}),
        (Outcome.MANUAL, {"zh": "转人工", "en": "MANUAL"}),
    ],
)
def test_the_head_says_the_outcome_and_what_it_is_about(
    lang: Language, outcome: Outcome, words: dict[Language, str]
) -> None:
    told = Reading(page(clean(), lang, decision=Decision(outcome=outcome)))

    assert ("h1", {"id": "outcome-title"}) in told.tags
    for expected in (words[lang], "2026-10-15", "policy-1", "rules-1", "m-1", "cpu", "示例"):
        assert expected in told.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_finding_is_told_once_and_in_order(lang: Language) -> None:
    papers = spoiled()
    findings = record(papers).findings
    html = page(papers, lang)
    codes = re.findall(r"<code>([a-z]+\.[a-z_.]+)</code>", html)

    holding = [one for one in findings if one.severity in {Severity.ERROR, Severity.RETURN}]
    others = [one for one in findings if one not in holding]
    assert holding
    assert codes == [one.code for one in (*holding, *others)]
    for one in holding:
        assert message(one, lang) in Reading(html).text


def test_a_finding_that_the_catalogue_no_longer_knows_is_told_by_its_code() -> None:
    old = Finding(code="old.rule", severity=Severity.ERROR, params={"total": "7"})
    bare = Finding(code="statements.subtotal", severity=Severity.WARN)

    told = Reading(page(clean(), findings=(old, bare))).text

    assert "old.rule · total 7" in told
    assert "statements.subtotal" in told


def test_a_finding_without_a_place_names_the_file() -> None:
    papers = clean()
    subject = papers.readings[2].source
    one = Finding(code="statements.entity_unread", severity=Severity.WARN, subject=subject.sha256)

    head = Reading(page(papers, findings=(one,))).text.split("告知申请人 一次性")[0]

    assert f"查看 {subject.name}" in head


def test_a_clean_reading_does_not_hide_what_a_person_has_to_decide() -> None:
    manual = Decision(outcome=Outcome.MANUAL)

    assert "需人工判断的事项见上文" in page(clean(), findings=(), decision=manual)
    assert "需人工判断的事项见上文" not in page(clean(), findings=())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hostile_names_and_values_are_text(lang: Language) -> None:
    sheet = statement(BALANCE, entity=field(HOSTILE))
    own = stray(5).model_copy(update={"label": HOSTILE, "label_raw": HOSTILE})
    sheet = sheet.model_copy(update={"rows": (*sheet.rows, own)})
    made = licence(name=field(HOSTILE, label=HOSTILE, accepted=False))
    refused = RefusedFile(name=HOSTILE, sha256=sha256("x"), size=1, code=HOSTILE)
    papers = package(reading(made, sheet, name=HOSTILE), refused=(refused,))
    papers = papers.model_copy(
        update={"package": papers.package.model_copy(update={"name": HOSTILE})}
    )

    html = page(papers, lang, findings=(Finding(code=HOSTILE, severity=Severity.ERROR),))

    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;{{7*7}}") >= 8
    assert not [name for _, name, _ in Reading(html).attributes if name.startswith("on")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_asks_for_nothing_from_outside(lang: Language) -> None:
    told = Reading(page(spoiled(), lang))
    style = "".join(data for tag, data in told.pieces if tag == "style")
    targets = [
        value
        for _, name, value in told.attributes
        if name in {"src", "href", "xlink:href", "action", "srcset", "poster", "data"}
    ]

    assert targets
    assert all(value.startswith(("#", "data:")) for value in targets)
    assert not [value for _, _, value in told.attributes if "//" in value]
    assert not re.search(r"url\(|@import|//", style)
    assert {tag for tag, _ in told.tags}.isdisjoint(
        {"script", "iframe", "object", "embed", "form", "base", "video", "audio"}
    )


def test_the_policy_of_the_page_lets_in_its_style_and_pictures_only() -> None:
    told = Reading(page(clean()))
    policy = next(value for _, name, value in told.attributes if value.startswith("default-src"))

    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not [name for _, name, _ in told.attributes if name == "style"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_link_leads_to_a_place_of_the_page_and_no_place_is_there_twice(
    lang: Language,
) -> None:
    told = Reading(page(spoiled(), lang))
    places = [value for _, name, value in told.attributes if name == "id"]
    links = {
        value[1:]
        for tag, name, value in told.attributes
        if (tag, name) == ("a", "href") and value != "#_"
    }

    assert len(places) == len(set(places))
    assert links <= set(places)


def test_the_page_can_be_read_with_the_ears() -> None:
    told = Reading(page(spoiled()))
    tags = [tag for tag, _ in told.tags]
    heads = [found for tag, found in told.tags if tag == "th"]

    assert tags.count("main") == 1
    assert tags.count("h1") == 1
    assert {"nav", "footer"} <= set(tags)
    assert heads
    assert all(found.get("scope") for found in heads)
    assert all(found.get("alt") for tag, found in told.tags if tag == "img")
    assert ("html", {"lang": "zh-CN"}) in told.tags


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_field_that_was_not_read_is_not_one_that_is_blank(lang: Language) -> None:
    told = page(spoiled(), lang)
    rows = re.findall(r'<tr class="(present|blank|unreadable|absent)"', told)

    assert rows.count("unreadable") == 1
    assert rows.count("blank") == 1
    assert {"zh": "未读出", "en": "unreadable"}[lang] in told
    assert {"zh": "空白", "en": "blank"}[lang] in told


def test_a_confidence_is_never_rounded_up_to_certainty() -> None:
    assert "0.999" in page(spoiled())
    assert "1.000" not in page(spoiled())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_refused_file_says_why_and_what_to_do(lang: Language) -> None:
    refused = RefusedFile(name="b.pdf", sha256=sha256("b"), size=1, code="document.encrypted")
    told = Reading(page(package(reading(licence()), refused=(refused,)), lang, findings=())).text

    assert "b.pdf" in told
    assert "document.encrypted" in told
    assert {"zh": "无法使用", "en": "refused"}[lang] in told


def test_a_package_with_nothing_in_it_has_a_page() -> None:
    told = Reading(page(dossier(), findings=())).text

    assert "未发现营业执照" in told
    assert "未发现财务报表" in told


def test_a_product_that_is_gone_keeps_its_name() -> None:
    papers = clean()
    gone = papers.package.model_copy(update={"product": "gold"})

    assert "gold" in page(papers.model_copy(update={"package": gone}), findings=())


def test_the_applicants_list_is_there_to_copy_in_chinese_too() -> None:
    told = Reading(page(clean(without=DocumentKind.CASH_FLOW_STATEMENT), "en")).text

    assert "Dear applicant" in told
    assert "您好" in told
    assert "现金流量表" in told


def test_the_page_of_a_large_package_stays_small() -> None:
    years = [
        year(kind, days=(date(2025 - n, 12, 31), date(2024 - n, 12, 31)), scope=scope)
        for n in range(3)
        for kind in KINDS
        for scope in (Scope.CONSOLIDATED, Scope.PARENT)
    ]

    assert len(page(dossier(licence(), *years), findings=()).encode()) < 3_000_000


def test_words_can_be_told_from_their_ground() -> None:
    style = Path(__file__).parents[2] / "pipeline" / "report" / "templates" / "report.css"
    tones = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", style.read_text(encoding="utf-8")))
    grounds = ("paper", "ground", "faint", "doubt-ground", "bad-ground")

    for tone in ("ink", "soft", "blue", "sure", "doubt", "manual", "bad"):
        for ground in grounds:
            assert contrast(tones[tone], tones[ground]) >= 4.5, (tone, ground)


def contrast(one: str, other: str) -> float:
    """Return the ratio of WCAG 2."""
    lights = sorted((_light(one), _light(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _light(tone: str) -> float:
    digits = tone[1:] if len(tone) == 7 else "".join(digit * 2 for digit in tone[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    bent = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * bent[0] + 0.7152 * bent[1] + 0.0722 * bent[2]


def test_the_words_are_there_in_both_languages() -> None:
    source = Path(__file__).parents[2] / "pipeline" / "report"
    texts = [path.read_text(encoding="utf-8") for path in source.rglob("*.html")]
    said = {text for page in texts for text in re.findall(r't\("([^"]+)"', page)}
    said |= {text for page in texts for text in re.findall(r"t\('([^']+)'\)", page)}

    assert said
    assert said <= set(ZH)
    assert set(EN) <= set(ZH)
    for text, zh in ZH.items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", zh)), text


@pytest.mark.parametrize(
    ("lang", "cause", "first"),
    [("zh", "可能是正负号相反", "请先核对"), ("en", "a sign is turned", "look first at")],
)
def test_a_sum_that_fails_says_the_likely_cause_and_where_to_look(
    lang: Language, cause: str, first: str
) -> None:
    """A provision of 60 entered with a minus: its liabilities are 120 less than their total."""
    paper = amended(statement(BALANCE), "provisions", Context.END, turned)
    html = page(clean(balance=paper), lang)
    card = html[html.index('<p class="cause">') :].partition("</p>")[0]

    assert cause in card
    assert first in card
    assert 'href="#' in card


def test_red_flags_have_names_in_both_languages() -> None:
    poor = amended(statement(BALANCE), "retained_earnings", Context.END, raised_by(-17701))
    papers = clean(balance=amended(poor, "capital_reserve", Context.END, raised_by(17701)))
    names = {lang: re.findall(r"<b>F\d\d ([^<]+)</b>", page(papers, lang)) for lang in LANGUAGES}

    assert names["zh"]
    assert all(not name.isascii() for name in names["zh"])
    assert all(name.isascii() for name in names["en"])
    assert len(names["en"]) == len(names["zh"])


def turned(old: Field[Decimal]) -> Field[Decimal]:
    return old.model_copy(update={"value": -(old.value or 0)})
