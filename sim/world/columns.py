"""How tables are declared: one line for each column, from which dtype and documentation come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Column:
    """One column of a table: NumPy type, width (1 for a scalar), fill value and meaning."""

    name: str
    dtype: str
    text: str
    width: int = 1
    fill: float = 0


@dataclass(frozen=True)
class Table:
    """A named record of columns; rows are only appended, so a row number is a stable name."""

    name: str
    columns: tuple[Column, ...]
    line: int = 1  # rows begin at multiples of so many bytes

    @property
    def dtype(self) -> np.dtype[Any]:
        """NumPy structured dtype of one row."""
        columns = [(c.name, c.dtype, (c.width,)) if c.width > 1 else (c.name, c.dtype) for c in self.columns]
        row = np.dtype(columns, align=True)
        spare = -row.itemsize % self.line
        return np.dtype([*columns, ("spare", "u1", (spare,))], align=True) if spare else row

    def allocate(self, rows: int) -> Any:
        """Return ``rows`` fresh rows (a recarray), each column at its fill value."""
        fresh = self._space(rows)
        self._fill(fresh)
        return fresh

    def grow(self, old: Any, rows: int) -> Any:
        """Return a copy of ``old`` with at least ``rows`` rows, growing by a quarter."""
        if rows <= len(old):
            return old
        fresh = self._space(max(rows, len(old) + len(old) // 4 + 16))
        _bytes(fresh)[: len(old)] = _bytes(old)
        self._fill(fresh[len(old):])
        return fresh

    def copy(self, old: Any) -> Any:
        """Return a copy of ``old``, its rows laid out as `allocate` does."""
        fresh = self._space(len(old))
        _bytes(fresh)[:] = _bytes(old)
        return fresh

    def _fill(self, rows: Any) -> None:
        """Give every column of zeroed rows its fill value."""
        if any(column.fill for column in self.columns):
            row = np.zeros(1, self.dtype)
            for column in self.columns:
                row[column.name] = column.fill
            _bytes(rows)[:] = _bytes(row)

    def _space(self, rows: int) -> Any:
        """Return zeroed rows that begin at a multiple of ``line`` bytes."""
        row = self.dtype
        space = np.zeros(rows * row.itemsize + self.line, np.uint8)
        start = -space.ctypes.data % self.line
        return space[start:start + rows * row.itemsize].view(row).view(np.recarray)


def _bytes(rows: Any) -> np.ndarray[Any, Any]:
    """Return a view of rows as [rows, bytes of a row]: copied whole, not column by column."""
    return np.ndarray((len(rows), rows.dtype.itemsize), np.uint8, rows)
