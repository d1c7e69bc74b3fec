"""The bars of the page, measured in a real Chromium: one command, printed as a table; never a timed test.

    python experiments/benchmarks/seeing.py            replays: bytes, time to ready, CPU a frame, memory over 1 000 steps
    python experiments/benchmarks/seeing.py --clients 30 --minutes 3      the live page: answers, errors, memory
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import sim
from sim.app.page import replay
from sim.app.recording import lanes_of, record

QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run",
         "--enable-precise-memory-info", "--js-flags=--expose-gc"]
PAIR = ["strategic_mobilisation", "same_known_partners"]
MEGABYTE = 2**20
POLICIES = ["solo", "adaptive", "strategic_mobilisation", "same_known_partners"]
READY = "performance.now()"
WALK = """(n) => { for (let k = 0; k < n; k++) player.seek(k % (player.world.quarters + 1)); gc(); return performance.memory.usedJSHeapSize; }"""


def page_of(smes: int, folder: Path) -> Path:
    """Write the replay of a world of so many firms over 60 quarters."""
    scenario = sim.load("scenarios/known_vs_strategic.yaml",
                        {"world.smes": smes, "world.steps": 60, "world.clusters": max(4, smes // 50)})
    path = folder / f"{smes}.html"
    path.write_text(replay(record(lanes_of(scenario, PAIR))), encoding="utf-8")
    return path


def measure(browser, path: Path, steps: int) -> dict[str, float]:
    """Return what one replay costs: bytes, seconds to ready, milliseconds of CPU a frame, megabytes grown."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    began = time.monotonic()
    page.goto(path.as_uri())
    while not page.evaluate("Boolean(document.documentElement.dataset.ready)"):
        page.wait_for_timeout(10)
    ready = time.monotonic() - began
    client = page.context.new_cdp_session(page)
    client.send("Performance.enable")

    def cpu() -> float:
        metrics = client.send("Performance.getMetrics")["metrics"]
        return next(one["value"] for one in metrics if one["name"] == "TaskDuration")

    def frames(first: int, count: int) -> float:
        busy = cpu()
        for t in range(first, first + count):
            page.evaluate(f"player.seek({t})")
            page.evaluate("new Promise(requestAnimationFrame)")
        return 1000 * (cpu() - busy) / count

    each = frames(1, 59)
    page.evaluate("player.setFilter({ ties: 'working' })")
    most = page.evaluate("[...Array(60).keys()].filter((t) => { player.seek(t); return player.frame; })"
                         ".map((t) => [player.world.runs.reduce((n, run) => n + run.ties.at[t].length, 0), t]).sort((a, b) => b[0] - a[0])[0]?.[1] ?? null")
    lines = frames(most, 1) if most is not None else float("nan")
    before = page.evaluate(WALK, 100)
    grown = (page.evaluate(WALK, steps) - before) / MEGABYTE
    found = {"kB": path.stat().st_size / 1000, "ready s": ready, "CPU ms a frame, all": each, "CPU ms a frame, most lines": lines, "grown MB": grown,
             "outside requests": sum(not url.startswith(("file:", "blob:", "data:")) for url in asked), "errors": len(complaints)}
    page.close()
    return found


def replays(folder: Path, sizes: list[int]) -> None:
    """Measure replays of worlds of these sizes."""
    from playwright.sync_api import sync_playwright

    pages = {f"{smes} x 60 x 2": page_of(smes, folder) for smes in sizes}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        for name, path in pages.items():
            found = measure(browser, path, 1000)
            print(name, "  ".join(f"{key} {value:,.1f}" if isinstance(value, float) else f"{key} {value}" for key, value in found.items()))
        browser.close()


@dataclass
class Tally:
    """What all clients together were answered.

    Parameters
    ----------
    answers, problems : how many worlds came back, and how many refusals. waits : seconds from question to answer.
    """

    answers: int = 0
    problems: int = 0
    waits: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        """Say how many answers came, and how long the middle one and the slowest took since the last time it was said."""
        waits, self.waits = sorted(self.waits) or [0.0], []
        return f"{self.answers} answers, {self.problems} problems, waits {waits[len(waits) // 2]:.2f} s (longest {waits[-1]:.1f})"


def questions(seat: int) -> Iterator[str]:
    """Yield a start, then branches that nobody else asks at the same time, so that the server can share no answer."""
    yield '{"do":"start"}'
    for turn in count():
        settings = {"search.cost_scale": 0.5 + seat / 100 + turn % 50 / 10_000}
        yield json.dumps({"do": "branch", "at": (seat + turn) % 12, "policy": POLICIES[turn % len(POLICIES)], "settings": settings})


async def client(host: str, token: str, until: float, tally: Tally, seat: int) -> None:
    """Start, then change something and go on, until the time is up."""
    from websockets.asyncio.client import connect

    async with connect(f"ws://{host}/line?token={token}", origin=f"http://{host}", max_size=2**24, ping_timeout=None) as line:
        for question in questions(seat):
            asked = time.monotonic()
            if asked > until:
                return
            await line.send(question)
            problem = json.loads(await line.recv()).get("problem")
            tally.waits.append(time.monotonic() - asked)
            tally.problems += problem is not None
            tally.answers += problem is None
            if problem:
                print(f"  problem: {problem}")
            await asyncio.sleep(2)


def memory(pid: int) -> tuple[float, float]:
    """Return the resident megabytes of a process, and of all its children."""
    import psutil

    whole = psutil.Process(pid)
    return whole.memory_info().rss / MEGABYTE, sum(one.memory_info().rss for one in whole.children(recursive=True)) / MEGABYTE


async def crowd(host: str, token: str, pid: int, clients: int, minutes: float) -> None:
    """Let so many clients in for so long and print memory as it goes."""
    began = time.monotonic()
    tally, until = Tally(), began + 60 * minutes
    everybody = asyncio.gather(*(client(host, token, until, tally, seat) for seat in range(clients)))
    while time.monotonic() < until:
        await asyncio.sleep(min(30, max(1, until - time.monotonic())))
        server, workers = memory(pid)
        print(f"  {(time.monotonic() - began) / 60:4.1f} min  {tally}; server {server:.0f} MB, workers {workers:.0f} MB", flush=True)
    await everybody
    print(f"{clients} clients, {minutes:g} minutes: {tally}; at the end server {memory(pid)[0]:.0f} MB")


def live(clients: int, minutes: float) -> None:
    """Measure the live page."""
    words = [sys.executable, "-u", "-m", "sim", "live", "scenarios/classroom.yaml", "--port", "0"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    found = re.search(r"http://(\S+)/\?token=(\S+)", process.stdout.readline())
    asyncio.run(crowd(found[1], found[2], process.pid, clients, minutes))
    process.send_signal(signal.SIGINT)
    process.wait(20)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smes", type=int, nargs="+", default=[300, 5000])
    parser.add_argument("--clients", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=3)
    given = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if given.clients:
        live(given.clients, given.minutes)
    else:
        with tempfile.TemporaryDirectory() as folder:
            replays(Path(folder), given.smes)
