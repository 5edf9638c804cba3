"""A real server at the other end of a socket: the examples of docs/api.md, and its speed."""

import json
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
import uvicorn

from pipeline.api.app import create_app
from pipeline.cases.desk import Desk
from pipeline.cases.reviewer import review_with
from pipeline.cases.signing import secret_of, signed
from pipeline.ports import Secret, Webhook
from tests.api.conftest import COMPLETE, content, key, limited

PAGE = Path("docs/api.md").read_text(encoding="utf-8")


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    served = replace(desk, services=limited(desk.services, glance_seconds=0))
    app = create_app(served, review_with(served.services))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        server.should_exit = True
        thread.join()


@pytest.fixture
def papers(tmp_path: Path) -> list[str]:
    folder = tmp_path / "资料"
    folder.mkdir()
    for paper in COMPLETE[:3]:
        (folder / f"{paper}.pdf").write_bytes(content(paper))
    return [str(path) for path in sorted(folder.iterdir())]


def example(language: str, address: str, shown: str) -> str:
    blocks = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    (found,) = (block for block in blocks if "BASE" in block)
    return found.replace("http://127.0.0.1:8000/v1", address).replace("zishen_…", shown)


def ran(*command: str, folder: Path) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    env = {**os.environ, "LC_ALL": "C.UTF-8"}  # noqa: TID251  Java takes its encoding from it
    done = subprocess.run(  # noqa: S603
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_python_example_works(address: str, desk: Desk, papers: list[str]) -> None:
    names: dict[str, object] = {}
    exec(example("python", address, key(desk, "bank-app")), names)  # noqa: S102  our own page

    outcome, owed = names["review"](papers)  # type: ignore[operator]

    assert outcome == "supplement"
    assert any("现金流量表" in text for text in owed)


@pytest.mark.slow
def test_the_javascript_example_works(
    address: str, desk: Desk, papers: list[str], tmp_path: Path
) -> None:
    said = "\nconsole.log((await review(process.argv.slice(2))).outcome);\n"
    script = example("javascript", address, key(desk, "bank-app")) + said
    (tmp_path / "example.mjs").write_text(script, encoding="utf-8")

    assert ran("node", "example.mjs", *papers, folder=tmp_path).split()[-1] == "supplement"


@pytest.mark.slow
def test_the_java_example_works(
    address: str, desk: Desk, papers: list[str], tmp_path: Path
) -> None:
    source = example("java", address, key(desk, "bank-app"))
    (tmp_path / "Zishen.java").write_text(source, encoding="utf-8")

    said = ran("java", "-Dfile.encoding=UTF-8", "Zishen.java", *papers, folder=tmp_path)

    assert said.count('"state":"accepted"') == 3 + 3
    assert '"state":"submitted"' in said or '"state":"reviewing"' in said or "decided" in said


def recipe(language: str) -> str:
    blocks = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    (found,) = (block for block in blocks if "webhook-signature" in block)
    return found


def message() -> tuple[str, dict[str, str], bytes, int]:
    """Return a secret and a message that is signed with it, as the courier does it."""
    at = datetime(2026, 10, 15, tzinfo=UTC)
    webhook = Webhook(
        id="1" * 32, owner="bank-app", url="x", secrets=(Secret(version=1),), made_at=at
    )
    body = '{"id":"a.1","说":"明"}'
    headers = signed(webhook, "a.1", body, at, b"k" * 32)
    return secret_of(webhook, 1, b"k" * 32), headers, body.encode(), int(at.timestamp())


@pytest.mark.slow
def test_the_javascript_recipe_knows_our_messages(tmp_path: Path) -> None:
    secret, headers, body, now = message()
    said = f"""
const body = Buffer.from({json.dumps(body.decode())});
const given = [{json.dumps(secret)}, {json.dumps(headers)}];
console.log(isOurs(...given, body, {now}), isOurs(...given, Buffer.from("x"), {now}),
  isOurs(...given, body, {now} + 301));
"""
    (tmp_path / "recipe.mjs").write_text(recipe("javascript") + said, encoding="utf-8")

    assert ran("node", "recipe.mjs", folder=tmp_path).split() == ["true", "false", "false"]


@pytest.mark.slow
def test_the_java_recipe_knows_our_messages(tmp_path: Path) -> None:
    secret, headers, body, now = message()
    said = ", ".join(f"{json.dumps(name)}, {json.dumps(value)}" for name, value in headers.items())
    source = f"""
import static java.nio.charset.StandardCharsets.UTF_8;
import java.security.MessageDigest;
import java.util.*;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

class Recipe {{
{recipe("java")}
  public static void main(String[] none) throws Exception {{
    Map<String, String> headers = Map.of({said});
    byte[] body = {json.dumps(body.decode())}.getBytes(UTF_8);
    System.out.println(isOurs({json.dumps(secret)}, headers, body, {now}L)
        + " " + isOurs({json.dumps(secret)}, headers, "x".getBytes(UTF_8), {now}L)
        + " " + isOurs({json.dumps(secret)}, headers, body, {now}L + 301));
  }}
}}
"""
    (tmp_path / "Recipe.java").write_text(source, encoding="utf-8")

    said = ran("java", "-Dfile.encoding=UTF-8", "Recipe.java", folder=tmp_path)
    assert said.split() == ["true", "false", "false"]


@pytest.mark.slow
def test_a_typical_package_is_answered_within_two_seconds(address: str, desk: Desk) -> None:
    """Five files of 2 MiB; the review of the package before it may be under way."""
    portal = httpx2.Client(headers={"Authorization": f"Bearer {key(desk, 'bank-app')}"})
    took = []
    for number in range(10):
        files = [
            ("files", (f"{n}.pdf", b"%PDF-licence " + os.urandom(1 << 20).hex().encode()))
            for n in range(5)
        ]
        started = time.perf_counter()
        opened = portal.post(f"{address}/applications", json={"reference": f"LN-{number}"})
        path = f"{address}/applications/{opened.json()['id']}"
        portal.post(f"{path}/files", files=files)
        submitted = portal.post(f"{path}/submit")
        took.append(time.perf_counter() - started)
        assert submitted.status_code == 202
        assert len(submitted.json()["files"]) == 5
    print(f"median {sorted(took)[5]:.2f} s, slowest {max(took):.2f} s")  # noqa: T201

    assert sorted(took)[5] < 2
    portal.close()
