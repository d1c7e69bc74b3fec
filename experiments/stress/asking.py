"""Which tests to ask about a changed line: those that run it, the likeliest to fail first, until one does.

One session of pytest, without the compiler, over a copy of the project. All tests are run once on the unchanged code:
each line of `sim` learns who runs it, and each test how long it takes. Then each mutant is a fork of that session, in
which the code of the changed function is exchanged; what only runs as a module is read is imported afresh. Tests that
pin recorded numbers (`tests/golden`) are not asked: they notice everything and explain nothing.

A mutant is *noticed* if a test fails, *endless* if a test takes ten times its processor time (it may only be slow: a
person has to look), *survived* if all tests that were asked pass, *unasked* if no quick test runs its line.
"""

from __future__ import annotations

import gc
import json
import os
import re
import shutil
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NoReturn

os.environ["NUMBA_DISABLE_JIT"] = "1"

import coverage
import pytest
from _pytest.runner import runtestprotocol

DECIDING = ("tests/test_luck.py", "tests/kernels", "tests/rules", "tests/world", "tests/engine/test_small_worlds.py")
DOING = tuple(f"tests/engine/test_{name}.py" for name in ("small_worlds", "shares", "programme_rules", "limits"))
ANSWERS = (*(f"tests/experiment/test_{name}.py" for name in ("analysis", "statistics", "design", "doubts", "shocks", "programme",
                                                     "tally", "channels")),
           *(f"tests/experiment/studies/test_{name}.py" for name in ("robust", "points", "lattice", "stopping")),
           *(f"tests/report/test_{name}.py" for name in ("regime", "text", "text_channels", "text_doubts")))
EXAMPLES, WORLDS = 40, 8  # of each property, and where an example is a whole world: fewer notice less, never more
LONGEST = 20.0  # seconds of processor time: a test that takes longer without the compiler is not asked
PATIENCE, GRACE = 10, 5.0  # a test that takes so many times its normal time and so many seconds more is stopped
SURVIVED, NOTICED, ENDLESS = 0, 1, 77
OPTIONS = ["-q", "-s", "-p", "no:cacheprovider", "-m", "not slow", "--hypothesis-seed=0", "-W", "ignore::ResourceWarning"]


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
    text = profile.read_text(encoding="utf-8").replace("import settings", "import HealthCheck, Phase, settings")
    quick = (f"max_examples={EXAMPLES}, phases=[Phase.explicit, Phase.generate], "  # a failure need not be made small
             "suppress_health_check=list(HealthCheck)")  # a busy machine is no failure
    profile.write_text(re.sub(r"max_examples=\d+", quick, text), encoding="utf-8")
    return to


def asked_of(file: str) -> tuple[str, ...]:
    """Return the tests that concern a file."""
    places = {"sim/experiment": ANSWERS, "sim/outcomes": ("tests/outcomes",), "sim/phases": DOING, "sim/simulation": DOING,
              "sim/world/ledger": DOING}
    return next((tests for place, tests in places.items() if file.startswith(place)), DECIDING)


def session(folder: Path, files: Iterable[str], known: Path | None, work: Callable[[Asking], None]) -> None:
    """Collect the tests that concern some files of a copy, learn what they run, and do the work."""
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(folder / ".hypothesis")
    places = {test for file in files for test in asked_of(file)}
    pytest.main([*OPTIONS, *sorted(places)], plugins=[Asking(folder, known, work)])


class Asking:
    """Knows which tests run which line, and learns which of them fail often.

    Parameters
    ----------
    known : a file of what an earlier session learnt: read if it is there, else written.
    """

    def __init__(self, folder: Path, known: Path | None, work: Callable[[Asking], None]) -> None:
        self.folder, self.work = folder, work
        self.told, self.known = folder.parent / "told", known or folder.parent / "known.json"
        self.kills: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.items: dict[str, pytest.Item] = {}
        self.seconds: dict[str, float] = {}
        self.lines: dict[str, dict[int, list[str]]] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Do the work in place of running the tests."""
        self.items = {item.nodeid: item for item in session.items}
        if not self.known.exists():
            self.known.write_text(json.dumps(learn(self.folder, list(self.items.values()))), encoding="utf-8")
        seen = json.loads(self.known.read_text(encoding="utf-8"))
        self.seconds = {test: taken for test, taken in seen["seconds"].items() if test in self.items and taken < LONGEST}
        self.lines = {file: {int(line): [test for test in tests if test in self.seconds] for line, tests in lines.items()}
                      for file, lines in seen["lines"].items()}
        print(f"{len(self.seconds)} of {len(self.items)} tests, {sum(self.seconds.values()):.0f} s", flush=True)
        self.work(self)
        return True

    def tests(self, file: str, line: int) -> list[str]:
        """Return the tests to ask: of the line, or of the file where the line only runs as the module is read."""
        lines = self.lines.get(file, {})
        found = lines.get(line) or sorted({test for tests in lines.values() for test in tests})
        kills = self.kills[file]
        return sorted(found, key=lambda test: (-kills[test] / (0.1 + self.seconds[test]), self.seconds[test]))

    def verdict(self, file: str, line: int, text: str, budget: float) -> tuple[str, str]:
        """Return what became of a mutant, and the test that failed.

        Parameters
        ----------
        budget : seconds of tests at most, as they take on the unchanged code.
        """
        chosen, spent = [], 0.0
        for test in self.tests(file, line):
            spent += self.seconds[test]
            if chosen and spent > budget:
                break
            chosen.append(test)
        if not chosen:
            return "unasked", ""
        self.told.write_text("", encoding="utf-8")
        code = fork(self.ask, file, text, chosen)
        failed = self.told.read_text(encoding="utf-8")
        self.kills[file][failed] += bool(failed)
        return {SURVIVED: "survived", ENDLESS: "endless"}.get(code, "noticed"), failed or f"{len(chosen)} tests"

    def ask(self, file: str, text: str, chosen: list[str]) -> NoReturn:
        """Be the fork of a mutant: run tests until one fails, leave its name in a file."""
        silence()
        signal.signal(signal.SIGPROF, lambda *_: os._exit(ENDLESS))
        if not exchange(self.folder / file, text):
            os._exit(self.afresh(file, text, chosen))
        items = [self.items[test] for test in chosen]
        for item, after in zip(items, [*items[1:], None], strict=True):
            signal.setitimer(signal.ITIMER_PROF, PATIENCE * self.seconds[item.nodeid] + GRACE)
            if failed(item, after):
                self.told.write_text(item.nodeid, encoding="utf-8")
                os._exit(NOTICED)
        os._exit(SURVIVED)

    def afresh(self, file: str, text: str, chosen: list[str]) -> int:
        """Ask in a session of its own that reads the changed file, which is whole again afterwards."""
        whole = (self.folder / file).read_text(encoding="utf-8")
        (self.folder / file).write_text(text, encoding="utf-8")
        for name in [name for name, module in sys.modules.items() if self.is_of_the_copy(module)]:
            del sys.modules[name]
        signal.setitimer(signal.ITIMER_PROF, PATIENCE * sum(self.seconds[test] for test in chosen) + 10 * GRACE)
        try:
            return min(NOTICED, int(pytest.main([*OPTIONS, "-x", *chosen])))
        finally:
            (self.folder / file).write_text(whole, encoding="utf-8")


    def is_of_the_copy(self, module: Any) -> bool:
        """Whether a module was read from the copy of the project."""
        return str(getattr(module, "__file__", None) or "").startswith(str(self.folder))


def failed(item: pytest.Item, after: pytest.Item | None) -> bool:
    """Run one test and return whether it failed."""
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=after))


def learn(folder: Path, items: list[pytest.Item]) -> dict[str, Any]:
    """Run every test in a fork of its own; return the seconds of those that pass in time, and who runs which line."""
    told, began = folder.parent / "learnt", time.monotonic()
    seconds: dict[str, float] = {}
    lines: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for count, item in enumerate(items):
        if count % 20 == 0:
            print(f"{time.strftime('%H:%M:%S')} learning from test {count} of {len(items)}", flush=True)
        if fork(trace, folder, item, told) == SURVIVED:
            seen = json.loads(told.read_text(encoding="utf-8"))
            seconds[item.nodeid] = seen["seconds"]
            for file, numbers in seen["lines"].items():
                for number in numbers:
                    lines[file][number].append(item.nodeid)
    print(f"learnt from {len(items)} tests in {time.monotonic() - began:.0f} s", flush=True)
    return {"seconds": seconds, "lines": lines}


def trace(folder: Path, item: pytest.Item, told: Path) -> NoReturn:
    """Be the fork of a test: leave how long it takes and which lines it runs, unless it fails or takes too long."""
    silence()
    signal.signal(signal.SIGPROF, lambda *_: os._exit(ENDLESS))
    signal.setitimer(signal.ITIMER_PROF, 2 * LONGEST)  # tracing doubles it
    traced = coverage.Coverage(data_file=None, config_file=False, source=[str(folder / "sim")])
    traced.set_option("run:disable_warnings", ["module-not-measured", "already-imported", "no-data-collected"])
    start = time.process_time()
    traced.start()
    bad = failed(item, None)
    traced.stop()
    data = traced.get_data()
    lines = {Path(file).relative_to(folder).as_posix(): data.lines(file) for file in sorted(data.measured_files())}
    told.write_text(json.dumps({"seconds": time.process_time() - start, "lines": lines}), encoding="utf-8")
    os._exit(NOTICED if bad else SURVIVED)


def silence() -> None:
    """Let nothing that this process says be seen."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)


def codes(code: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    """Yield the code of every function of a module, by name and first line."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield (inner.co_qualname, inner.co_firstlineno), inner
            yield from codes(inner)


def exchange(file: Path, text: str) -> bool:
    """Give the functions of a file the code of a changed text; return whether any of them changed."""
    fresh = dict(codes(compile(text, str(file), "exec", dont_inherit=True)))
    changed = False
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and thing.__code__.co_filename == str(file):
            code = fresh.get((thing.__code__.co_qualname, thing.__code__.co_firstlineno))
            if code is not None and code != thing.__code__ and code.co_freevars == thing.__code__.co_freevars:
                thing.__code__ = code
                changed = True
    return changed


def fork(work: Any, *what: Any) -> int:
    """Do something in a fork of this process and return how it ended."""
    child = os.fork()
    if not child:
        try:
            work(*what)
        finally:
            os._exit(NOTICED)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
