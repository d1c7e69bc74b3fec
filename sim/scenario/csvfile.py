"""Rows of a user's CSV file, plain or gzipped, with limits and with the line of each problem."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

from sim.errors import MOST_PROBLEMS, Problem, ScenarioError, nearest
from sim.scenario.characters import describe, refused

MOST_ROWS = 5_000_000
MOST_TEXT = 1 << 30
DELIMITERS = ",;\t|"  # of equally frequent ones the first
FORMULA = frozenset("=+@")
GZIP = b"\x1f\x8b"
T = TypeVar("T")


class _Capped(io.RawIOBase):
    """A binary stream that stops at a number of bytes, so that a small gzip file cannot fill the memory."""

    def __init__(self, stream: BinaryIO, most: int) -> None:
        self.stream, self.left = stream, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.stream.read(len(buffer))
        self.left -= len(data)
        if self.left < 0:
            raise TooMuch
        buffer[: len(data)] = data
        return len(data)


class TooMuch(OSError):
    """More text than is read from one table."""


@dataclass
class Columns:
    """A table as columns of text.

    ``lines`` holds the line of each row in the file, ``spelt`` how its header spells a column that has other names.
    """

    where: str
    cells: dict[str, list[str]]
    lines: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    spelt: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lines)

    def note(
        self,
        row: int,
        column: str,
        message: str,
        given: str = "",
        allowed: str | None = None,
        close: str | None = None,
    ) -> None:
        """Keep a problem of one row; raise when there are as many as are shown."""
        self.problems.append(
            Problem(
                self.where, self.spelt.get(column, column), message, given[:80], allowed, close, self.lines[row]
            )
        )
        if len(self.problems) >= MOST_PROBLEMS:
            self.done()

    def done(self) -> None:
        """Raise what was found, if anything."""
        if self.problems:
            raise ScenarioError(self.problems)

    def convert(
        self, column: str, read: Callable[[str], T], what: str, empty: T | None = None
    ) -> list[T | None]:
        """Return a column converted cell by cell; an unreadable cell is a problem with what is allowed."""
        return [
            self._cell(row, column, text, read, what, empty) for row, text in enumerate(self.cells[column])
        ]

    def _cell(
        self, row: int, column: str, text: str, read: Callable[[str], T], what: str, empty: T | None
    ) -> T | None:
        if text == "" and empty is not None:
            return empty
        try:
            return read(text)
        except ValueError:
            self.note(row, column, f"'{text[:40]}' is not allowed" if text else "is empty", text, what)
            return empty


def read_columns(
    path: Path,
    required: Sequence[str],
    optional: Sequence[str] = (),
    other: bool = False,
    names: dict[str, str] | None = None,
) -> Columns:
    """Return the wanted columns of a CSV file.

    Parameters
    ----------
    path : the file; gzip is recognised by its content.
    required, optional : names of columns; an optional one that is absent is left out.
    other : True where further columns may be there and are passed over.
    names : other spellings of a column, spelling to name.
    """
    columns = Columns(path.name, {})
    table = rows(path)
    header = [name.strip() for name in next(table, (1, []))[1]]
    if not any(header):
        raise _refuse(path.name, "has no header line", 1)
    columns.spelt = {name: spelling for spelling, name in (names or {}).items() if spelling in header}
    header = [(names or {}).get(name, name) for name in header]
    _check_header(path.name, header, required, optional, other, names or {})
    wanted = [(number, name) for number, name in enumerate(header) if name in (*required, *optional)]
    columns.cells = {name: [] for _, name in wanted}
    for line, cells in table:
        _add(columns, cells, len(header), wanted, line)
    columns.done()
    return columns


def rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and cells of each row that is not blank; refuse by line what cannot be read."""
    line, first, delimiter = 1, "", ""
    try:
        with path.open("rb") as raw:
            lines = _lines(raw)
            first = next(lines, "")
            delimiter = max(DELIMITERS, key=first.count)
            reader = csv.reader(_chain(first, lines), delimiter=delimiter, strict=True)
            for cells in reader:
                line = reader.line_num
                if cells:
                    yield line, cells
                line += 1
    except TooMuch:
        raise _refuse(path.name, f"holds more than {MOST_TEXT:,} bytes of text", line) from None
    except UnicodeDecodeError:
        raise _not_utf8(path) from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise _refuse(path.name, "the gzip file is damaged or cut off", line) from None
    except csv.Error as error:
        raise _refuse(path.name, f"cannot be read as CSV: {error}{_separators(first, delimiter)}", line) from None
    except FileNotFoundError:
        raise _refuse(path.name, "no such file") from None
    except IsADirectoryError:
        raise _refuse(path.name, "is a folder, not a table") from None
    except OSError as error:
        raise _refuse(path.name, f"cannot be read: {error.strerror or error}") from None


def _separators(first: str, delimiter: str) -> str:
    """Return what may separate cells, for a file whose first line has none of it; nothing for others."""
    return "; cells are separated by commas, semicolons, tabs or bars" if delimiter and delimiter not in first else ""


def _lines(raw: BinaryIO) -> Iterator[str]:
    start = raw.read(4)
    raw.seek(0)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise csv.Error("it is UTF-16 text; save it as UTF-8")
    if start == b"PK\x03\x04":
        raise csv.Error("it is a ZIP archive or a spreadsheet; unpack it, or save it as CSV")
    if start == b"PAR1":
        raise csv.Error("it is a Parquet file; save it as CSV")
    return io.TextIOWrapper(_bytes(raw), encoding="utf-8-sig", errors="strict", newline="")


def _bytes(raw: BinaryIO) -> io.BufferedReader:
    """Return the bytes of a file, unpacked where they are gzipped, up to `MOST_TEXT`."""
    packed = raw.read(2) == GZIP
    raw.seek(0)
    stream = gzip.GzipFile(fileobj=raw) if packed else raw
    return io.BufferedReader(_Capped(cast(BinaryIO, stream), MOST_TEXT))


def _not_utf8(path: Path) -> ScenarioError:
    """Return what to say of a file in another encoding, or in several: the first line of it, and how many there are."""
    found: list[tuple[int, int]] = []  # line and byte
    with path.open("rb") as raw:
        for line, text in enumerate(_bytes(raw), 1):
            try:
                text.decode("utf-8")
            except UnicodeDecodeError as error:
                found.append((line, text[error.start]))
    many = f" (in {len(found):,} lines; the others are)" if len(found) > 1 else ""
    line, byte = found[0]
    return _refuse(path.name, f"byte 0x{byte:02x} is not UTF-8{many}; save the file as UTF-8", line)


def _chain(first: str, lines: Iterable[str]) -> Iterator[str]:
    yield first
    yield from lines


def _check_header(
    where: str,
    header: list[str],
    required: Sequence[str],
    optional: Sequence[str],
    other: bool,
    names: dict[str, str],
) -> None:
    known = (*required, *optional)
    allowed = ", ".join(_spelt(name, names) for name in known)
    problems = [
        Problem(where, _spelt(name, names), "the header names this column twice", name, line=1)
        for name in dict.fromkeys(header)
        if header.count(name) > 1 and name in known
    ]
    spare = [name for name in header if name not in known]
    problems += [
        Problem(where, _spelt(name, names), f"this column is missing from the header{_unused(spare)}", "", None,
                _close(name, names, spare), 1)
        for name in required
        if name not in header
    ]
    if not other:
        problems += [
            Problem(where, name or "(no name)", "unknown column", name, allowed, nearest(name, known), 1)
            for name in spare
        ]
    if problems:
        raise ScenarioError(problems)


def _spelt(name: str, names: dict[str, str]) -> str:
    """Return a column with its other spellings: ``start or startDate``."""
    return " or ".join([name, *(spelling for spelling, meant in names.items() if meant == name)])


def _unused(spare: list[str]) -> str:
    """Return which columns of the header mean nothing here: the missing one may be among them under another name."""
    shown = [f"'{name[:40]}'" for name in spare[:MOST_PROBLEMS] if name]
    return f", in which {', '.join(shown)} {'are' if len(shown) > 1 else 'is'} not known" if shown else ""


def _close(name: str, names: dict[str, str], spare: list[str]) -> str | None:
    """Return the spare column that was probably meant for one that is missing, under any of its spellings."""
    spellings = [name, *(spelling for spelling, meant in names.items() if meant == name)]
    return next(filter(None, (nearest(spelling, spare) for spelling in spellings)), None)


def _add(columns: Columns, cells: list[str], width: int, wanted: list[tuple[int, str]], line: int) -> None:
    if len(columns) >= MOST_ROWS:
        raise _refuse(columns.where, f"more than {MOST_ROWS:,} rows", line)
    columns.lines.append(line)
    row = len(columns) - 1
    ragged = len(cells) != width
    if ragged:
        columns.note(row, "", f"this row has {len(cells)} cells, the header has {width}")
    for number, name in wanted:
        text = "" if ragged else cells[number].strip()
        columns.cells[name].append(text)
        if message := _unfit(text):
            columns.note(row, name, message, text)


def _unfit(text: str) -> str | None:
    if text and text[0] in FORMULA:
        return f"'{text[:20]}' begins like a formula; write the value itself"
    if text.isascii() and text.isprintable():
        return None
    bad = next((character for character in text if character in "\t\n\r" or refused(character)), None)
    return f"character {describe(bad)} is not allowed" if bad else None


def _refuse(where: str, message: str, line: int | None = None) -> ScenarioError:
    return ScenarioError([Problem(where, "", message, line=line)])
