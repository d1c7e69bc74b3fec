"""The whole way, with the real engine: from a scenario to findings, frames and files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.errors import UsageError
from sim.experiment.channels import SWITCHES, channels, switched_off, variants
from sim.experiment.compare import NothingRan, compare, resolve
from sim.experiment.store import Store
from sim.outcomes.registry import outcomes
from sim.run import Broken, RunSpec, run, run_each, run_world
from sim.scenario import Scenario, loads

SIZE = "world: {smes: 24, clusters: 2, steps: 4, burn_in: 1}\nchallenges: {rate: 0.5}\n"
TEXT = SIZE + """
name: tiny
policies: [same_known_partners, strategic_mobilisation, known_by_trust, known_by_fit, wide_by_trust, wide_by_fit, oracle]
baseline: same_known_partners
focus: strategic_mobilisation
replicates: 3
futures: {count: 2}
"""
POLICIES = 7


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> sim.Comparison:
    return compare(loads(TEXT), jobs=1, out=tmp_path_factory.mktemp("study"))


@pytest.fixture()
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.yaml").write_text(TEXT)
    yield tmp_path


def test_findings(found: sim.Comparison) -> None:
    f = found.findings
    assert (f.own_worlds, f.future_worlds, f.quarters, len(f.policies)) == (3, 2, 4, POLICIES)
    assert f.headline in f.differences and f.headline.outcome == "net_value"
    assert len(f.differences) == (POLICIES - 1) * len(outcomes())
    assert {e.name for e in f.effects} == {"reach", "fit", "reach x fit"}
    assert [s.name for s in f.decomposition] == ["fill", "fit", "reach", "bundle"]
    assert sum(s.estimate.mean for s in f.decomposition) == pytest.approx(f.headline.estimate.mean)
    assert all(sum(reach.realised.values()) == pytest.approx(1.0) for reach in f.reach)
    assert f.failures == ()


def test_totals_agree_with_series(found: sim.Comparison) -> None:
    tidy, totals = found.to_pandas(), found.totals()
    assert list(tidy.columns) == ["policy", "future", "replicate", "step", "outcome", "value"]
    keys = ["policy", "future", "replicate"]
    value = tidy[tidy["outcome"] == "value"].groupby(keys)["value"].sum()
    net = totals[totals["outcome"] == "value"].set_index(keys)["value"]
    alive = found.runs.set_index(keys)["start"]
    pd.testing.assert_series_equal((net * alive).sort_index(), (value * 1e-5).sort_index(), check_names=False)


def test_every_policy_starts_from_the_same_world(found: sim.Comparison) -> None:
    assert (found.runs.groupby(["future", "replicate"])["start"].nunique() == 1).all()


def test_sectors_and_a_closer_look(found: sim.Comparison) -> None:
    assert found.sectors("oracle").shape == (10, 10)
    spec = found.spec("oracle", replicate=1)
    assert spec.run_id in set(found.runs["run_id"])
    assert found.spec("oracle", future=2).run_id in set(found.runs["run_id"])
    with pytest.raises(UsageError, match="no run of oracle in future 9"):
        found.spec("oracle", future=9)


def test_what_a_notebook_shows(found: sim.Comparison) -> None:
    said = repr(found)
    assert said.startswith("strategic_mobilisation against same_known_partners: ")
    assert "of 3 worlds and" in said and len(said.splitlines()) == POLICIES - 1
    assert "<table" in found._repr_html_() and "strategic_mobilisation" in found._repr_html_()


def test_json_has_no_nan(found: sim.Comparison) -> None:
    json.dumps(found.findings.to_dict(), allow_nan=False)


def test_the_files(found: sim.Comparison) -> None:
    table = pd.read_csv(found.folder / "comparison.csv")
    assert len(table) == len(found.findings.differences)
    manifest = json.loads((found.folder / "manifest.json").read_text())
    assert manifest["planned"] == 35 and manifest["name"] == "tiny"
    assert len(pd.read_parquet(found.folder / "design.parquet")) == 35


def test_again_gives_the_same_and_runs_nothing(found: sim.Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.experiment.worker.run_each", lambda _specs: pytest.fail("ran again"))
    again = compare(loads(TEXT), jobs=1, out=found.folder)
    assert again.findings.to_dict() == found.findings.to_dict()


@pytest.mark.slow
def test_two_processes_give_the_same_bytes(found: sim.Comparison, tmp_path: Path) -> None:
    other = compare(loads(TEXT), jobs=2, out=tmp_path / "two")
    assert Store(other.folder).fingerprint() == Store(found.folder).fingerprint()
    names = [sorted(path.name for path in (folder / "runs").iterdir()) for folder in (other.folder, found.folder)]
    assert names[0] == names[1]


@pytest.mark.slow
def test_a_run_alone_is_the_run_in_its_world() -> None:
    scenario = loads(TEXT)
    specs = [RunSpec(scenario, policy.name) for policy in scenario.policies]
    together = {result.spec.policy: result for result in run_world(specs)}
    for spec in specs[::3]:
        alone = run(spec)
        assert repr(alone.totals) == repr(together[spec.policy].totals)
        assert all((alone.series[name].tobytes() == series.tobytes())
                   for name, series in together[spec.policy].series.items())


def test_a_policy_that_differs_only_in_name_gives_the_same_numbers() -> None:
    scenario = loads(SIZE + "policies: [oracle, {like: oracle, name: seer}]")
    one, other = run_world([RunSpec(scenario, "oracle"), RunSpec(scenario, "seer")])
    assert repr(one.totals) == repr(other.totals) and one.spec.run_id != other.spec.run_id


@pytest.mark.slow
def test_a_longer_horizon_leaves_the_first_quarters() -> None:
    short = run(RunSpec(loads(SIZE), "strategic_mobilisation"))
    long = run(RunSpec(loads(SIZE, {"world.steps": 7}), "strategic_mobilisation"))
    assert all((long.series[name][:4].tobytes() == series.tobytes()) for name, series in short.series.items())


@pytest.mark.slow
def test_a_future_is_the_scenario_with_other_settings() -> None:
    base = loads(SIZE)
    drawn = run(RunSpec(base, "random", 3, (("trust.general", 0.42), ("work.complementarity", -5.0))))
    given = run(RunSpec(loads(SIZE, {"trust.general": 0.42, "work.complementarity": -5.0}), "random"))
    assert repr(drawn.totals) == repr(given.totals)


def test_run_world_takes_one_world() -> None:
    scenario = loads(SIZE)
    assert run_world([]) == []
    with pytest.raises(UsageError, match="one future, one replicate"):
        run_world([RunSpec(scenario, "random"), RunSpec(scenario, "random", replicate=1)])


def test_an_error_in_one_policy_spares_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    import sim.run as entry

    real = entry._arm
    monkeypatch.setattr(entry, "_arm", lambda spec, *rest: 1 / 0 if spec.policy == "solo" else real(spec, *rest))
    scenario = loads(SIZE)
    first, second = run_each([RunSpec(scenario, "solo"), RunSpec(scenario, "random")])
    assert isinstance(first, Broken) and first.error == "ZeroDivisionError: division by zero"
    assert "Traceback" in first.traceback and not isinstance(second, Broken)


def test_when_everything_fails_the_first_error_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.run.begin", lambda _spec: 1 / 0)
    with pytest.raises(NothingRan, match="none of 35 runs finished; the first error: ZeroDivisionError"):
        compare(loads(TEXT), jobs=1, out=tmp_path)
    assert len(list((tmp_path / "failures").iterdir())) == 35


@pytest.mark.slow
def test_changed_settings_get_a_folder_of_their_own(elsewhere: Path) -> None:
    few = ["solo", "random"]
    change = ["baseline=solo", "focus=random"]
    first = compare("tiny.yaml", replicates=1, jobs=1, policies=few, overrides=change)
    assert first.folder == Path("results/tiny") and first.findings.own_worlds == first.findings.future_worlds == 1
    other = compare("tiny.yaml", 1, jobs=1, policies=few, overrides=[*change, "trust.general=0.4"])
    assert other.folder.name.startswith("tiny-") and other.folder != first.folder
    more = compare("tiny.yaml", 2, jobs=1, policies=few, overrides=change)
    assert more.folder == first.folder and more.findings.own_worlds == 2


def test_resolve(elsewhere: Path) -> None:
    assert resolve("tiny.yaml", 5, 9).replicates == 5
    assert resolve("tiny.yaml", 5, overrides=["futures.count=2"]).futures.count == 2
    assert resolve("tiny.yaml", 5, overrides={"trust.general": 0.4}).values()["trust.general"] == 0.4
    loaded = loads(TEXT)
    assert [p.name for p in resolve(loaded, policies=["oracle", "solo"]).policies] == ["oracle", "solo"]
    with pytest.raises(UsageError, match="already loaded"):
        resolve(loaded, overrides=["trust.general=0.4"])


# --- channels --------------------------------------------------------------------------------

def test_each_channel_is_a_setting_that_exists(scenario: Scenario) -> None:
    for name, switch in SWITCHES.items():
        changed = switched_off(scenario, [name])
        assert loads("seed: 1", dict(switch.off)).canonical() != loads("seed: 1").canonical()
        assert changed.canonical() != scenario.canonical()
    everything = switched_off(scenario, list(SWITCHES))
    assert everything.rules.accept == "always" and everything.work.misalignment_loss == 0.0
    assert len(set(variants())) == 2 * len(SWITCHES) + 2


@pytest.mark.slow
def test_channels(tmp_path: Path) -> None:
    said = channels(loads(TEXT), replicates=2, jobs=1, out=tmp_path / "channels")
    assert {channel.name for channel in said.channels} == set(SWITCHES) and said.worlds == 2
    for channel in said.channels:
        assert channel.loss.mean == pytest.approx(said.full.mean - channel.without.mean)
        assert channel.gain.mean == pytest.approx(channel.alone.mean - said.none.mean)
    losses = [abs(channel.loss.mean) for channel in said.channels]
    assert losses == sorted(losses, reverse=True)
    json.dumps(said.to_dict(), allow_nan=False)


# --- the package -----------------------------------------------------------------------------

def test_the_package_gives_its_names_lazily() -> None:
    assert sim.compare is compare and sim.RunSpec is RunSpec
    assert set(sim.__all__) <= set(dir(sim))
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        sim.nothing  # noqa: B018
