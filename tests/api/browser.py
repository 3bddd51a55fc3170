"""A served installation and a real browser before it; skipped, with the reason, where there is no chromium."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

from api.access.demo_accounts import DEMO_PASSWORD

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
WAIT_S = 20.0
PageOf = Callable[[str], Any]
playwright.expect.set_options(timeout=1000 * WAIT_S)


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The application on loopback; yields its address."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + WAIT_S
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    assert server.started
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(WAIT_S)


@contextmanager
def browsing(address: str) -> Iterator[PageOf]:
    """Opens a signed-in person's page at 1366x768; any script error or blocked resource fails the test."""
    problems: list[str] = []
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

        def page_of(login: str) -> Any:
            context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
            found = context.new_page()
            found.on("pageerror", lambda error: problems.append(str(error)))
            found.on("console", lambda m: problems.append(m.text) if "Content Security Policy" in m.text else None)
            found.on("request", lambda r: None if r.url.startswith((address, "data:")) else problems.append(r.url))
            found.goto(f"{address}/sign-in")
            found.fill("[name=login]", login)
            found.fill("[name=password]", DEMO_PASSWORD)
            found.click("button.main")
            found.wait_for_url(lambda url: not url.endswith("/sign-in"))  # a unit goes on to its own page
            return found

        yield page_of
        browser.close()
    assert problems == []
