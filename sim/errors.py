"""Errors that say where, what was given, what is allowed and which name was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

MOST_PROBLEMS = 20


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed name closest to ``word``, or None when nothing is close.

    A name that differs only in case, hyphens or spaces counts as close.
    """
    names = sorted(set(allowed))
    plain = word.strip().lower().replace("-", "_").replace(" ", "_")[:80]
    close = difflib.get_close_matches(plain, names, n=1, cutoff=0.6)
    return close[0] if close else None


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in what a person wrote.

    Parameters
    ----------
    where : file name, or the command-line option it came from.
    key : dotted address of the setting, or column of a table; may be empty.
    message : what is wrong, in plain words.
    given : what was given, shortened.
    allowed : what would be right, or None.
    nearest : the name that was probably meant, or None.
    line, column : position counted from 1, or None.
    """

    where: str
    key: str
    message: str
    given: str = ""
    allowed: str | None = None
    nearest: str | None = None
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.where, self.line, self.column) if part is not None)
        named = self.key and self.where != f"--set {self.key}"  # which has named it already
        text = f"{place}: {self.key}: {self.message}" if named else f"{place}: {self.message}"
        if self.allowed is not None:
            text += f"; allowed {self.allowed}"
        return f"{text}; did you mean '{self.nearest}'?" if self.nearest else text

    def to_dict(self) -> dict[str, Any]:
        """Return the same fields for ``--json``."""
        return asdict(self)


class MobiliseError(Exception):
    """Anything this program tells a person without a traceback."""

    exit_code = 1


class UsageError(MobiliseError):
    """The command line asks for something that does not exist or does not fit together."""

    exit_code = 2


class ScenarioError(MobiliseError):
    """A scenario, policy or table cannot be used; ``problems`` lists all that was found at one stage."""

    exit_code = 3

    def __init__(self, problems: Iterable[Problem]) -> None:
        found = tuple(problems)
        self.problems = found[:MOST_PROBLEMS]
        self.more = len(found) - len(self.problems)
        super().__init__(self.problems, self.more)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problems,)

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems]
        if self.more:
            lines.append(f"... and {self.more} more")
        return "\n".join(lines)
