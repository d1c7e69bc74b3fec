"""Observe whether parts of the engine are called: each is wrapped while a replication runs and counts."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any


class NotCalledError(AssertionError):
    """A replication claims to run through a part of the engine that it never called."""


@contextmanager
def watch(parts: Sequence[str]) -> Iterator[dict[str, int]]:
    """Count the calls of engine functions, each given as ``module:function``, while the block runs.

    Only calls through the module's attribute are seen, so a replication writes ``commit.commit(world, desk)``. A
    part that was never called raises `NotCalledError` at the end of the block.
    """
    calls = dict.fromkeys(parts, 0)
    originals = [(*_home(part), part) for part in parts]
    for module, name, original, part in originals:
        setattr(module, name, _counting(original, part, calls))
    try:
        yield calls
    finally:
        for module, name, original, _ in originals:
            setattr(module, name, original)
    idle = [part for part, times in calls.items() if times == 0]
    if idle:
        raise NotCalledError(f"claims to run through {', '.join(idle)}, which was not called")


def _home(part: str) -> tuple[Any, str, Callable[..., Any]]:
    module, _, name = part.partition(":")
    home = importlib.import_module(module)
    return home, name, getattr(home, name)


def _counting(original: Callable[..., Any], part: str, calls: dict[str, int]) -> Callable[..., Any]:
    @functools.wraps(original)
    def counted(*values: Any, **named: Any) -> Any:
        calls[part] += 1
        return original(*values, **named)

    return counted
