"""`zishen keys` and `zishen serve`, and a real server at the other end of a socket."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner

from pipeline import wiring
from pipeline.access import recognise
from pipeline.cli.app import app
from pipeline.settings import load_settings

CLI = CliRunner()
_ZISHEN = "from pipeline.cli import main; main()"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZISHEN_DATA_DIR", str(tmp_path))
    return tmp_path


def zishen(*arguments: str) -> str:
    result = CLI.invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def test_a_key_is_shown_once_and_recognised_until_it_is_revoked() -> None:
    first, second = zishen("keys", "add", "bank-app"), zishen("keys", "add", "bank-app")
    keys = wiring.api_keys(wiring.database(load_settings()))
    known = recognise(first, keys)

    assert known is not None
    assert known.owner == "bank-app"
    assert first not in zishen("keys", "list")
    assert zishen("keys", "list", "--lang", "en").count("bank-app") == 2
    zishen("keys", "revoke", "bank-app", "--old")
    assert recognise(first, keys) is None
    assert recognise(second, keys) is not None
    zishen("keys", "revoke", "bank-app")
    assert recognise(second, keys) is None


@pytest.mark.parametrize("arguments", [("revoke", "nobody"), ("add", ""), ("add", "x" * 65)])
def test_a_name_that_is_wrong_is_the_users(arguments: tuple[str, str]) -> None:
    assert CLI.invoke(app, ["keys", *arguments]).exit_code == 2


@pytest.mark.slow
def test_serve_answers_until_it_is_stopped(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    zishen("keys", "add", "bank-app")
    server = subprocess.Popen(  # noqa: S603
        [
            sys.executable,
            "-c",
            "from pipeline.cli import main; main()",
            "serve",
            "--port",
            str(port),
        ],
        env={**os.environ, "ZISHEN_DATA_DIR": str(folder)},  # noqa: TID251
        stderr=subprocess.PIPE,
    )
    try:
        assert health(f"http://127.0.0.1:{port}/v1/ready", server) == {"status": "ok"}
    finally:
        server.send_signal(signal.SIGTERM)
        _, said = server.communicate(timeout=30)

    assert b"Traceback" not in said


def health(url: str, server: "subprocess.Popen[bytes]") -> object:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(url, timeout=5) as answer:  # noqa: S310
                return json.load(answer)
        except OSError:
            time.sleep(0.2)
    raise AssertionError("it does not answer")
