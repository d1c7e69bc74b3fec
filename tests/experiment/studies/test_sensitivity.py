"""What decides: indices against functions whose indices are known, and the whole way with the engine."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.errors import UsageError
from sim.experiment.campaign import How
from sim.experiment.points import points, shares_of
from sim.experiment.sensitivity import analyse, elementary, profile_of, sensitivity, whole_blocks
from sim.report.text_sensitivity import sensitivity_text
from sim.scenario.load_study import Study

from .conftest import Writer

pytest.importorskip("SALib")
FOUR = """
name: small
scenario: world.yaml
uncertainties: {trust.general: [0, 1], search.noise: [0, 1], learn.partners: [0, 1], part.hazard: [0, 1]}
replicates: 2
"""


def runs_of(study: Study, truth: object, noise: float = 0.0) -> pd.DataFrame:
    """Return runs whose difference is a known function of the places in the ranges."""
    luck, rows = np.random.default_rng(1), []
    for number, x in enumerate(shares_of(study), 1):
        for r in range(study.text.replicates):
            gap = truth(*x) + noise * luck.normal()  # type: ignore[operator]
            rows += [{"policy": "same_known_partners", "future": number, "replicate": r, "outcome_net_value": 5.0},
                     {"policy": "strategic_mobilisation", "future": number, "replicate": r, "outcome_net_value": 5.0 + gap}]
    return pd.DataFrame(rows)


def found_for(study: Study, truth: object, tmp_path: Path, drop: int | None = None, noise: float = 0.0):
    frame = runs_of(study, truth, noise)
    frame = frame if drop is None else frame[frame["future"] != drop]
    return analyse(study, frame, points(study), tmp_path)


def test_morris_of_a_plane_is_its_slopes(write: Writer, tmp_path: Path) -> None:
    study = write(FOUR + "design: {kind: morris, trajectories: 8}")
    found = found_for(study, lambda a, b, c, d: 8 * a - 4 * b + 1 * c - 2, tmp_path)
    by = {one.name: one for one in found.influences}
    assert [one.name for one in found.influences][:3] == ["trust.general", "search.noise", "learn.partners"]
    assert [by[name].alone for name in by] == pytest.approx([8, 4, 1, 0]) and by["search.noise"].direction == pytest.approx(-4)
    assert all(one.whole == pytest.approx(0, abs=1e-9) for one in found.influences)  # a plane has no interactions
    assert found.freeze == ("part.hazard",)


def test_sobol_of_a_sum_and_of_a_product(write: Writer, tmp_path: Path) -> None:
    study = write(FOUR + "design: {kind: sobol, samples: 512}")
    found = found_for(study, lambda a, b, c, d: 3 * a + 4 * b, tmp_path)
    by = {one.name: one for one in found.influences}
    assert (by["trust.general"].alone, by["search.noise"].alone) == pytest.approx((9 / 25, 16 / 25), abs=0.03)
    found = found_for(study, lambda a, b, c, d: (a - 0.5) * (b - 0.5), tmp_path)
    by = {one.name: one for one in found.influences}
    assert by["trust.general"].alone == pytest.approx(0, abs=0.05) and by["trust.general"].whole == pytest.approx(1, abs=0.05)
    assert by["part.hazard"].whole == pytest.approx(0, abs=0.02)


def test_intervals_hold_the_truth(write: Writer, tmp_path: Path) -> None:
    study = write(FOUR + "design: {kind: sobol, samples: 128}")
    found = found_for(study, lambda a, b, c, d: 3 * a + 4 * b, tmp_path, noise=0.5)
    by = {one.name: one for one in found.influences}
    assert by["search.noise"].low <= 16 / 25 <= by["search.noise"].high


def test_a_condition_that_turns_the_ranking_is_named_with_its_border(write: Writer, tmp_path: Path) -> None:
    study = write(FOUR + "design: {kind: sobol, samples: 256}")
    found = found_for(study, lambda a, b, c, d: 10 * (a - 0.6) + 0.1 * b, tmp_path)
    by = {one.name: one for one in found.influences}
    assert by["trust.general"].flips and by["trust.general"].border == pytest.approx(0.6, abs=0.05)
    assert not by["search.noise"].flips and np.isnan(by["search.noise"].border)
    head, text = sensitivity_text(found)
    assert "trust.general" in head and "above about 0." in " ".join(text.split())
    assert found.ahead == pytest.approx(0.4, abs=0.03)


@pytest.mark.parametrize(("kind", "block"), [("morris, trajectories: 6", 5), ("sobol, samples: 16", 6)])
def test_a_missing_run_costs_its_block_and_no_more(write: Writer, tmp_path: Path, kind: str, block: int) -> None:
    study = write(FOUR + f"design: {{kind: {kind}}}")
    whole = found_for(study, lambda a, b, c, d: a, tmp_path)
    found = found_for(study, lambda a, b, c, d: a, tmp_path, drop=3)
    assert (whole.blocks, whole.whole) == (found.blocks, found.whole + 1) and found.futures == whole.futures - block
    assert "1 of" in sensitivity_text(found)[1]


def test_blocks_by_hand() -> None:
    gaps = np.array([[1.0], [np.nan], [1.0], [2.0]])
    assert whole_blocks(gaps, 2).tolist() == [False, False, True, True]


def test_elementary_effects_by_hand() -> None:
    x = np.array([[0, 0], [0.5, 0], [0.5, 0.5], [1, 1], [1, 0.5], [0.5, 0.5]])
    y = np.array([0.0, 1.0, 4.0, 10.0, 7.0, 5.0])
    assert elementary(x, y).tolist() == [[2.0, 6.0], [4.0, 6.0]]


def test_an_empty_fifth_borrows_its_neighbour() -> None:
    assert profile_of(np.array([0.1, 0.9]), np.array([1.0, 3.0])) == [1.0, 1.0, 1.0, 3.0, 3.0]


def test_the_whole_way(write: Writer, tmp_path: Path) -> None:
    study = write(FOUR + "design: {kind: morris, trajectories: 2}")
    found = sensitivity(study, tmp_path / "out", How(jobs=1))
    assert len(found.influences) == 4 and (tmp_path / "out" / "sensitivity.csv").exists()
    json.dumps(found.to_dict(), allow_nan=False)
    with pytest.raises(UsageError, match="needs"):
        sensitivity(write(FOUR), tmp_path / "out", How(jobs=1))
