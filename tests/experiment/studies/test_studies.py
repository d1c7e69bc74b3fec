"""Whole studies with the real engine: they resume, agree whoever runs them, and say what they found."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.errors import UsageError
from sim.experiment import store
from sim.experiment.campaign import How, Shard
from sim.experiment.regime import regime
from sim.experiment.store import Store
from sim.experiment.sweep import sweep

from .conftest import STUDY, Writer

GRID = STUDY + "design: {kind: grid, levels: 2}\n"
MAP = STUDY + "map: {x: cost, y: work.complementarity, steps: 2, refine: 1}\n"


def test_a_sweep_end_to_end(write: Writer, tmp_path: Path) -> None:
    found = sweep(write(GRID), tmp_path / "out", How(jobs=1))
    assert len(found.rows) == 5 and len(found.runs) == 5 * 2 * 2 and found.robust.futures == 5
    table = pd.read_csv(tmp_path / "out" / "sweep.csv")
    gap = table["strategic_mobilisation"] - table["same_known_partners"]
    assert gap.tolist() == pytest.approx(table["difference"].tolist())
    json.dumps(found.to_dict(), allow_nan=False)


def test_a_sweep_goes_on_where_it_was(write: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = write(GRID)
    before = sweep(study, tmp_path / "out", How(jobs=1))
    monkeypatch.setattr("sim.experiment.worker.run_each", lambda _specs: pytest.fail("ran again"))
    assert sweep(study, tmp_path / "out", How(jobs=1)).to_dict() == before.to_dict()


def test_shards_together_are_the_study(write: Writer, tmp_path: Path) -> None:
    study = write(GRID)
    whole = sweep(study, tmp_path / "whole", How(jobs=1))
    for k in (1, 2, 3):
        sweep(study, tmp_path / "parts", How(jobs=1, shard=Shard(k, 3)))
    assert Store(tmp_path / "parts", False).fingerprint() == Store(tmp_path / "whole", False).fingerprint()
    assert sweep(study, tmp_path / "parts", How(jobs=1)).to_dict()["rows"] == whole.to_dict()["rows"]


@pytest.mark.parametrize("text", ["0/3", "4/3", "2", "a/b", "1/0", "-1/3"])
def test_bad_shards_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="expected k/n"):
        Shard.of(text)


def test_more_replicates_leave_the_earlier_ones(write: Writer, tmp_path: Path) -> None:
    few = sweep(write(GRID), tmp_path / "out", How(jobs=1)).runs
    more = sweep(write(GRID, replicates="3"), tmp_path / "out", How(jobs=1)).runs
    assert set(few["run_id"]) < set(more["run_id"]) and len(more) == 30


def test_the_stop_rule_ends_early_or_spends_the_budget(write: Writer, tmp_path: Path) -> None:
    wide = sweep(write(STUDY + "stop: {half_width: 100000, most: 16}\ndesign: {samples: 2}\n"), tmp_path / "a", How(jobs=1))
    assert "narrow enough" in wide.why and wide.runs["replicate"].max() == 3
    tight = sweep(write(STUDY + "stop: {half_width: 0.0001, most: 8}\ndesign: {samples: 2}\n"), tmp_path / "b", How(jobs=1))
    assert "budget spent" in tight.why and tight.runs["replicate"].max() == 7


def test_a_regime_map_end_to_end(write: Writer, tmp_path: Path) -> None:
    study = write(MAP)
    found = regime(study, tmp_path / "out", How(jobs=1))
    plane = found.planes[0]
    own = found.own()
    assert own is not None and own[0] == pytest.approx(0.5)
    assert plane.field().shape == (5, 5) and sum(plane.shares().values()) == pytest.approx(1)
    assert found.worlds_run <= found.worlds_grid == 25 * 2
    at = {spot.node: spot.mean for spot in plane.spots}
    assert all(plane.field()[node] == mean for node, mean in at.items())
    json.dumps(found.to_dict(), allow_nan=False)
    assert regime(study, tmp_path / "out", How(jobs=1)).to_dict() == found.to_dict()


def test_a_map_of_effects_and_of_another_price(write: Writer, tmp_path: Path) -> None:
    cells = "known_by_trust, known_by_fit, wide_by_trust, wide_by_fit"
    text = MAP.replace("refine: 1", "refine: 0, effects: [reach, fit], lever: price, prices: [0.5], paid: search_cost").replace(
        "replicates:", "  price: {values: [0.5, 1], times: [search.cost_scale]}\nreplicates:")
    found = regime(write(text + f"policies: [same_known_partners, strategic_mobilisation, {cells}]\n"),
                   tmp_path / "out", How(jobs=1))
    reach, runs = found.planes[1], found.runs.set_index(["future", "replicate", "policy"])["outcome_net_value"]
    spot = reach.spots[0]
    gaps = [(runs[spot.future, r, "wide_by_trust"] + runs[spot.future, r, "wide_by_fit"]
             - runs[spot.future, r, "known_by_trust"] - runs[spot.future, r, "known_by_fit"]) / 2 for r in (0, 1)]
    assert spot.mean == pytest.approx(sum(gaps) / 2)
    costs = found.runs.set_index(["future", "policy"])["outcome_search_cost"]
    half = found.iso[0].spots[0]
    assert half.paid == pytest.approx(costs[half.future, "strategic_mobilisation"].mean())
    assert [plane.price for plane in found.iso] == [0.5] and [p.effect for p in found.planes] == ["bundle", "reach", "fit"]


def test_rounds_of_a_map_read_new_shards_only(write: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many rounds a finished map takes again, each of its files is read once for ids and once for numbers."""
    study, read = write(MAP), Counter()
    first = regime(study, tmp_path / "out", How(jobs=1))
    true = store.read_shard
    monkeypatch.setattr(store, "read_shard", lambda path, *rest: read.update([path]) or true(path, *rest))
    assert regime(study, tmp_path / "out", How(jobs=1)).to_dict() == first.to_dict()
    assert read and max(read.values()) == 2


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(words), prog_name="mobilise")
    return done.exit_code, done.output


def test_commands(write: Writer, tmp_path: Path) -> None:
    write(MAP + "design: {kind: grid, levels: 2}\n")
    path, out = str(tmp_path / "small.yaml"), str(tmp_path / "out")
    code, said = run("sweep", path, "--dry-run")
    assert code == 0 and "20 runs = 2 policies × 5 futures × 2 replicates" in said
    code, said = run("regime", path, "--dry-run")
    assert code == 0 and "at most 104 runs" in said
    code, said = run("sweep", path, "--out", out, "--jobs", "1")
    assert code == 0 and "Over 5 futures" in said and "next   mobilise regime" in said
    code, said = run("regime", path, "--out", out, "--jobs", "1")
    assert code == 0 and "of the map" in said and (tmp_path / "out" / "figures" / "regime.svg").exists()
    code, said = run("sweep", path, "--set", "design.kind=sobl")
    assert code == 3 and "did you mean 'sobol'" in said
    assert run("sweep", path, "--shard", "3/2")[0] == 2
    write(GRID)
    code, said = run("regime", path)
    assert code == 2 and "has no map" in said
