"""Where things are said: answers on stdout, everything else on stderr; one JSON document when asked."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import typer

from sim.errors import MobiliseError, ScenarioError


@dataclass
class Console:
    """How this command speaks.

    Parameters
    ----------
    json : one JSON document on stdout, everything else on stderr.
    quiet : nothing but answers and errors.
    """

    json: bool = False
    quiet: bool = False

    def reset(self) -> None:
        """Forget the options of the last command."""
        self.json = self.quiet = False

    def answer(self, text: str, strong: str = "") -> None:
        """Print an answer for a person; ``strong`` is its first part, bold on a terminal."""
        if not self.json:
            head = typer.style(strong, bold=True) + "\n\n" if strong else ""
            typer.echo(head + text, color=colour(sys.stdout))

    def document(self, content: Any) -> None:
        """Print the answer for a program."""
        if self.json:
            typer.echo(json.dumps(clean(content), indent=1, ensure_ascii=False, default=str))

    def note(self, text: str) -> None:
        """Say something about the work; never part of the answer."""
        if not self.quiet:
            typer.echo(text, err=True)

    def finish(self, wrote: Sequence[object] = (), then: str = "") -> None:
        """Name what was written and the next useful command."""
        for path in wrote:
            self.note(f"wrote  {path}")
        if then:
            self.note(f"next   {then}")


console = Console()


def colour(stream: Any) -> bool | None:
    """Return whether to use colour: never with NO_COLOR, else only on a terminal."""
    return False if os.environ.get("NO_COLOR") else bool(getattr(stream, "isatty", bool)())


def clean(value: Any) -> Any:
    """Return JSON-able data: numbers that are not finite become null, tuples become lists."""
    if isinstance(value, dict):
        return {str(key): clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not (abs(value) < float("inf")):
        return None
    return value


def say_error(error: MobiliseError) -> None:
    """Print an error with all its problems; as JSON where JSON was asked for."""
    if console.json:
        problems = [p.to_dict() for p in error.problems] if isinstance(error, ScenarioError) else []
        console.document({"error": str(error), "exit_code": error.exit_code, "problems": problems})
    else:
        typer.echo(str(error), err=True)
        if isinstance(error, ScenarioError):
            count = len(error.problems) + error.more
            typer.echo(f"{count} problem{'s' if count > 1 else ''}; nothing was run.", err=True)


def interrupted() -> None:
    """Say that an interruption loses nothing."""
    text = "interrupted: what was finished is kept; run the same command to go on"
    typer.echo(text, err=True)
    console.document({"error": text, "exit_code": 130, "problems": []})
