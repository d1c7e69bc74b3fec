"""A real Chromium, offline: any request that leaves the page is an error of the page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.app.page import replay
from sim.app.recording import lanes_of, record

QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run",
         "--disable-sync", "--disable-default-apps", "--metrics-recording-only", "--enable-precise-memory-info",
         "--js-flags=--expose-gc"]
NAMES = ("chromium", "chromium-browser", "google-chrome")


def found() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    where = found()
    if where is None:
        if os.environ.get("MOBILISE_CI"):
            pytest.fail("no Chromium: in continuous integration the browser tests must run")
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where, args=QUIET)
        yield browser
        browser.close()


def until(page: Any, holds: str, seconds: float = 40) -> None:
    """Wait until an expression holds; the page's policy forbids the evaluation that Playwright's own waiting uses."""
    for _ in range(int(seconds * 20)):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {holds}; complaints: {page.complaints}")


@pytest.fixture
def visit(chromium):
    """Open a page and watch what it asks for and complains about."""
    opened = []

    @contextmanager
    def at(address: str, ready: bool = True, **context: Any) -> Iterator[Any]:
        here = chromium.new_context(**{"viewport": {"width": 1280, "height": 720}, **context})
        page = here.new_page()
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda said: page.complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(address)
        if ready:
            until(page, "Boolean(document.documentElement.dataset.ready)")
        page.until = partial(until, page)
        opened.append(here)
        yield page
        here.close()

    return at


@pytest.fixture(scope="session")
def axe():
    """A function that returns all that axe finds on a page, however small."""
    library = Path(sim.__file__).parent / "app" / "front" / "node_modules" / "axe-core" / "axe.min.js"
    if not library.exists():
        if os.environ.get("MOBILISE_CI"):
            pytest.fail("axe-core is not installed: npm ci in sim/app/front")
        pytest.skip("axe-core is not installed (npm ci in sim/app/front)")

    def look(page: Any) -> list[tuple[str, str]]:
        if page.evaluate("typeof axe") == "undefined":
            page.add_script_tag(content=library.read_text("utf-8"))
        return [(one["id"], one["nodes"][0]["html"][:120]) for one in page.evaluate("axe.run(document)")["violations"]]

    return look


@pytest.fixture(scope="session")
def recording() -> dict[str, Any]:
    scenario = sim.load("scenarios/shock.yaml", {"world.smes": 80, "world.clusters": 4, "world.steps": 24})
    return record(lanes_of(scenario, ["strategic_mobilisation", "same_known_partners"]),
                  {"worlds": {"gaps": [-3.0, 1.0, 2.0, 5.0], "here": 1, "unit": "kEUR per organisation",
                              "all": "+1.25 [−4.12, 6.62]", "verdict": "cannot be told apart", "futures": [2.5, 6]}})


@pytest.fixture(scope="session")
def file(recording, tmp_path_factory) -> str:
    path: Path = tmp_path_factory.mktemp("replay") / "replay.html"
    path.write_text(replay(recording), encoding="utf-8")
    return path.as_uri()
