"""Futures of a study, and the runs they stand for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.experiment.points import OWN, Expansion, Point, interleaved, own_share, placed, points, share

from .conftest import STUDY, Writer

HEAD = "name: small\nscenario: world.yaml\n"


def test_a_grid_holds_every_combination(write: Writer) -> None:
    found = points(write(STUDY + "design: {kind: grid, levels: 3}"))
    assert found[0] == Point(OWN) and len(found) == 10 and [p.number for p in found] == list(range(10))
    assert {p["work.complementarity"] for p in found[1:]} == {-8.0, -3.5, 1.0}
    assert {p["cost"] for p in found[1:]} == {0.25, 1.0, 4.0}  # a factor of 16: walked on the log scale


def test_lists_of_values_may_be_anything_a_scenario_takes(write: Writer) -> None:
    text = HEAD + "design: {kind: grid}\nuncertainties: {adopters: {values: [0.25, 1]}, rules.produce: {values: [ces, o_ring]}}"
    expansion = Expansion(write(text))
    split = [expansion.split(point) for point in points(expansion.study)]
    assert [(s.adopters, s.rules.produce) for s, _ in split] == [
        (1.0, "ces"), (0.25, "ces"), (0.25, "o_ring"), (1.0, "ces"), (1.0, "o_ring")]
    assert all(values == () for _, values in split)


def test_a_latin_hypercube_has_one_point_in_each_stratum(write: Writer) -> None:
    found = points(write(STUDY + "design: {kind: latin_hypercube, samples: 8}"))[1:]
    strata = sorted(int((float(p["work.complementarity"]) + 8) / 9 * 8) for p in found)
    assert strata == list(range(8))


def test_conditions_multiply(write: Writer) -> None:
    text = HEAD + ("uncertainties:\n  cost: {range: [0.5, 2], times: [search.cost_scale, work.coordination_cost]}\n"
                   "  price: {values: [0.5], times: [search.cost_scale]}\n")
    _, values = Expansion(write(text)).split(Point(1, (("cost", 2.0), ("price", 0.5))))
    assert dict(values) == {"search.cost_scale": 1.0, "work.coordination_cost": 2.0}


@pytest.mark.parametrize("name", ["cost", "work.complementarity"])
def test_share_undoes_placed(write: Writer, name: str) -> None:
    one = write().text.uncertainties[name]
    for u in (0.0, 0.25, 0.6, 1.0):
        assert share(one, float(placed(one, u))) == pytest.approx(u, abs=1e-5)


def test_lists_may_stand_beside_ranges_in_a_sample(write: Writer) -> None:
    text = HEAD + "design: {samples: 6}\nuncertainties: {trust.general: [0, 1], adopters: {values: [0.2, 0.5, 0.9]}}"
    assert sorted(p["adopters"] for p in points(write(text))[1:]) == [0.2, 0.2, 0.5, 0.5, 0.9, 0.9]


def test_the_own_place(write: Writer) -> None:
    study = write(HEAD + "uncertainties: {work.complementarity: [-8, 1], trust.general: [0.4, 0.5]}")
    assert own_share(study, "work.complementarity") == pytest.approx(6 / 9)
    assert own_share(study, "trust.general") is None  # 0.3 lies outside


def test_an_unfinished_study_is_balanced(write: Writer) -> None:
    found = points(write(STUDY + "design: {kind: grid, levels: 4}"))
    plan = interleaved(found, 3, seed=1)
    for end in range(len(plan)):
        counts = np.bincount([point.number for point, _ in plan[:end]], minlength=len(found))
        assert counts.max() - counts.min() <= 1
    assert [p.number for p, _ in plan[:17]] != sorted(p.number for p, _ in plan[:17])


def test_the_same_luck_at_every_point(write: Writer) -> None:
    expansion = Expansion(write(STUDY + "design: {kind: grid, levels: 2}"))
    one, other = (expansion.world(point, 1) for point in points(expansion.study)[1:3])
    assert {spec.replicate for spec in (*one, *other)} == {1} and one[0].run_id != other[0].run_id


def test_points_from_a_table(write: Writer, tmp_path: Path) -> None:
    (tmp_path / "posterior.csv").write_text("trust.general,distance\n0.2,1\n0.4,2\n", encoding="utf-8")
    found = points(write(HEAD + "design: {kind: list, file: posterior.csv}"))
    assert [dict(point.at) for point in found] == [{}, {"trust.general": 0.2}, {"trust.general": 0.4}]


@pytest.mark.parametrize(("content", "said"), [("trust.general\nx\n", "posterior.csv:2: .*is no number"),
                                               ("trust.general\n7\n", "posterior.csv:2: .*out of range")])
def test_a_bad_table_is_named(write: Writer, tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "posterior.csv").write_text(content, encoding="utf-8")
    with pytest.raises(ScenarioError, match=said):
        points(write(HEAD + "design: {kind: list, file: posterior.csv}"))


@pytest.mark.parametrize(("kind", "count"), [("sobol, samples: 8", 8 * 4), ("morris, trajectories: 5", 5 * 3)])
def test_designs_of_salib(write: Writer, kind: str, count: int) -> None:
    pytest.importorskip("SALib")
    one, again = (points(write(STUDY + f"design: {{kind: {kind}}}")) for _ in range(2))
    assert len(one) == count + 1 and one == again
