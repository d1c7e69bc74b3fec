"""Lessons: predict, run, reveal, explain. The texts are files; every answer is computed from the run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import as_file, files
from typing import Any

import yaml

from sim.app.measures import Answer, answer
from sim.app.recording import lanes_of, record
from sim.errors import UsageError, nearest
from sim.scenario.load import load

HOME = files("sim.app").joinpath("lessons")
ENDING, WORLD = ".yaml", ".scenario.yaml"
OTHERS = 8  # other worlds in which the same question is asked
MOST = 0.85  # share of other worlds from which on an answer is usual; below, eight of them cannot tell it from a coin


def lessons() -> dict[str, dict[str, Any]]:
    """Return every lesson by name."""
    names = sorted(one.name for one in HOME.iterdir() if one.name.endswith(ENDING) and not one.name.endswith(WORLD))
    return {name.removesuffix(ENDING): yaml.safe_load(HOME.joinpath(name).read_text("utf-8")) for name in names}


def find(name: str) -> dict[str, Any]:
    """Return a lesson; `UsageError` names the nearest."""
    known = lessons()
    if name not in known:
        close = nearest(name, known)
        hint = f"; did you mean '{close}'?" if close else ""
        raise UsageError(f"there is no lesson '{name}'; there are {', '.join(known)}{hint}")
    return known[name]


def play(name: str, replicate: int | None = None, others: int = OTHERS) -> dict[str, Any]:
    """Return the recording of a lesson's world, with the lesson and its answers.

    Parameters
    ----------
    name : the lesson.
    replicate : which world is watched; default: of those run the one whose answers agree most often with the others'.
    others : how many other worlds are run, to say in how many of them the answer is the same.
    """
    lesson = find(name)
    chosen = range(others + 1) if replicate is None else [replicate, *_besides(replicate, others)]
    made = [_world(name, lesson["policies"], k) for k in chosen]
    rules = [step["measure"] for step in lesson["steps"] if "measure" in step]
    found = [[answer(world, rule) for rule in rules] for world in made]
    watched = _ordinary([[right for right, _ in one] for one in found]) if replicate is None else 0
    by_question = iter(zip(*found, strict=True))
    steps = [_step(step, watched, next(by_question) if "measure" in step else ()) for step in lesson["steps"]]
    return {**made[watched], "lesson": {"title": lesson["title"], "steps": steps, "others": others,
                                        "ordinary": replicate is None}}


def _besides(replicate: int, count: int) -> list[int]:
    return [k for k in range(count + 1) if k != replicate][:count]


def _ordinary(answers: Sequence[Sequence[int]]) -> int:
    """Return the world whose answers agree most often with those of the others; the first of several."""
    shared = [sum(one == other for mine in answers for one, other in zip(world, mine, strict=True))
              for world in answers]
    return shared.index(max(shared))


def _world(name: str, policies: Sequence[str], replicate: int) -> dict[str, Any]:
    with as_file(HOME.joinpath(f"{name}{WORLD}")) as path:
        return record(lanes_of(load(path), policies, replicate))


def _step(step: Mapping[str, Any], watched: int, found: Sequence[Answer]) -> dict[str, Any]:
    """Return a step as the page shows it; a reveal gets its answer, its numbers, and how many worlds agree."""
    shown = {key: value for key, value in step.items() if key != "measure"}
    shown["text"] = str(step["text"]).strip()
    if found:
        right, numbers = found[watched]
        shown |= {"answer": right, "numbers": [*numbers, *_elsewhere(right, found)]}
    return shown


def _elsewhere(right: int, found: Sequence[Answer]) -> list[list[str]]:
    """Return the row that says in how many other worlds the answer is the same, and whether that makes it a rule."""
    others = len(found) - 1
    if others == 0:
        return []
    same = sum(answer == right for answer, _ in found) - 1
    caution = "" if same >= MOST * others else "; true in this world, not a rule"
    return [["the same answer in", f"{same} of {others} other worlds{caution}"]]


def sheet(recording: Mapping[str, Any]) -> str:
    """Return the printable sheet for pupils: questions with boxes, room for reasons, no answers."""
    asked = [step for step in recording["lesson"]["steps"] if step["kind"] == "predict"]
    parts = [f"<section><h2>{k}. {escape(step['question'])}</h2><p>{escape(step['text'])}</p>{_boxes(step)}"
             '<p class="quiet">Because</p><div class="lines"></div><div class="lines"></div></section>'
             for k, step in enumerate(asked, 1)]
    end = '<section><h2>What I did not expect</h2><div class="lines"></div><div class="lines"></div></section>'
    return _paper(recording, '<p class="quiet">Name ____________________ &nbsp; Date ____________</p>'
                  + "".join(parts) + end)


def teacher(name: str, recording: Mapping[str, Any]) -> str:
    """Return the teacher's notes: aim, course, answers of this very run, what to watch for."""
    lesson, steps = find(name), recording["lesson"]["steps"]
    asked = {step["id"]: step for step in steps if step["kind"] == "predict"}
    answers = "".join(
        f"<section><h2>{escape(asked[step['of']]['question'])}</h2>{_boxes(asked[step['of']], step['answer'])}"
        f"<p>{escape(step['text'])}</p><table>{''.join(_row(row) for row in step['numbers'])}</table></section>"
        for step in steps if step["kind"] == "reveal")
    notes = "".join(f"<p>{escape(line)}</p>" for line in str(lesson["notes"]).strip().splitlines())
    return _paper(recording, f"<p><b>Aim.</b> {escape(lesson['aim'])}</p><p class='quiet'>{lesson['minutes']} minutes; "
                  "project the page (key P), hand out the sheet, let everybody commit before each film.</p>"
                  f"<h2>Notes</h2>{notes}<h1>Answers of this run</h1><p>{_which(recording)}</p>{answers}")


def _which(recording: Mapping[str, Any]) -> str:
    """Say which world the class watches, and how it was chosen."""
    world, others = recording["replicate"], recording["lesson"]["others"]
    if not recording["lesson"]["ordinary"]:
        return f"The class watches world {world}, which you chose."
    return (f"The class watches world {world}: of {others + 1} worlds that were run it is the one whose answers agree "
            "most often with the others'. So it surprises less than a world drawn blindly; how many of the others "
            "agree stands under each answer. Another one: mobilise lesson, with --replicate.")


def _row(cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def _boxes(step: Mapping[str, Any], right: int | None = None) -> str:
    items = "".join(f'<li{" class=right" if k == right else ""}>{escape(text)}</li>'
                    for k, text in enumerate(step["choices"]))
    return f'<ol class="choices">{items}</ol>'


def _paper(recording: Mapping[str, Any], inside: str) -> str:
    title = escape(recording["lesson"]["title"])
    return (f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f"<style>{HOME.joinpath('paper.css').read_text('utf-8')}</style></head>"
            f'<body><main><h1>{title}</h1><p class="quiet">{escape(recording["question"])}</p>{inside}</main>'
            "</body></html>\n")
