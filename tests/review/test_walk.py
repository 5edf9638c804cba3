"""The whole way in a real browser: upload, what is missing, supplement, queue, correction, checker.

No request may leave the host, whatever is clicked.
"""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from fastapi import FastAPI

from pipeline.cases.desk import Desk
from pipeline.ports import Role, Ruling
from tests.review.conftest import LICENCE, PASSWORD, STATEMENTS, Enrol

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(CHROMIUM is None, reason="NO CHROMIUM: the walk in a browser was NOT run"),
]
sync_api = pytest.importorskip("playwright.sync_api")


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    """Serve the page on a port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        sleep(0.02)
    yield f"http://127.0.0.1:{port}/review"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def browser() -> Iterator[Any]:
    """Start the browser."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def browsing(browser: Any, address: str, login: str) -> Iterator[Any]:
    """Sign in, and see that the browser asks nothing from outside."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    asked: list[str] = []
    troubles: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("weberror", lambda error: troubles.append(str(error.error)))
    context.on("console", lambda said: troubles.append(said.text) if said.type == "error" else 0)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(f"{address}/login")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_selector("nav")
    yield page
    context.close()
    outside = {url for url in asked if urlsplit(url).hostname not in {"127.0.0.1", None}}
    assert asked
    assert not outside
    assert not troubles


def test_from_the_upload_to_the_decision(
    browser: Any, address: str, enrol: Enrol, desk: Desk
) -> None:
    enrol("sun", Role.SUBMITTER)
    enrol("zhao", Role.REVIEWER)
    enrol("qian", Role.CHECKER)

    hand_in(browser, address, "sun")
    correct(browser, address, "zhao")
    approve(browser, address, "qian")

    (application,) = desk.applications.every()
    assert application.ruling is Ruling.APPROVED
    assert desk.record(application.id).revision == 3


def hand_in(browser: Any, address: str, login: str) -> None:
    """Hand in a licence alone, read what is missing, and add it."""
    with browsing(browser, address, login) as page:
        page.fill("[name=reference]", "LN-2026-0042")
        page.set_input_files("[name=files]", str(LICENCE))
        page.click("form.panel [type=submit]")
        page.wait_for_selector(".owed", timeout=30_000)
        assert "资产负债表" in page.inner_text(".owed")
        page.set_input_files("[name=files]", str(STATEMENTS))
        page.click("form.panel [type=submit]")
        page.wait_for_selector(".standing[hx-get]")
        page.wait_for_selector(".standing:not([hx-get])", timeout=30_000)
        assert "缺少：资产负债表" not in page.inner_text(".standing")


def correct(browser: Any, address: str, login: str) -> None:
    """Correct a field by the keys alone, and a cell until its sum holds."""
    with browsing(browser, address, login) as page:
        page.click("#cases .what a")
        page.wait_for_selector("#editor .one")
        page.wait_for_selector("svg.paper .spot.chosen")
        assert "法定代表人" in page.inner_text("#editor")
        page.keyboard.press("e")
        page.keyboard.type("周某某")
        page.keyboard.press("Enter")

        page.wait_for_selector("#grid")  # the next paper with a value in doubt
        cash = page.locator("#grid tr", has_text="货币资金").locator("input").first
        right = f"{float(cash.input_value().replace(',', '')) - 9000:,.2f}"
        assert "流动资产合计" in page.inner_text("#sums")
        cash.fill(right)
        page.wait_for_function(
            "() => !document.querySelector('#sums').innerText.includes('流动资产合计')"
        )
        page.click("#save [type=submit]")
        page.wait_for_selector("#grid td.mine")


def approve(browser: Any, address: str, login: str) -> None:
    """See what the maker changed, open the report, and approve."""
    with browsing(browser, address, login) as page:
        page.click("#cases .what a")
        page.wait_for_selector(".changes ins")
        assert "周某某" in page.inner_text(".changes")
        assert "zhao" in page.inner_text(".changes")
        with page.context.expect_page() as opened:
            page.click("text=审查报告")
        assert "海川示例贸易" in opened.value.inner_text("body")
        opened.value.close()
        page.select_option("[name=approve_for]", "approve.explained")
        page.click(".approve")
        page.wait_for_selector(".badge.approved")
