"""Instruments are found by being there: ``instruments/<kind>.py`` holds one function ``<kind>``."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sim.instruments.common.intents import Intent
from sim.instruments.common.programme import Programme

HOME = Path(__file__).parent.parent
Act = Callable[[Any, Programme, int], Iterator[Intent]]


def files() -> dict[str, Path]:
    """Return the file of each kind of instrument, by name."""
    return {path.stem: path for path in sorted(HOME.glob("*.py")) if path.stem != "__init__"}


def kinds() -> tuple[str, ...]:
    """Return the names of all kinds."""
    return tuple(files())


@cache
def act_of(kind: str) -> Act:
    """Return the function that says what an instrument of this kind wants done."""
    act: Act = getattr(importlib.import_module(f"sim.instruments.{kind}"), kind)
    return act
