"""`mobilise lesson`: a lesson as a page to project, a sheet to print and notes for the teacher."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.console import console
from sim.cli.options import Json, Quiet, Whole

HELP = """Write a lesson: a page to project, a sheet to print, notes for the teacher. Without a name, list them.

\b
  mobilise lesson
  mobilise lesson reach_or_fit
"""
WHICH = "Which world; default: of nine the one whose answers agree most often with the others'."
World = Annotated[Whole, typer.Option("--replicate", min=0, help=WHICH)]
Name = Annotated[str | None, typer.Argument(metavar="LESSON", help="Which lesson.")]
Folder = Annotated[Path, typer.Option("--out", "-o", help="Folder to write to.")]


def lesson(name: Name = None, replicate: World = None, out: Folder = Path("results/lessons"), json: Json = False,
           quiet: Quiet = False) -> None:
    """Write a lesson, or list them."""
    from sim.app.lesson import lessons, play, sheet, teacher
    from sim.app.page import replay
    from sim.cli.texts import write

    if name is None:
        known = lessons()
        console.document({key: {"title": one["title"], "minutes": one["minutes"], "aim": one["aim"]}
                          for key, one in known.items()})
        console.answer("\n".join(f"  {key.ljust(20)} {one['title']} ({one['minutes']} minutes): {one['aim']}"
                                 for key, one in known.items()))
        console.finish(then="mobilise lesson reach_or_fit")
        return
    console.note("running nine worlds; the first time on a computer a minute more")
    recording = play(name, replicate)
    texts = {f"{name}.html": replay(recording), f"{name}-sheet.html": sheet(recording),
             f"{name}-teacher.html": teacher(name, recording)}
    for file, text in texts.items():
        write(out / file, text)
    files = [str(out / file) for file in texts]
    console.document({"lesson": name, "replicate": recording["replicate"], "files": files})
    console.answer(f"{recording['lesson']['title']}: open {out / f'{name}.html'} and press P to project")
    console.finish(files, "mobilise lesson   (the others)")
