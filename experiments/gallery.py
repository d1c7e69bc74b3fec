"""Make the gallery of shipped studies: run (or go on with) each, draw it, write what it shows in words.

    python experiments/gallery.py                    all of them, into results/gallery
    python experiments/gallery.py regime_face        one of them

What was run before is not run again. Each study's own results lie in results/<study>.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sim.experiment.campaign import How
from sim.experiment.regime import regime
from sim.experiment.sensitivity import sensitivity
from sim.experiment.sweep import sweep
from sim.record import replace, write_json
from sim.report import style
from sim.report.deciders import deciders
from sim.report.regime import regime_map, regime_maps
from sim.report.sweeps import along, by_policy, runs_saved
from sim.report.text_sensitivity import sensitivity_text
from sim.report.text_studies import regime_text, sweep_text
from sim.run import RESULT_VERSION, engine
from sim.scenario.load_study import Study, load_study

HERE = Path(__file__).parent
GALLERY = ROOT / "results" / "gallery"
SIZES = {"known_2": 2, "known_3": 3, "same_known_partners": 4, "known_5": 5, "known_6": 6, "known_8": 8, "known_10": 10,
         "known_12": 12}
Drawn = tuple[str, dict[str, object], int]


def draw_map(study: Study, how: How) -> Drawn:
    found = regime(study, ROOT / "results" / study.text.name, how)
    name, several = study.text.name, len(found.planes) > 1
    pictures = {name: regime_maps(found) if several else regime_map(found)[0]}
    return "\n\n".join(regime_text(found)), pictures, len(found.runs)


def draw_deciders(study: Study, how: How) -> Drawn:
    found = sensitivity(study, ROOT / "results" / study.text.name, how)
    return "\n\n".join(sensitivity_text(found)), {study.text.name: deciders(found)[0]}, len(found.runs)


def draw_sweep(picture: Callable[[object], object]) -> Callable[[Study, How], Drawn]:
    def drawn(study: Study, how: How) -> Drawn:
        found = sweep(study, ROOT / "results" / study.text.name, how)
        return "\n\n".join(sweep_text(found)), {study.text.name: picture(found)}, len(found.runs)
    return drawn


STUDIES: dict[str, Callable[[Study, How], Drawn]] = {
    "regime_face": draw_map, "regime_effects": draw_map, "regime_breadth_turbulence": draw_map, "regime_trust_noise": draw_map,
    "what_decides_morris": draw_deciders, "what_decides_sobol": draw_deciders,
    "adopters": draw_sweep(lambda found: along(found, "adopters", title="What adopting gains when only some adopt")[0]),
    "team_size": draw_sweep(lambda found: by_policy(
        found, SIZES, "work.coordination_cost", title="How large should a team of known partners be?",
        label="Usual team size, the lead included")[0]),
    "keyed_luck": draw_sweep(lambda found: runs_saved(found)[0]),
}


def make(name: str, jobs: int | None) -> None:
    """Run one study and put its picture, its words and its conditions into the gallery."""
    study, start, cpu = load_study(HERE / f"{name}.yaml"), time.monotonic(), os.times()
    text, pictures, runs = STUDIES[name](study, How(jobs=jobs, path=f"experiments/{name}.yaml"))
    GALLERY.mkdir(parents=True, exist_ok=True)
    for stem, figure in pictures.items():
        style.save(figure, GALLERY / f"{stem}.svg", study.text.question)
        style.save(figure, GALLERY / f"{stem}.png", study.text.question)
    replace(GALLERY / f"{name}.txt", (text + "\n").encode())
    used = os.times()
    world = study.scenario.world
    about = {"question": study.text.question, "expectation": study.text.expectation, "runs": runs, "engine": engine(),
             "result_version": RESULT_VERSION, "smes": world.smes, "quarters": world.steps,
             "python": platform.python_version()}
    write_json(GALLERY / f"{name}.json", about)
    seconds = sum(used[:4]) - sum(cpu[:4])
    print(f"{name}: {runs} runs, {time.monotonic() - start:.0f} s on the clock, {seconds:.0f} s of processor time", flush=True)


def page() -> None:
    """Write the gallery's page from what lies in it: pictures with their text alternatives."""
    parts = ["# Gallery of shipped studies", "", "Made by `python experiments/gallery.py`; each study's file lies under "
             "[experiments](../../experiments/README.md). Every picture says in words what it shows.", ""]
    for name in STUDIES:
        record = GALLERY / f"{name}.json"
        if not record.exists():
            continue
        about, text = json.loads(record.read_text()), (GALLERY / f"{name}.txt").read_text("utf-8").strip()
        head, _, rest = text.partition("\n\n")
        parts += [f"## {name.replace('_', ' ').capitalize()}", "", " ".join(about["question"].split()), ""]
        if about["expectation"]:
            parts += [f"*Expected before it was run:* {' '.join(about['expectation'].split())}", ""]
        parts += [f"![{' '.join(head.split())}]({name}.svg)", "", " ".join(head.split()), "", "<details><summary>All numbers</summary>",
                  "", "```", rest, "```", "", "</details>", "",
                  f"{about['runs']:,} runs of {about['smes']} SMEs over {about['quarters']} quarters; engine {about['engine']}, result "
                  f"version {about['result_version']}; `experiments/{name}.yaml`.", ""]
    replace(GALLERY / "README.md", "\n".join(parts).encode())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("studies", nargs="*", choices=[*STUDIES, []], help="default: all")
    parser.add_argument("--jobs", type=int)
    asked = parser.parse_args()
    for name in asked.studies or STUDIES:
        make(name, asked.jobs)
    page()


if __name__ == "__main__":
    main()
