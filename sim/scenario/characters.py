"""From bytes to text: strict UTF-8 of bounded size without invisible or reordering characters."""

from __future__ import annotations

import re
import unicodedata
from itertools import chain
from pathlib import Path

from sim.errors import Problem, ScenarioError, nearest
from sim.scenario.shipped import FOLDERS, is_plain, shipped

MOST_BYTES = 1 << 20
WHITE = frozenset("\t\n\r")
REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
LINE_END = re.compile(r"\r\n|\r|\n")
MARKS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
FORMATS = (
    (b"PAR1", "a Parquet file of results"),
    (b"\x1f\x8b", "a gzip file"),
    (b"PK\x03\x04", "a zip or Excel file"),
    (b"%PDF", "a PDF file"),
    (b"\x89PNG", "a picture"),
)


def refused(character: str) -> bool:
    """Return True for control, bidirectional, zero-width, private and non-characters."""
    if character in WHITE:
        return False
    return unicodedata.category(character) in REFUSED or (ord(character) & 0xFFFE) == 0xFFFE


def position(text: str, offset: int) -> tuple[int, int]:
    """Return line and column, counted from 1, of a character offset."""
    line, start = 1, 0
    for end in LINE_END.finditer(text, 0, offset):
        line, start = line + 1, end.end()
    return line, offset - start + 1


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """Return the bytes of a scenario file, or say why there are none."""
    try:
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except FileNotFoundError:
        raise _refuse(path.name, f"no such file{_instead(path)}") from None
    except IsADirectoryError:
        raise _refuse(path.name or ".", "is a folder, not a scenario file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refuse(path.name, f"cannot be read: {reason}") from None
    if len(raw) > most:
        raise _refuse(path.name, f"is larger than {most:,} bytes")
    return raw


def _instead(path: Path) -> str:
    """Return what may have been meant by a file that is not there."""
    if is_plain(path):
        near = nearest(path.name, chain.from_iterable(map(shipped, FOLDERS)))
        return ", and nothing of that name is shipped" + (f"; did you mean '{near}'?" if near else
                                                         " (mobilise rules scenarios lists what is)")
    if not path.parent.is_dir():
        return f" (there is no folder '{path.parent}' here; 'mobilise init' begins a scenario of your own)"
    near = nearest(path.name, [one.name for one in path.parent.glob("*.yaml")])
    return f"; did you mean '{near}'?" if near else ""


def decode(raw: bytes, where: str) -> str:
    """Return the text of strict UTF-8 bytes; refuse everything else with its position."""
    for start, kind in FORMATS:
        if raw.startswith(start):
            raise _refuse(where, f"is {kind}, not a scenario", 1, 1)
    if any(raw.startswith(mark) for mark, _ in MARKS) or b"\0" in raw[:4]:
        raise _refuse(where, "is UTF-16 or UTF-32 text; save it as UTF-8", 1, 1)
    if raw.startswith(b"\xef\xbb\xbf"):
        raise _refuse(where, "starts with a byte order mark; save it as UTF-8 without BOM", 1, 1)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        raise _refuse(
            where,
            f"byte 0x{raw[error.start]:02x} is not UTF-8; save the file as UTF-8",
            *position(before, len(before)),
        ) from None
    check_characters(text, where)
    return text


def check_characters(text: str, where: str) -> None:
    """Refuse text with invisible characters, each with its position."""
    found = [i for i, character in enumerate(text) if not " " <= character <= "~" and refused(character)]
    if found:
        raise ScenarioError(_invisible(text, i, where) for i in found)


def describe(character: str) -> str:
    """Return what a refused character is called, for a message."""
    name = unicodedata.name(character, "control character").lower()
    return f"U+{ord(character):04X} ({name})"


def _invisible(text: str, offset: int, where: str) -> Problem:
    line, column = position(text, offset)
    return Problem(
        where,
        "",
        f"character {describe(text[offset])} is not allowed",
        f"U+{ord(text[offset]):04X}",
        line=line,
        column=column,
    )


def _refuse(where: str, message: str, line: int | None = None, column: int | None = None) -> ScenarioError:
    return ScenarioError([Problem(where, "", message, line=line, column=column)])
