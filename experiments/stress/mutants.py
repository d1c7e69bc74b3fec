"""Change one thing in the code, and see whether the quick tests notice: the mutation score.

    python experiments/stress/mutants.py --mutants 300
    python experiments/stress/mutants.py --only sim/kernels/team.py --mutants 1000       every mutant of one file

A mutant is the code with one place changed: a comparison turned or moved by its border, an operator, a number, `and`
against `or`, a written value left out. The sample is drawn with ``--seed`` from all places. Each mutant lives in a copy
of the project, without the compiler, and is asked of the tests that run its line (asking.py). Survivors are printed: each
is a gap in the tests, or a change that changes nothing, which a person has to say.
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))
from asking import Asking, copy_project, session

ROOT = Path(__file__).resolve().parents[2]
PLACES = ("sim/luck.py", "sim/kernels", "sim/rules", "sim/phases", "sim/world", "sim/simulation.py", "sim/outcomes",
          *(f"sim/experiment/{name}.py" for name in ("analysis", "assumptions", "channels", "design", "doubts", "findings",
                                                     "programme", "regime", "robust", "shocks", "statistics", "tally")))
ONLY_COMPILED = {"sim/kernels/handle.py", "sim/kernels/fetch.py"}
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


def measure(sample: list[Mutant], seconds: float, known: Path | None) -> list[tuple[Mutant, str]]:
    """Return what became of each mutant."""
    found: list[tuple[Mutant, str]] = []

    def work(asking: Asking) -> None:
        for mutant in sample:
            found.append(said(mutant, *asking.verdict(mutant.file, mutant.line, mutant.text, seconds)))

    with tempfile.TemporaryDirectory() as temporary:
        folder = copy_project(ROOT, Path(temporary).resolve() / "copy")
        session(folder, {mutant.file for mutant in sample}, known and known.resolve(), work)
        os.chdir(ROOT)
    return found


def said(mutant: Mutant, fate: str, test: str) -> tuple[Mutant, str]:
    """Say what became of a mutant, as soon as it is known."""
    print(f"{time.strftime('%H:%M:%S')} {fate:8} {mutant.file}:{mutant.line}  {mutant.before}  ->  {mutant.after}  {test}",
          flush=True)
    return mutant, fate


def name(row: dict[str, Any]) -> tuple[Any, ...]:
    """Return what tells one mutant from another."""
    return row["file"], row["line"], row["before"], row["after"]


def main() -> None:
    """Draw a sample, try it, print the score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutants", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=40.0, help="of tests at most for one mutant (normal time)")
    parser.add_argument("--only", action="append", default=[], metavar="PATH", help="only files that begin so")
    parser.add_argument("--known", type=Path, metavar="JSON", help="which test runs which line: read if there, else written")
    parser.add_argument("--out", type=Path, help="a JSON file for the verdicts")
    parser.add_argument("--again", type=Path, metavar="JSON", help="of an earlier run's sample only those that survived")
    asked = parser.parse_args()
    asked.out = asked.out and asked.out.resolve()
    everything = all_mutants(asked.only)
    sample = random.Random(asked.seed).sample(everything, min(asked.mutants, len(everything)))
    if asked.again:
        alive = {name(row) for row in json.loads(asked.again.read_text(encoding="utf-8")) if row["fate"] != "noticed"}
        sample = [mutant for mutant in everything if name(asdict(mutant)) in alive]
    print(f"{len(sample)} of {len(everything)} mutants, seed {asked.seed}", flush=True)
    found = measure(sample, asked.seconds, asked.known)
    fates = Counter(fate for _, fate in found)
    print(f"of {len(found)}: {dict(fates)}")
    if asked.out:
        rows = [{**asdict(mutant), "text": None, "fate": fate} for mutant, fate in found]
        asked.out.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
