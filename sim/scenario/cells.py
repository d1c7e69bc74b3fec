"""Cells and columns of a user's table: ids, numbers, dates and words, each with what is allowed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import Problem, ScenarioError
from sim.scenario.csvfile import Columns

TableData = dict[str, Any]
Floats = NDArray[np.float64]
IDENTITY = re.compile(r"[^\s,;:]{1,64}")
NUMBER = re.compile(r"-?[0-9]{1,18}([.,][0-9]{1,12})?")


def identity(text: str) -> str:
    """Return an id as it is written; raise ValueError for one that is empty, long or broken by separators."""
    if not IDENTITY.fullmatch(text):
        raise ValueError(text)
    return text


def number(text: str, low: float = -1e18, high: float = 1e18) -> float:
    """Return a plain decimal number between two ends."""
    value = float(text.replace(",", ".")) if NUMBER.fullmatch(text) else float("nan")
    if not low <= value <= high:
        raise ValueError(text)
    return value


def day(text: str) -> Any:
    """Return a date written year-month-day."""
    if len(text) != 10:
        raise ValueError(text)
    return np.datetime64(date.fromisoformat(text), "D")


def one_of(text: str, allowed: dict[str, Any]) -> Any:
    """Return what a word stands for."""
    if text not in allowed:
        raise ValueError(text)
    return allowed[text]


def finish(columns: Columns) -> None:
    """Raise what was found in a table; a table without rows is a problem too."""
    columns.done()
    if not len(columns):
        raise ScenarioError([Problem(columns.where, "", "holds no row below the header", line=1)])


def identities(columns: Columns, name: str) -> list[str | None]:
    """Return a column of ids."""
    return columns.convert(name, identity, "1 to 64 characters without spaces, commas, colons")


def unique(columns: Columns, name: str) -> list[str | None]:
    """Return a column of ids of which none may be there twice."""
    found = identities(columns, name)
    first: dict[str, int] = {}
    for row, text in enumerate(found):
        if text is not None and first.setdefault(text, row) != row:
            line = columns.lines[first[text]]
            columns.note(row, name, f"'{text}' is there twice; first in line {line}", text)
    return found


def words(columns: Columns, name: str) -> list[str | None]:
    """Return a column of single words."""
    return columns.convert(name, identity, "one word")


def numbers(columns: Columns, name: str, low: float, high: float) -> Floats:
    """Return a column of numbers between two ends."""
    found = columns.convert(name, partial(number, low=low, high=high), f"a number from {low:g} to {high:g}")
    return np.array([np.nan if value is None else value for value in found], float)


def optional(columns: Columns, name: str, empty: Any, read: Callable[[str], Any], what: str) -> list[Any]:
    """Return a column that may be absent, or have empty cells."""
    if name not in columns.cells:
        return [empty] * len(columns)
    return columns.convert(name, read, what, empty)
