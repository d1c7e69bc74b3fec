"""Small pieces of a page: escaped text, tables, figures with their words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Grid:
    """A table: its heads, its rows, and which columns hold numbers (flush right)."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: Sequence[int] = ()


def paragraph(text: str, kind: str = "") -> str:
    """Return a paragraph."""
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


def bullets(items: Sequence[str]) -> str:
    """Return a list; nothing for no items."""
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>" if items else ""


def grid(table: Grid, caption: str = "") -> str:
    """Return a table with a caption; its first column names the rows."""
    head = "".join(f'<th scope="col"{_side(k, table)}>{escape(cell)}</th>' for k, cell in enumerate(table.head))
    rows = "".join("<tr>" + "".join(_cell(k, cell, table) for k, cell in enumerate(row)) + "</tr>"
                   for row in table.rows)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return (f'<div class="scroll" tabindex="0" role="group" aria-label="{escape(caption or table.head[0])}">'
            f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>")


def _side(k: int, table: Grid) -> str:
    return ' class="number"' if k in table.numeric else ""


def _cell(k: int, cell: str, table: Grid) -> str:
    if k == 0:
        return f'<th scope="row">{escape(cell)}</th>'
    return f"<td{_side(k, table)}>{escape(cell)}</td>"


def picture(source: str, alternative: str, numbers: Grid, caption: str) -> str:
    """Return a figure (SVG as base64) with its text alternative and, folded away, the numbers it shows."""
    return (f'<figure><img alt="{escape(alternative)}" src="data:image/svg+xml;base64,{source}">'
            f"<figcaption>{escape(caption)}</figcaption>"
            f"<details><summary>The numbers of this figure</summary>{grid(numbers)}</details></figure>")


def section(name: str, title: str, *parts: str) -> str:
    """Return a section under a heading; nothing when it holds nothing."""
    inside = "".join(part for part in parts if part)
    return f'<section id="{name}"><h2>{escape(title)}</h2>{inside}</section>' if inside else ""


def sub(title: str, *parts: str) -> str:
    """Return a part of a section under a smaller heading; nothing when it holds nothing."""
    inside = "".join(part for part in parts if part)
    return f"<h3>{escape(title)}</h3>{inside}" if inside else ""
