"""`mobilise doctor`: whether everything that a study needs is in place on this machine."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.console import console
from sim.cli.options import Json, Quiet

HELP = "Check this machine: versions, cores, memory, the compiler and its cache, writing results."
PACKAGES = ("mobilise", "numpy", "numba", "scipy", "pandas", "pyarrow", "pydantic", "matplotlib", "mesa")
GIGABYTE = 2**30
Folder = Annotated[Path, typer.Option("--out", help="Folder that results would go to.")]


def doctor(out: Folder = Path("results"), json: Json = False, quiet: Quiet = False) -> None:
    """Check the machine."""
    checks: dict[str, Callable[[], str]] = {
        "python": lambda: f"{platform.python_version()} on {platform.system()} {platform.machine()}",
        "packages": _packages, "cores": _cores, "memory": _memory, "cache folder": _cache,
        "compiler": _compiler, "writing": lambda: _writing(out), "hard links": lambda: _links(out)}
    rows = [(name, *_try(check)) for name, check in checks.items()]
    console.document([{"check": name, "fine": fine, "found": found} for name, fine, found in rows])
    lines = [f"  {'ok ' if fine else 'BAD'}  {name:<13} {found}" for name, fine, found in rows]
    console.answer("\n".join(lines))
    if not all(fine for _, fine, _ in rows):
        raise typer.Exit(1)
    console.finish(then=_next())


def _next() -> str:
    """Return a command that works here."""
    from sim.scenario.shipped import shipped

    return "mobilise compare classroom" if "classroom" in shipped() else "mobilise init my_scenario.yaml"


def _try(check: Callable[[], str]) -> tuple[bool, str]:
    try:
        return True, check()
    except Exception as error:
        return False, f"{type(error).__name__}: {error}"


def _packages() -> str:
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} (not installed)")
    return ", ".join(found)


def _cores() -> str:
    from sim.experiment.runner import cores

    return str(cores())


def _memory() -> str:
    if sys.platform == "win32" or not hasattr(os, "sysconf"):
        return "unknown"
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return f"{pages * size / GIGABYTE:.1f} GB"


def _cache() -> str:
    from sim.jit import cache_root

    root = cache_root()
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=root):
        return str(root)


def _compiler() -> str:
    import numba

    @numba.njit  # type: ignore[misc, unused-ignore]
    def twice(x: int) -> int:
        return x + x

    if twice(21) != 42:
        raise RuntimeError("the compiler gives wrong results")
    return f"numba {numba.__version__} compiles"


def _writing(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        file.write(b"mobilise")
        file.flush()
        os.fsync(file.fileno())
    return f"{folder} can be written"


def _links(folder: Path) -> str:
    """Say whether hard links work; without them results are published by a claim file, as safely."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        one = Path(name) / "one"
        one.touch()
        try:
            (Path(name) / "two").hardlink_to(one)
        except OSError:
            return "not here: results are published by claim files instead"
    return "work"
