"""Plain tables and paragraphs for a terminal: no colour needed, readable when piped into a file."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

WIDTH = 100
INDENT = "  "
NARROW = 8  # a head is not broken into lines shorter than this


@dataclass(frozen=True)
class Part:
    """A table with its title, the columns that hold numbers, and what is remarked under it."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: Sequence[int] = ()
    remarks: Sequence[str] = ()

    def __str__(self) -> str:
        """Print it for a terminal."""
        return "\n".join([self.title, table(self.head, self.rows, self.numeric), *map(bullet, self.remarks)])


def table(head: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[int] = ()) -> str:
    """Return rows under their heads; columns named in ``numeric`` stand flush right.

    A head that is longer than what stands under it is broken into lines.
    """
    heads = [_broken(name, [row[k] for row in rows]) for k, name in enumerate(head)]
    widths = [max(map(len, [*lines, *(row[k] for row in rows)])) for k, lines in enumerate(heads)]
    top = list(zip_longest(*(reversed(lines) for lines in heads), fillvalue=""))[::-1]
    rule = INDENT + "─" * (sum(widths) + 2 * (len(widths) - 1))
    return "\n".join([*(_line(cells, widths, numeric) for cells in top), rule,
                      *(_line(row, widths, numeric) for row in rows)])


def _broken(name: str, below: Sequence[str]) -> list[str]:
    width = max([NARROW, *map(len, below), *map(len, name.split())])
    return textwrap.wrap(name, width, break_long_words=False, break_on_hyphens=False) or [""]


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[int]) -> str:
    shown = [cell.rjust(width) if k in numeric else cell.ljust(width)
             for k, (cell, width) in enumerate(zip(cells, widths, strict=True))]
    return (INDENT + "  ".join(shown)).rstrip()


def paragraph(text: str, indent: str = "", width: int = WIDTH) -> str:
    """Return a text broken into lines of at most ``width`` characters."""
    return textwrap.fill(" ".join(text.split()), width, initial_indent=indent, subsequent_indent=indent,
                         break_long_words=False, break_on_hyphens=False)


def bullet(text: str, width: int = WIDTH) -> str:
    """Return a text as one item of a list."""
    return textwrap.fill(" ".join(text.split()), width, initial_indent="  - ", subsequent_indent="    ",
                         break_long_words=False, break_on_hyphens=False)
