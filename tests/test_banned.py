"""What the engine may not use, found in its syntax trees (TRUST 2): same run, same bits, everywhere."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import sim

HERE = Path(sim.__file__).parent
ENGINE = sorted(file for part in ("luck.py", "simulation.py", "kernels", "rules", "phases", "world")
                for file in ([HERE / part] if part.endswith(".py") else (HERE / part).rglob("*.py")))
BANNED_MODULES = {"random", "secrets", "uuid", "time", "datetime", "scipy", "pandas", "math", "cmath", "pickle"}
LIBRARY_MATHS = {"exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "power", "float_power", "sin", "cos", "tan",
                 "sinh", "cosh", "tanh", "arctan", "arcsin", "arccos", "cbrt", "hypot"}
BANNED_CALLS = {"argpartition", "partition", "prange", "dot", "matmul", "einsum", "vdot", "inner", "tensordot"}


def problems(text):
    """Return what is banned in a source text, as (line, what)."""
    tree = ast.parse(text)
    return sorted(found for node in ast.walk(tree) for check in CHECKS for found in check(node))


def _modules(node):
    names = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.level == 0:
        names = [f"{node.module}"]
    return [(node.lineno, f"import {name}") for name in names if name.split(".")[0] in BANNED_MODULES]


def _attributes(node):
    if not isinstance(node, ast.Attribute):
        return []
    library = isinstance(node.value, ast.Name) and node.value.id in ("np", "numpy", "math")
    if (library and node.attr in LIBRARY_MATHS | {"random", "linalg"}) or node.attr in BANNED_CALLS:
        return [(node.lineno, ast.unparse(node))]
    return []


def _settings(node):
    """Fast maths, parallel loops, and sorts that are not stable."""
    if not isinstance(node, ast.Call):
        return []
    words = {word.arg: word.value for word in node.keywords}
    found = [(node.lineno, name) for name in ("fastmath", "parallel", "prange")
             if name in words or (isinstance(node.func, ast.Name) and node.func.id == name)]
    called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    kind = words.get("kind")
    if called == "argsort" and not (isinstance(kind, ast.Constant) and kind.value in ("mergesort", "stable")):
        found.append((node.lineno, "argsort without a stable kind"))
    return found


def _is_set(node):
    return isinstance(node, (ast.Set, ast.SetComp)) or (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("set", "frozenset"))


def _sets(node):
    """Going through a set, whose order is nobody's promise."""
    if isinstance(node, (ast.For, ast.comprehension)) and _is_set(node.iter):
        return [(node.iter.lineno, "iterates over a set")]
    if (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args
            and node.func.id in ("list", "tuple", "enumerate", "iter", "sum") and _is_set(node.args[0])):
        return [(node.lineno, "takes a set in no order")]
    return []


def _powers(node):
    """``x ** y`` calls the C library unless both are constants or the exponent is a small whole number."""
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)):
        return []
    exponent = node.right.operand if isinstance(node.right, ast.UnaryOp) else node.right
    return [] if isinstance(exponent, ast.Constant) else [(node.lineno, ast.unparse(node))]


def _from_the_end(node):
    """``x[-1]`` in a compiled function (they have no type hints): it takes an index as it is (`sim.inner`)."""
    if not isinstance(node, ast.FunctionDef) or any(arg.annotation for arg in node.args.args):
        return []
    indices = [part for inner in ast.walk(node) if isinstance(inner, ast.Subscript)
               for part in (inner.slice.elts if isinstance(inner.slice, ast.Tuple) else [inner.slice])]
    return [(part.lineno, "counts from the end") for part in indices
            if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.USub)]


CHECKS = (_modules, _attributes, _settings, _sets, _powers, _from_the_end)
# The one place left where the C library's power is called, once for each world.
KNOWN: set[tuple[str, str]] = set()


@pytest.mark.parametrize("file", ENGINE, ids=lambda file: file.relative_to(HERE).as_posix())
def test_the_engine_uses_nothing_that_is_banned(file):
    name = file.relative_to(HERE).as_posix()
    found = problems(file.read_text(encoding="utf-8"))
    assert [(line, what) for line, what in found if (name, what) not in KNOWN] == []


def test_the_engine_was_found():
    assert len(ENGINE) > 60


@pytest.mark.parametrize("text", [
    "import random", "from random import shuffle", "import math", "np.random.rand(3)", "np.exp(x)", "math.exp(x)",
    "np.argsort(x)", "np.argsort(x, kind='quicksort')", "x.argsort()", "np.argpartition(x, 3)", "njit(fastmath=True)",
    "njit(parallel=True)", "for k in prange(3): pass", "for k in {1, 2}: pass", "[k for k in set(x)]",
    "list({k for k in x})", "np.dot(a, b)", "np.linalg.norm(x)", "x ** y", "import time", "np.hypot(x, y)", "def f(x): return x[-1]",
    "def f(x): x[0, -2] = 1",
])
def test_the_search_finds(text):
    assert problems(text)


@pytest.mark.parametrize("text", [
    "np.argsort(x, kind='mergesort')", "np.sqrt(x)", "x ** 2", "2.0 ** -52", "for k in sorted({1, 2}): pass",
    "from sim.luck import exp", "k in {1, 2}", "np.lexsort((a, b))", "np.sort(x)",
])
def test_the_search_lets_pass(text):
    assert problems(text) == []
