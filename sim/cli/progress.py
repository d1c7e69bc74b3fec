"""Progress on stderr: a live bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

EVERY = 10.0  # seconds between plain lines


def span(seconds: float) -> str:
    """Return a duration as people say it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun: 1 run, 2 runs."""
    return f"{number:,} {one if number == 1 else many}"


class Progress:
    """Tells runs done, failed, and how long the rest will take."""

    def __init__(self, silent: bool) -> None:
        self.silent = silent
        self.began = self.spoke = time.monotonic()
        self.bar: Any = None
        self.standing = ""

    def __enter__(self) -> Progress:
        if not self.silent and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress as Bar

            screen = Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR")))
            self.bar = Bar(console=screen, transient=True)
            self.bar.start()
            self.task = self.bar.add_task("compiling or loading the engine", total=None)
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()

    def note(self, standing: str) -> None:
        """Take how the difference stands; it is shown with the next news."""
        self.standing = standing

    def tell(self, done: int, total: int, failed: int) -> None:
        """Take the news that a run is finished."""
        if self.silent:
            return
        text = f"{done} of {total} runs" + (f", {failed} failed" if failed else "")
        text += f" · {self.standing}" if self.standing else ""
        if self.bar is not None:
            self.bar.update(self.task, completed=done, total=total, description=text)
            return
        now = time.monotonic()
        if done == total or now - self.spoke > EVERY:
            self.spoke = now
            rest = (now - self.began) / done * (total - done)
            print(text + (f", about {span(rest)} to go" if done < total else ""), file=sys.stderr)
