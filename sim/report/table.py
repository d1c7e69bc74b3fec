"""Plain tables and paragraphs for a terminal: no colour needed, readable when piped into a file."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

WIDTH = 100
INDENT = "  "


def table(head: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[int] = ()) -> str:
    """Return rows under their heads; columns named in ``numeric`` stand flush right."""
    widths = [max(len(row[k]) for row in (head, *rows)) for k in range(len(head))]
    lines = [_line(head, widths, numeric), INDENT + "─" * (sum(widths) + 2 * (len(widths) - 1))]
    return "\n".join([*lines, *(_line(row, widths, numeric) for row in rows)])


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
