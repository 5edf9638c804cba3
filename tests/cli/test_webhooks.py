"""`zishen webhooks` and what `zishen keys` makes: what an operator sees of them."""

from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli.app import app

Zishen = Callable[..., Result]


@pytest.fixture
def zishen(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Zishen:
    monkeypatch.setenv("ZISHEN_DATA_DIR", str(tmp_path_factory.mktemp("data")))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, [*arguments, "--lang", "en"])

    return run


def test_an_address_is_added_listed_rotated_and_removed(zishen: Zishen) -> None:
    added = zishen("webhooks", "add", "bank-app", "https://1.1.1.1/x", "--event", "decided")
    webhook, secret = added.stdout.split()
    listed = zishen("webhooks", "list").stdout
    rotated = zishen("webhooks", "rotate", webhook).stdout.strip()
    sent = zishen("webhooks", "deliveries", webhook)
    removed = zishen("webhooks", "remove", webhook)

    assert secret.startswith("whsec_")
    assert rotated.startswith("whsec_")
    assert rotated != secret
    assert "https://1.1.1.1/x" in listed
    assert secret not in listed
    assert (sent.exit_code, removed.exit_code) == (0, 0)
    assert webhook not in zishen("webhooks", "list").stdout


@pytest.mark.parametrize("url", ["https://10.0.0.1/", "ftp://bank.example/", "x" * 600])
def test_an_address_that_must_not_be_called_is_refused(zishen: Zishen, url: str) -> None:
    refused = zishen("webhooks", "add", "bank-app", url)

    assert refused.exit_code == 2
    assert "Nothing can be sent to this address" in refused.output


@pytest.mark.parametrize("command", ["rotate", "remove", "deliveries"])
def test_what_is_not_there_is_told(zishen: Zishen, command: str) -> None:
    assert zishen("webhooks", command, "0" * 32).exit_code == 2


def test_a_key_may_be_good_for_less(zishen: Zishen) -> None:
    made = zishen("keys", "add", "bank-app", "--scope", "read", "--branch", "beijing")
    listed = zishen("keys", "list").stdout

    assert made.stdout.startswith("zishen_")
    assert "beijing" in listed
    assert "read" in listed
    assert "webhooks" not in listed
