"""Lessons: whole, played, and answered from the run; the measures against numbers worked out by hand."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest

from sim.app.lesson import _elsewhere, find, lessons, play, sheet, teacher
from sim.app.measures import answer
from sim.app.page import as_json
from sim.errors import UsageError

INTERACTION = {"take": "interaction", "series": "net", "unit": "kEUR"}
CHANGE = {"take": "better_change", "series": "net", "sum": True, "runs": [1, 2], "unit": "kEUR"}
KINDS = ("predict", "run", "reveal", "explain")


def invented(**series):
    """A recording with as many runs as the longest list of series."""
    count = max(map(len, series.values()))
    return {"runs": [{"label": f"run {k}", "series": {name: values[k] for name, values in series.items()}} for k in range(count)]}


@pytest.mark.parametrize(("rule", "series", "right"), [
    ({"take": "larger", "series": "net", "sum": True, "tolerance": 1}, {"net": [[1, 2, 3], [1, 2, 1]]}, 0),
    ({"take": "larger", "series": "net", "sum": True, "tolerance": 1}, {"net": [[1, 2, 1], [1, 2, 3]]}, 1),
    ({"take": "larger", "series": "net", "sum": True, "tolerance": 2}, {"net": [[1, 2, 3], [1, 2, 1]]}, 2),
    ({"take": "larger", "series": "net", "sum": True, "until": 1, "tolerance": 0}, {"net": [[5, -9], [4, 9]]}, 0),
    ({"take": "larger", "series": "won", "last": 2, "tolerance": 0}, {"won": [[9, None, 0.2], [0, 0.1, 0.5]]}, 1),
    ({"take": "larger", "series": "won", "tolerance": 0}, {"won": [[None, None], [1, 1]]}, 2),
    ({"take": "larger", "series": "net", "sum": True, "runs": [1, 2], "tolerance": 0}, {"net": [[9], [1], [2]]}, 1),
    ({"take": "band", "series": "repeat", "run": 0, "bounds": [0.25, 0.5]}, {"repeat": [[0.2, 0.4]]}, 1),
    ({"take": "band", "series": "repeat", "run": 0, "bounds": [0.25, 0.5]}, {"repeat": [[0.9, 0.9]]}, 2),
    ({"take": "wider_gap", "series": ["search", "work"]}, {"search": [[3], [1]], "work": [[1], [9]]}, 1),
    ({"take": "falls_more", "series": "won", "before": [1, 2], "after": [3, 4], "tolerance": 0.1},
     {"won": [[0.8, 0.8, 0.2, 0.2], [0.5, 0.5, 0.4, 0.4]]}, 0),
    ({**INTERACTION, "tolerance": 1}, {"net": [[10], [15], [12], [30]]}, 0),
    ({**INTERACTION, "tolerance": 1}, {"net": [[10], [15], [12], [17]]}, 1),
    ({**INTERACTION, "tolerance": 1}, {"net": [[10], [15], [12], [13]]}, 2),
    ({**CHANGE, "tolerance": 1}, {"net": [[10], [15], [12]]}, 0),
    ({**CHANGE, "tolerance": 1}, {"net": [[10], [9], [12]]}, 1),
    ({**CHANGE, "tolerance": 4}, {"net": [[10], [15], [12]]}, 2),
    ({**CHANGE, "tolerance": 2}, {"net": [[10], [8], [12]]}, 3),
    ({**CHANGE, "tolerance": 0}, {"net": [[10], [10], [3]]}, 3),
])
def test_measures_choose_as_by_hand(rule, series, right):
    assert answer(invented(**series), rule)[0] == right


def test_a_loss_is_worded_as_a_loss_and_all_four_totals_are_shown():
    _, rows = answer(invented(net=[[10], [8], [7], [9]]), {**INTERACTION, "tolerance": 1})
    assert [value for _, value in rows] == ["10", "8", "7", "9", "1 kEUR less", "5 kEUR less"]
    _, rows = answer(invented(net=[[10], [8], [13]]), {**CHANGE, "tolerance": 1})
    assert [value for _, value in rows] == ["10", "8 (2 kEUR less)", "13 (3 kEUR more)"]


@pytest.mark.parametrize(("others", "said"), [
    ([1] * 7 + [0], "7 of 8 other worlds"), ([1] * 6 + [0, 2], "6 of 8 other worlds; true in this world, not a rule")])
def test_an_answer_that_a_coin_could_give_elsewhere_is_no_rule(others, said):
    assert _elsewhere(1, [(1, []), *((one, []) for one in others)]) == [["the same answer in", said]]


@pytest.mark.parametrize("name", ["trust_and_lock_in", "what_search_costs", "shock_and_variety", "reach_or_fit"])
def test_each_lesson_plays_and_answers_from_its_run(name):
    recording, raw = play(name, others=1), find(name)
    jsonschema.validate(json.loads(as_json(recording)), json.loads(files("sim.app").joinpath("recording.schema.json").read_text("utf-8")))
    steps = recording["lesson"]["steps"]
    assert {step["kind"] for step in steps} == set(KINDS)
    asked = {step["id"]: step for step in steps if step["kind"] == "predict"}
    reveals = [step for step in steps if step["kind"] == "reveal"]
    assert {step["of"] for step in reveals} == set(asked)
    for step, told in zip(reveals, (s for s in raw["steps"] if s["kind"] == "reveal"), strict=True):
        assert "answer" not in told and "numbers" not in told      # nothing is hard-coded
        assert answer(recording, told["measure"])[0] == step["answer"] < len(asked[step["of"]]["choices"])
        assert "of 1 other worlds" in step["numbers"][-1][1]
        places = [k for k, s in enumerate(steps) if s.get("id") == step["of"] or s is step]
        assert steps[places[0]]["kind"] == "predict"
    paper, notes = sheet(recording), teacher(name, recording)
    assert all(one["question"].replace("'", "&#x27;") in paper for one in asked.values())
    assert "class=right" not in paper and notes.count("class=right") == len(asked)


def test_the_four_lessons_ship_and_a_wrong_name_is_put_right():
    assert {"trust_and_lock_in", "what_search_costs", "shock_and_variety", "reach_or_fit"} <= set(lessons())
    with pytest.raises(UsageError, match="did you mean 'reach_or_fit'"):
        find("reach_or_fitt")
