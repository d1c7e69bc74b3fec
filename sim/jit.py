"""The one place where Numba is configured: decorator and cache folder.

Numba's cache notices an edit in the file that holds a function, not in the files it calls.
The cache folder is therefore named by a hash of every engine and rule source: any edit opens a
fresh folder, an unchanged engine compiles once for all processes and sessions.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

from sim import inner

F = TypeVar("F", bound=Callable[..., Any])

HERE = Path(__file__).parent
COMPILED_PARTS = ("jit.py", "inner.py", "luck.py", "vocab.py", "parameters.py", "kernels", "world", "rules", "phases")


def source_hash(extra: tuple[Path, ...] = ()) -> str:
    """Return 16 hex digits over the engine's sources and a user's rule files, in a fixed order."""
    digest = hashlib.sha256(f"{numba.__version__} {sys.version_info[:2]}".encode())
    for part in COMPILED_PARTS:
        path = HERE / part
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.relative_to(HERE).as_posix().encode() + b"\0" + file.read_bytes())
    for file in extra:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def cache_root() -> Path:
    """Return the user's cache folder: ``MOBILISE_CACHE`` or the platform's usual place."""
    if named := os.environ.get("MOBILISE_CACHE"):
        return Path(named)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return base / "mobilise"


def use_cache(extra: tuple[Path, ...] = ()) -> Path:
    """Point Numba at the folder that belongs to these sources and return it."""
    folder = cache_root() / source_hash(extra)
    numba.config.CACHE_DIR = str(folder)
    return folder


ALLOCATING = {"empty", "zeros", "ones", "full", "argsort", "sort", "copy", "cumsum", "unique", "arange"}


def jit(function: F, users: bool = False) -> F:
    """Compile without fast maths, without the GIL, cached: the engine's only decorator.

    A function that allocates nothing is compiled without reference counting: the tables outlive
    every call, and counting their references would be most of the code that is compiled.
    """
    options = {"nogil": True, "error_model": "numpy", "_nrt": bool(ALLOCATING & set(function.__code__.co_names))}
    compiled = inner.entry(function, **options)
    if hasattr(compiled, "get_call_template"):  # not with the JIT off
        _serve_compiled_callers(compiled, inner.part(function, users, **options))
    return cast(F, compiled)


def plain(function: Any) -> Any:
    """Return the Python function behind a compiled one, for constants that are computed at import."""
    return getattr(function, "py_func", function)


def _serve_compiled_callers(dispatcher: Any, inside: Any) -> None:
    """Let calls from compiled code go to ``inside`` (see `sim.inner`) and pass whole numbers as int64.

    Numba compiles a function afresh for each constant and each width of integer it is called
    with: ``plan(w, s, 0)`` and ``plan(w, s, q)`` would be two copies of everything below them.
    """
    def widened(arguments: Any, keywords: Any) -> Any:
        return inside.get_call_template(tuple(_wide(kind) for kind in arguments), keywords)

    dispatcher.get_call_template = widened
    dispatcher.get_overload = inside.get_overload


def _wide(kind: Any) -> Any:
    """Return int64 for any signed integer or constant, other types as they are."""
    kind = numba.types.unliteral(kind)
    return numba.types.int64 if isinstance(kind, numba.types.Integer) and kind.signed else kind


if not os.environ.get("NUMBA_CACHE_DIR"):
    use_cache()
