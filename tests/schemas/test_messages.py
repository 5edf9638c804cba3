import pytest

from schemas import messages
from schemas.errors import PolicyError
from schemas.findings import Finding, Severity
from schemas.messages import (
    Entry,
    catalogue,
    error_message,
    error_remedy,
    message,
    placeholders,
    remedy,
)
from schemas.taxonomy import load

ENTRIES = {**catalogue().findings, **catalogue().errors}


def finding(code: str, **params: str) -> Finding:
    return Finding(code=code, severity=Severity.RETURN, params=params)


@pytest.mark.parametrize("code", ENTRIES)
def test_a_message_says_the_same_in_both_languages(code: str) -> None:
    entry = ENTRIES[code]

    assert all(entry.model_dump().values())
    assert placeholders(entry.zh) == placeholders(entry.en)
    assert placeholders(entry.remedy_zh) == placeholders(entry.remedy_en)


@pytest.mark.parametrize("code", ENTRIES)
def test_each_language_is_written_in_its_own_characters(code: str) -> None:
    entry = ENTRIES[code]

    assert has_chinese(entry.zh)
    assert has_chinese(entry.remedy_zh)
    assert not has_chinese(entry.en + entry.remedy_en)


def has_chinese(text: str) -> bool:
    return any("一" <= character <= "鿿" for character in text)


def test_no_message_hints_at_a_suspicion() -> None:
    """What is suspected is never told (R23): the applicant reads these words."""
    forbidden = ("篡改", "伪造", "可疑", "造假", "forge", "fake", "tamper", "suspect", "fraud")

    def told(entry: Entry) -> str:
        return entry.zh + entry.en + entry.remedy_zh + entry.remedy_en

    assert not [
        code
        for code, entry in ENTRIES.items()
        if entry.who == "applicant" and any(word in told(entry) for word in forbidden)
    ]


def test_words_and_line_items_do_not_collide() -> None:
    items = {item for name in ("cas", "small", "ifrs") for item in load(name).by_id}

    assert not set(catalogue().words) & items
    assert not set(catalogue().words) & set(catalogue().errors)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "资产负债表的关键合计未读出或把握不足：资产总计、负债合计。"),
        ("en", "Key totals were not read or are not sure (balance sheet): "
        "total assets, total liabilities."),
    ],
)  # fmt: skip
def test_words_and_line_items_are_said_in_the_language_of_the_message(lang: str, said: str) -> None:
    one = finding(
        "statements.unaccepted_key_cells",
        document="balance_sheet",
        items="total_assets,total_liabilities",
    )

    assert message(one, lang) == said  # type: ignore[arg-type]


def test_an_amount_is_said_as_it_is_although_it_has_commas() -> None:
    one = finding(
        "statements.balance",
        column="end",
        assets="1,234.00",
        other_side="1,000.00",
        difference="234.00",
    )

    assert "1,234.00" in message(one, "zh")
    assert "assets 1,234.00, liabilities and equity 1,000.00" in message(one, "en")


def test_the_reason_of_a_refused_file_is_told_in_words() -> None:
    one = finding("package.unreadable_file", reason="document.encrypted")

    assert message(one, "zh") == "有一份文件无法使用：文件已加密。"
    assert message(one, "en") == "One file cannot be used: The file wants a password."


def test_a_finding_without_a_param_that_its_message_wants_is_a_fault() -> None:
    with pytest.raises(PolicyError, match="lacks the param"):
        message(finding("package.missing_document"), "zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_code_that_nobody_knows_is_a_fault(lang: str) -> None:
    unknown = finding("no.such_code")
    for ask in (message, remedy):
        with pytest.raises(PolicyError, match=r"no\.such_code"):
            ask(unknown, lang)  # type: ignore[arg-type]
    for ask_error in (error_message, error_remedy):
        with pytest.raises(PolicyError, match=r"no\.such_code"):
            ask_error("no.such_code", lang)  # type: ignore[arg-type]


def test_an_error_has_a_meaning_and_a_remedy() -> None:
    assert error_message("document.empty", "en") == "The file is empty."
    assert error_remedy("document.empty", "zh") == "请重新上传。"
    assert remedy(finding("package.empty"), "zh") == "请上传申请资料。"


def test_what_the_catalogue_calls_a_thing_goes_before_the_words_of_a_door() -> None:
    own = {"balance_sheet": "别的", "serial_number": "编号"}

    assert messages.called("balance_sheet", "zh", own) == "资产负债表"
    assert messages.called("serial_number", "zh", own) == "编号"
    assert messages.called("serial_number", "en", own) == "serial number"
    assert messages.called("no_such_word", "zh", own) == "no such word"
