"""Make the README's picture and its neighbours again: ``python experiments/default_answer.py [RESULTS_FOLDER]``.

Runs the default comparison (what is already in the folder is not run again) and keeps its pictures of
the answer in results/gallery, with a text alternative for each.
"""

from __future__ import annotations

import sys
from pathlib import Path

import sim
from sim.report import gallery, style
from sim.report.text import headline
from sim.report.text_doubts import doubts

ROOT = Path(__file__).parent.parent
HOME = ROOT / "results" / "gallery"
SHOWN = ("forest", "difference", "futures")


def main(folder: str | None = None) -> None:
    found = sim.compare(ROOT / "scenarios" / "known_vs_strategic.yaml", out=folder)
    lines = ["# The default answer", "", "The default comparison, `mobilise compare scenarios/known_vs_strategic.yaml`; made by",
             "`python experiments/default_answer.py`.", "", headline(found.findings), "", doubts(found.findings), ""]
    for name, title, figure in gallery.pictures(found):
        if name in SHOWN:
            style.save(figure, HOME / f"{name}.svg", title)
            lines += [f"![{title}]({name}.svg)", ""]
    (HOME / "default_answer.md").write_text("\n".join(lines), encoding="utf-8")
    print(f"wrote  {HOME / 'default_answer.md'}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
