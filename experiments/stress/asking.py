"""Which tests to ask about a changed line: those that run it, the likeliest to fail first, until one does.

All tests that are quick without the compiler are run once on the unchanged copy: each line of `sim` learns who runs it,
and each test how long it takes. Tests that pin recorded numbers (`tests/golden`) are not asked: they notice everything and
explain nothing. A mutant is *noticed* if a test fails, *endless* if a test takes ten times its processor time (it may only
be slow: a person has to look), *survived* if all of them pass.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

os.environ["NUMBA_DISABLE_JIT"] = "1"

import coverage
import numba  # noqa: F401  the large libraries, so that a fork need not read them again
import pandas  # noqa: F401
import pydantic  # noqa: F401
import pytest
import scipy.stats  # noqa: F401

ENGINE = ("tests/test_luck.py", "tests/kernels", "tests/rules", "tests/world", "tests/engine", "tests/outcomes")
ANSWERS = (*(f"tests/experiment/test_{name}.py" for name in ("analysis", "statistics", "design", "doubts", "shocks", "programme")),
           *(f"tests/experiment/studies/test_{name}.py" for name in ("robust", "points", "lattice", "stopping")),
           *(f"tests/report/test_{name}.py" for name in ("regime", "text", "text_channels", "text_doubts")))
EXAMPLES, WORLDS = 40, 8  # of each property, and where an example is a whole world: fewer notice less, never more
LONGEST = 20.0  # seconds of processor time: a test that takes longer without the compiler is not asked
PATIENCE, GRACE = 10, 5.0  # a test that takes so many times its normal time and so many seconds more is stopped
FAILED, ENDLESS = 1, 77


def copy_project(root: Path, to: Path) -> Path:
    """Copy what the tests read into a folder of its own, with fewer examples for each property."""
    for name in ("sim", "tests", "scenarios", "experiments", "results"):
        shutil.copytree(root / name, to / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules", ".*"))
    for file in ("pyproject.toml", "README.md", "CHANGELOG.md"):
        shutil.copy(root / file, to / file)
    for file in (to / "tests").rglob("*.py"):
        few = re.sub(r"max_examples=\d+", f"max_examples={WORLDS}", file.read_text(encoding="utf-8"))
        file.write_text(few, encoding="utf-8")
    profile = to / "tests" / "conftest.py"
    text = profile.read_text(encoding="utf-8").replace("import settings", "import Phase, settings")
    quick = f"max_examples={EXAMPLES}, phases=[Phase.explicit, Phase.generate]"  # a failure need not be made small
    profile.write_text(re.sub(r"max_examples=\d+", quick, text), encoding="utf-8")
    return to


class Watch:
    """A plugin: how long each test takes, what it runs, and where it stops.

    Parameters
    ----------
    limit : seconds of processor time of a test, by name. traced : notes the lines a test runs, or None.
    """

    def __init__(self, limit: dict[str, float], traced: coverage.Coverage | None = None) -> None:
        self.limit, self.traced = limit, traced
        self.seconds: dict[str, float] = {}
        self.failed: str = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        if self.traced:
            self.traced.switch_context(item.nodeid)
        signal.setitimer(signal.ITIMER_PROF, self.limit.get(item.nodeid, LONGEST))
        began = time.process_time()
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0.0)
            self.seconds[item.nodeid] = time.process_time() - began

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = report.nodeid
            self.seconds.pop(report.nodeid, None)


def quiet(folder: Path) -> None:
    """Be a child in a folder of its own that says nothing."""
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(folder / ".hypothesis")


def run(watch: Watch, tests: list[str], *options: str) -> int:
    """Run tests under a plugin."""
    return int(pytest.main(["-q", "-p", "no:cacheprovider", "-m", "not slow", "--hypothesis-seed=0", *options, *tests],
                           plugins=[watch]))


def too_long(*_: Any) -> NoReturn:
    """Fail the test that runs too long."""
    raise TimeoutError("too long")


def learn(folder: Path, tests: list[str], to: Path) -> NoReturn:
    """Be the child that runs every test once; leave what was seen in a file."""
    quiet(folder)
    signal.signal(signal.SIGPROF, too_long)
    traced = coverage.Coverage(data_file=None, config_file=False, source=[str(folder / "sim")])
    traced.start()
    watch = Watch({}, traced)
    run(watch, tests)
    traced.stop()
    data, lines = traced.get_data(), {}
    for file in data.measured_files():
        by_line = data.contexts_by_lineno(file)
        lines[Path(file).relative_to(folder).as_posix()] = {
            line: [test for test in tests if test in watch.seconds] for line, tests in by_line.items()}
    to.write_text(json.dumps({"seconds": watch.seconds, "lines": lines}), encoding="utf-8")
    os._exit(0)


def ask(folder: Path, tests: list[str], limit: dict[str, float], to: Path) -> NoReturn:
    """Be the child that runs tests until one fails; leave its name in a file."""
    quiet(folder)
    signal.signal(signal.SIGPROF, lambda *_: os._exit(ENDLESS))
    watch, code = Watch(limit), FAILED
    try:
        code = run(watch, tests, "-x")
        to.write_text(watch.failed, encoding="utf-8")
    finally:
        os._exit(code)


class Asking:
    """Knows which tests run which line, and learns which of them fail often.

    Parameters
    ----------
    seconds : of tests at most for one mutant, as they take on the unchanged code.
    known : a file of what an earlier run learnt: read if it is there, else written.
    """

    def __init__(self, folder: Path, files: set[str], seconds: float, known: Path | None) -> None:
        self.folder, self.budget = folder, seconds
        self.told = folder.parent / "told"
        path = known or folder.parent / "known.json"
        if not path.exists():
            places = {tests for file in files for tests in (ANSWERS if "/experiment/" in file else ENGINE)}
            fork(learn, folder, sorted(places), path)
        seen = json.loads(path.read_text(encoding="utf-8"))
        self.seconds: dict[str, float] = seen["seconds"]
        self.lines = {file: {int(line): tests for line, tests in seen["lines"].get(file, {}).items()} for file in files}
        self.kills: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.limit = {test: PATIENCE * taken + GRACE for test, taken in self.seconds.items()}
        print(f"{len(self.seconds)} tests, {sum(self.seconds.values()):.0f} s", flush=True)

    def tests(self, file: str, line: int) -> list[str]:
        """Return the tests to ask: of the line, or of the file where the line runs only as it is read."""
        lines = self.lines[file]
        above = max((known for known, tests in lines.items() if tests and known <= line), default=line)
        found = lines.get(line) or lines.get(above) or []
        if file in (test.split("::")[0] for test in found) or not found:
            found = sorted({test for tests in lines.values() for test in tests})
        kills = self.kills[file]
        return sorted(found, key=lambda test: (-kills[test] / (1.0 + self.seconds[test]), self.seconds[test]))

    def verdict(self, file: str, line: int) -> tuple[str, str]:
        """Return what became of the mutant that lies in the folder, and the test that failed."""
        chosen, spent = [], 0.0
        for test in self.tests(file, line):
            spent += self.seconds[test]
            if chosen and spent > self.budget:
                break
            chosen.append(test)
        if not chosen:
            return "unasked", ""
        self.told.write_text("", encoding="utf-8")
        code = fork(ask, self.folder, chosen, self.limit, self.told)
        failed = self.told.read_text(encoding="utf-8")
        self.kills[file][failed] += bool(failed)
        return {0: "survived", ENDLESS: "endless"}.get(code, "noticed"), failed or f"{len(chosen)} tests"


def fork(work: Any, *what: Any) -> int:
    """Do something in a fork of this process, which has the large libraries in memory and nothing of the project."""
    child = os.fork()
    if not child:
        try:
            work(*what)
        finally:
            os._exit(FAILED)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
