from importlib import resources
from pathlib import Path

import pytest

from tests.cli.conftest import Zishen

OURS = (resources.files("schemas") / "data" / "policies.yaml").read_text(encoding="utf-8")


def test_a_good_file_is_good(zishen: Zishen, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(OURS, encoding="utf-8")

    said = zishen("policy", "check", file)

    assert said.code == 0
    assert "政策文件有效" in said.out


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("statement_age_days: 92", "statement_age_days: often", ["statement_age_days"]),
        ("severities: {}", "severities: {licence.nothing: warn}", ["no rule 'licence.nothing'"]),
        ("version:", "version", ["YAML"]),
    ],
)
def test_a_file_that_is_wrong_says_everything_that_is(
    zishen: Zishen, tmp_path: Path, old: str, new: str, told: list[str]
) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(OURS.replace(old, new), encoding="utf-8")

    said = zishen("policy", "check", file)

    assert said.code == 7
    for text in told:
        assert text in said.out.replace("\n", " ")


def test_a_file_that_is_no_text_is_wrong(zishen: Zishen, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_bytes(b"\xff\xfe\x00")

    assert zishen("policy", "check", file).code == 7


def test_a_product_is_shown_with_its_version_and_papers(zishen: Zishen) -> None:
    chinese, english = (
        zishen("policy", "show", "wc_loan"),
        zishen("policy", "show", "wc_loan", "--lang", "en"),
    )

    assert "wc_loan/" in chinese.out
    for text in ("营业执照", "人工核对", "系统识别", "公司章程"):
        assert text in chinese.out
    assert "by a person" in english.out
    assert zishen("policy", "show", "gold").code == 2


def test_the_file_of_the_settings_is_shown_and_checked(
    zishen: Zishen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "bank.yaml"
    file.write_text(
        OURS.replace("id: wc_loan", "id: gold").replace('version: "', 'version: "bank-'),
        encoding="utf-8",
    )
    monkeypatch.setenv("ZISHEN_POLICY_FILE", str(file))

    shown, checked = zishen("policy", "show", "gold"), zishen("policy", "check")

    assert "gold/bank-" in shown.out
    assert (checked.code, "bank-" in checked.out) == (0, True)
    assert zishen("policy", "show", "wc_loan").code == 2
