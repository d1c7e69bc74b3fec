"""Change one thing in the rules, kernels or luck, and see whether the quick tests notice: the mutation score.

    python experiments/stress/mutants.py --mutants 300
    python experiments/stress/mutants.py --only sim/kernels/team.py --mutants 1000       every mutant of one file

A mutant is the code with one place changed: a comparison turned or moved by its border, an operator, a number, `and`
against `or`, a written value left out. The sample is drawn with ``--seed`` from all places. Each mutant lives in a copy
of the project and is tried by the tests that are quick without the compiler, those of its own kind first, until one
fails. Tests that pin recorded numbers (`tests/golden`) are not asked: they notice everything and explain nothing. What
only compiled code does (`handle.py`, `fetch.py`) is left out. Survivors are printed: each is a gap in the tests, or a
change that changes nothing, which a person has to say.
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

os.environ["NUMBA_DISABLE_JIT"] = "1"
sys.dont_write_bytecode = True

import numba  # noqa: F401  the large libraries, so that a fork need not read them again
import pandas  # noqa: F401
import pydantic  # noqa: F401
import pytest
import scipy.stats  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
PLACES = ("sim/luck.py", "sim/kernels", "sim/rules")
ONLY_COMPILED = {"sim/kernels/handle.py", "sim/kernels/fetch.py"}
TESTS = {"sim/luck.py": "tests/test_luck.py", "sim/kernels": "tests/kernels", "sim/rules": "tests/rules"}
QUICK = ["tests/test_luck.py", "tests/kernels", "tests/rules", "tests/world/test_pairs.py", "tests/world/test_members.py",
         "tests/world/test_slots.py", "tests/engine/test_small_worlds.py", "tests/engine/test_shares.py"]
EXAMPLES = 40  # of each property, so that a survivor is known within a minute: fewer notice less, never more
OTHER = {ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
         ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,),
         ast.Div: (ast.Mult,), ast.FloorDiv: (ast.Mult,), ast.Mod: (ast.Mult,), ast.LShift: (ast.RShift,),
         ast.RShift: (ast.LShift,), ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,), ast.BitXor: (ast.BitAnd,),
         ast.And: (ast.Or,), ast.Or: (ast.And,)}


@dataclass(frozen=True)
class Mutant:
    """One change: the file, the line, what stood there and what stands there now, and the file's whole new text."""

    file: str
    line: int
    before: str
    after: str
    text: str


def mutated(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the changed forms of one node of a syntax tree."""
    fresh: Any = copy.copy(node)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for kind in OTHER.get(type(node.ops[0]), ()):
            fresh.ops = [kind()]
            yield fresh
    elif isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign):
        for kind in OTHER.get(type(node.op), ()):
            fresh.op = kind()
            yield fresh
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield ast.Constant(node.value + 1)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield fresh.operand
    if isinstance(node, ast.Assign | ast.AugAssign) and is_written(node):
        yield ast.Pass()


def is_written(node: ast.Assign | ast.AugAssign) -> bool:
    """Whether a statement writes into a table or an array: without it the code still runs."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return all(isinstance(target, ast.Subscript | ast.Attribute) for target in targets)


def skipped(tree: ast.Module) -> set[int]:
    """Return the ids of nodes that say nothing to a running program: annotations and what decorates."""
    roots: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            roots += [*node.decorator_list, *([node.returns] if node.returns else [])]
        elif isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            roots.append(node.annotation)
    return {id(inner) for root in roots for inner in ast.walk(root)}


def mutants_of(file: Path) -> Iterator[Mutant]:
    """Yield every mutant of a file; only expressions and statements on one line are changed."""
    source = file.read_text(encoding="utf-8")
    lines, tree = source.splitlines(keepends=True), ast.parse(source)
    silent = skipped(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.expr | ast.stmt) or id(node) in silent or node.lineno != node.end_lineno:
            continue
        line = lines[node.lineno - 1].encode()
        before = line[node.col_offset:node.end_col_offset].decode()
        for other in mutated(node):
            after = f"({ast.unparse(other)})" if isinstance(node, ast.expr) else ast.unparse(other)
            new = (line[:node.col_offset] + after.encode() + line[node.end_col_offset:]).decode()
            text = "".join([*lines[:node.lineno - 1], new, *lines[node.lineno:]])
            yield Mutant(file.relative_to(ROOT).as_posix(), node.lineno, before, after, text)


def all_mutants(only: list[str]) -> list[Mutant]:
    """Return the mutants of all places, or of those whose path begins with one of ``only``."""
    files = [file for place in PLACES for file in ([ROOT / place] if place.endswith(".py")
                                                   else sorted((ROOT / place).rglob("*.py")))]
    paths = {file: file.relative_to(ROOT).as_posix() for file in files}
    chosen = [file for file, path in paths.items()
              if path not in ONLY_COMPILED and (not only or path.startswith(tuple(only)))]
    return [mutant for file in chosen for mutant in mutants_of(file)]


def copy_project(to: Path) -> Path:
    """Copy what the tests read into a folder of its own."""
    for name in ("sim", "tests", "scenarios", "experiments", "results"):
        shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules", ".*"))
    for file in ("pyproject.toml", "README.md", "CHANGELOG.md"):
        shutil.copy(ROOT / file, to / file)
    settings = to / "tests" / "conftest.py"
    text = settings.read_text(encoding="utf-8").replace("import settings", "import Phase, settings")
    quick = f"max_examples={EXAMPLES}, phases=[Phase.explicit, Phase.generate]"  # a failure need not be made small
    settings.write_text(re.sub(r"max_examples=\d+", quick, text), encoding="utf-8")
    return to


def order(file: str, own_alone: bool) -> list[str]:
    """Return the tests to ask, those of the mutant's own kind first, or alone."""
    own = next(tests for place, tests in TESTS.items() if file.startswith(place))
    twin = [path.relative_to(ROOT).as_posix() for path in ROOT.glob(f"tests/*/test_{Path(file).stem}.py")]
    return list(dict.fromkeys([*twin, own, *([] if own_alone else QUICK)]))


def verdict(folder: Path, tests: list[str], seconds: float) -> str:
    """Run the quick tests in a folder until one fails; return 'killed', 'endless' or 'survived'.

    The process is a fork of this one, which has the large libraries in memory and nothing of the project.
    """
    began, child = time.monotonic(), os.fork()
    if not child:
        ask(folder, tests)
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return "survived" if status == 0 else "killed"
        if time.monotonic() - began > seconds:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return "endless"
        time.sleep(0.05)


def ask(folder: Path, tests: list[str]) -> NoReturn:
    """Be the child: run the tests and leave with their verdict."""
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(folder / ".hypothesis")
    code = 1
    try:
        code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-m", "not slow", "--hypothesis-seed=0", *tests]))
    finally:
        os._exit(code)


def attempt(mutant: Mutant, folder: Path, tests: list[str], seconds: float) -> str:
    """Try one mutant in a copy of the project, which is whole again afterwards."""
    file = folder / mutant.file
    whole = file.read_text(encoding="utf-8")
    file.write_text(mutant.text, encoding="utf-8")
    try:
        return verdict(folder, tests, seconds)
    finally:
        file.write_text(whole, encoding="utf-8")


def measure(sample: list[Mutant], own_alone: bool, seconds: float) -> list[tuple[Mutant, str]]:
    """Return what became of each mutant; the unchanged copy must pass first."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = copy_project(Path(temporary))
        asked = [order(mutant.file, own_alone) for mutant in sample]
        if verdict(folder, sorted({test for tests in asked for test in tests}), 4 * seconds) != "survived":
            raise SystemExit("the tests fail on the unchanged code")
        return [said(mutant, attempt(mutant, folder, tests, seconds)) for mutant, tests in zip(sample, asked, strict=True)]


def said(mutant: Mutant, fate: str) -> tuple[Mutant, str]:
    """Say what became of a mutant, as soon as it is known."""
    print(f"{time.strftime('%H:%M:%S')} {fate:8} {mutant.file}:{mutant.line}  {mutant.before}  ->  {mutant.after}", flush=True)
    return mutant, fate


def name(row: dict[str, Any]) -> tuple[Any, ...]:
    """Return what tells one mutant from another."""
    return row["file"], row["line"], row["before"], row["after"]


def main() -> None:
    """Draw a sample, try it, print the score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutants", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=180.0, help="after which a mutant counts as endless (and noticed)")
    parser.add_argument("--only", action="append", default=[], metavar="PATH", help="only files that begin so")
    parser.add_argument("--own", action="store_true", help="ask tests of the mutant's own kind alone: quicker, notices less")
    parser.add_argument("--out", type=Path, help="a JSON file for the verdicts")
    parser.add_argument("--again", type=Path, metavar="JSON", help="of an earlier run's sample only those that survived")
    asked = parser.parse_args()
    everything = all_mutants(asked.only)
    sample = random.Random(asked.seed).sample(everything, min(asked.mutants, len(everything)))
    if asked.again:
        alive = {name(row) for row in json.loads(asked.again.read_text(encoding="utf-8")) if row["fate"] == "survived"}
        sample = [mutant for mutant in everything if name(asdict(mutant)) in alive]
    print(f"{len(sample)} of {len(everything)} mutants, seed {asked.seed}", flush=True)
    found = measure(sample, asked.own, asked.seconds)
    fates = Counter(fate for _, fate in found)
    if not found:
        raise SystemExit("no mutants")
    print(f"noticed {len(found) - fates['survived']} of {len(found)} ({1 - fates['survived'] / len(found):.0%}): {dict(fates)}")
    if asked.out:
        rows = [{**asdict(mutant), "text": None, "fate": fate} for mutant, fate in found]
        asked.out.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
