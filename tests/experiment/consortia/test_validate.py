"""Fit and prediction: nothing of the predicted years leaks into them but the calls, and a known truth is found again."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.errors import UsageError
from sim.experiment.consortia import validate as study
from sim.experiment.consortia.data import TYPES, Consortia, read
from sim.experiment.consortia.draws import draws, runs
from sim.experiment.consortia.fit import driven, fit
from sim.experiment.consortia.formation import IDLE, Formation, calls_of, communities_of, form, spread
from sim.experiment.consortia.measure import pairs
from sim.experiment.consortia.rows import BEYOND, ROWS, Row, Verdict, verdicts
from sim.experiment.design import futures
from sim.report.consortia import misses
from sim.report.text_validate import missed, verdict_table
from sim.scenario import loads
from sim.scenario.fitted import fitted

pytestmark = pytest.mark.slow  # whole fits: seconds compiled, minutes without

POOL, SIGMA = (120.0, 80.0, 900.0, 60.0, 60.0), (1.2, 1.2, 1.5, 1.0, 1.0)


def template(projects: int = 240, seed: int = 5) -> Consortia:
    """Return calls of 2014 to 2016 whose seats are dealt at random: only sizes, days, themes and traits count."""
    rng = np.random.default_rng(seed)
    start = np.sort(rng.integers(16_071, 17_166, projects // 3)).repeat(3)
    size = rng.integers(3, 12, projects)
    org = np.concatenate([rng.choice(700, n, replace=False) for n in size])
    org = np.unique(org, return_inverse=True)[1]
    kind, country = rng.integers(0, 5, 800)[org], rng.integers(0, 6, 800)[org]
    year = start.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    return Consortia(start, year, rng.integers(0, 3, projects), np.concatenate([[0], np.cumsum(size)]), org, country, kind,
                     np.full(len(org), -1), np.full(len(org), -1), np.full(len(org), np.nan), ("A", "B", "A;B"),
                     tuple("UVWXYZ"), {})


def truth(**settings: object) -> Formation:
    return replace(Formation(POOL, SIGMA, 0.15), **settings)  # type: ignore[arg-type]


def test_every_call_is_answered_at_its_size() -> None:
    seen = template()
    formed = form(calls_of(seen, (2014, 2016)), truth(), 1)
    assert (formed.size == seen.size).all() and (formed.start == seen.start).all()
    project = formed.project_of
    assert len(np.unique(project * 10_000 + formed.org)) == len(formed.org), "somebody sits twice in one project"
    assert set(np.unique(formed.kind)) <= set(range(len(TYPES)))


def test_luck_is_keyed() -> None:
    calls = calls_of(template(), (2014, 2016))
    one, again, other = (form(calls, truth(), seed) for seed in (3, 3, 4))
    assert (one.org == again.org).all() and (one.org != other.org[: len(one.org)]).any()


def test_later_calls_change_nothing_before_them() -> None:
    seen = template()
    short = form(calls_of(seen.years(2014, 2015), (2014, 2015)), truth(), 2)
    long = form(calls_of(seen, (2014, 2015)), truth(), 2)
    early = long.years(2014, 2015)
    ids = np.unique(early.org, return_inverse=True)[1]
    assert (ids == short.org).all()


def test_members_of_predicted_years_are_never_read() -> None:
    seen = template()
    shuffled = np.random.default_rng(1).permutation(700)
    late = seen.year[seen.project_of] == 2016
    other = replace(seen, org=np.where(late, shuffled[seen.org % 700], seen.org), kind=np.where(late, 0, seen.kind),
                    country=np.where(late, 0, seen.country))
    fits = [fit(one, (2014, 2015), worlds=4) for one in (seen, other)]
    assert fits[0].formation == fits[1].formation
    worlds = [form(calls_of(one, (2014, 2015)), fits[0].formation, 1) for one in (seen, other)]
    assert (worlds[0].org == worlds[1].org).all() and (worlds[0].country == worlds[1].country).all()


def test_a_known_truth_is_found_again() -> None:
    seen = form(calls_of(template(600), (2014, 2016)), truth(), 11)
    found = fit(seen, (2014, 2016), worlds=20)
    assert found.reached.repeat_share[-1] == pytest.approx(found.observed.repeat_share[-1], rel=0.25)
    assert np.abs(found.reached.newcomers - found.observed.newcomers).max() < 0.1
    assert 0.5 < found.formation.strength / 0.15 < 2.0
    assert 0.5 < sum(found.formation.pool) / sum(POOL) < 2.0


def test_what_is_known_of_a_repeat_share_is_what_resampled_projects_say() -> None:
    seen = form(calls_of(template(300), (2014, 2016)), truth(), 5)
    found = pairs(seen)
    repeat = found.met[found.number] < seen.start[found.project]
    all_of, repeats_of = np.bincount(found.project), np.bincount(found.project, repeat)
    rng = np.random.default_rng(3)
    drawn = [rng.integers(0, seen.projects, seen.projects) for _ in range(2000)]
    shares = np.array([repeats_of[some].sum() / all_of[some].sum() for some in drawn])
    assert driven(seen).error == pytest.approx(shares.std() / shares.mean(), rel=0.1)
    assert driven(seen.only(seen.project_of == 0, 1)).error == np.inf


def test_the_fewer_the_projects_the_nearer_the_repeat_parameter_stays_to_where_it_began() -> None:
    began = Formation((), ()).strength
    few, many = (fit(form(calls_of(template(count), (2014, 2016)), truth(strength=0.6), 7), (2014, 2016), worlds=12)
                 for count in (30, 600))
    assert began < few.formation.strength < many.formation.strength


def test_stronger_recall_means_more_repeats() -> None:
    calls = calls_of(template(), (2014, 2016))
    shares = [np.mean([driven(form(calls, truth(strength=s), seed)).repeat_share[-1] for seed in range(3)])
              for s in (0.001, 0.1, 0.6)]
    assert shares[0] < shares[1] < shares[2]


def test_spread_is_scaled_and_the_idle_are_left_out() -> None:
    activity = spread(10_000, 2.0, 0.3)
    assert activity.sum() == pytest.approx(0.3) and (np.diff(activity) > 0).all()
    assert 1000 < len(activity) < 10_000 and IDLE < 0.05
    assert len(spread(5, 1.0, 0.0)) == 0


def test_a_project_of_two_parts_counts_for_the_more_frequent() -> None:
    seen = template()
    community, number = communities_of(seen)
    a_and_b = [int((seen.theme == n).sum()) for n in (0, 1)]
    both = community[(seen.theme == 2) & (seen.size < 21)][0]
    assert both == community[(seen.theme == int(np.argmax(a_and_b))) & (seen.size < 21)][0] and number == 6


def test_verdicts_by_hand() -> None:
    row = Row("repeat_share", "", 0.18, True)
    def of(value: float) -> dict[str, object]:
        return {"years": {2016: {"repeat_share": value}}, "whole": {}}
    null = {name: of(0.1) for name in ("null_year", "null_year_theme")}
    verdict, = verdicts({**of(0.20), **null}, [of(0.22), of(0.24)], [2016], [row])
    assert verdict.mean == pytest.approx(0.23) and verdict.miss == pytest.approx(0.03 / 0.036) and verdict.within
    assert verdict.high - verdict.mean == pytest.approx(12.706 * 0.01, rel=1e-3)  # t with one degree of freedom
    assert not Verdict(row, 2016, 0.2, 0.24, 0, 0, 0, 0, (0, 0)).within
    assert verdicts({**of(float("nan")), **null}, [of(0.2)], [2016], [row]) == []


def table_of(value: float) -> dict[str, object]:
    """Return figures of one year with one value under every key that a row asks for."""
    return {"years": {2016: {row.key: value for row in ROWS}}, "whole": {}}


def test_a_row_is_never_lost_because_the_model_fails_at_it() -> None:
    null = {name: table_of(0.1) for name in ("null_year", "null_year_theme")}
    rows = verdicts({**table_of(0.2), **null}, [table_of(0.2), table_of(float("nan"))], [2016])
    assert len(rows) == len(ROWS) and not any(row.within for row in rows)
    assert {row.distance(5.0) for row in rows} == {5.0}, "in a mean it counts as the farthest miss"
    assert all(missed(row) == "·" for row in rows) and "outside" in verdict_table(rows)
    misses(rows, "drawn")


def test_an_observed_nothing_is_judged_where_the_tolerance_is_in_points() -> None:
    null = {name: table_of(0.1) for name in ("null_year", "null_year_theme")}
    rows = verdicts({**table_of(0.0), **null}, [table_of(0.035)], [2016])
    assert {row.row.key: row.within for row in rows} == {
        "newcomer_share": False, "old_team_overlap": True, "half_from_one_team": True, "top_1": False, "top_10": False}


def test_the_busiest_are_those_of_the_predicted_year() -> None:
    assert {row.key for row in ROWS if row.of_year} == {row.key for row in ROWS}
    assert {(row.key, row.of_year) for row in BEYOND} >= {("top_1", False), ("top_10", False)}


def test_aims_are_those_of_the_issue() -> None:
    aims = {row.key: (row.tolerance, row.relative) for row in ROWS}
    assert aims["newcomer_share"] == (0.03, False) and aims["repeat_share"] == (0.18, True)
    assert aims["lift_year"] == aims["lift_year_theme"] == (0.15, True)
    assert aims["old_team_overlap"] == aims["half_from_one_team"] == (0.04, False)
    assert aims["again_within_1"] == (0.25, True) and aims["country_lift_year"] == (0.12, True)
    assert aims["top_1"] == aims["top_10"] == (0.03, False)


@pytest.mark.parametrize(("fitted", "predicted", "said"), [
    ((2010, 2011), None, "--fit 2010-2011: no project starts then; the projects start from 2014 to 2016"),
    ((2014, 2015), (2030, 2030), "--predict 2030: no project starts then"),
    (None, (2014, 2014), "--predict 2014: no year before it is left to fit"),
    ((2014, 2015), (2015, 2016), "must come after"),
    ((2015, 2016), (2014, 2014), "only later years are foreseen; fit the earlier years instead, as in --fit 2014-2015 --predict 2016"),
])
def test_years_that_cannot_be_split(fitted: tuple[int, int] | None, predicted: tuple[int, int] | None, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        study.split(template(), fitted, predicted)


def test_years_default_to_all_before_those_predicted() -> None:
    assert study.split(template(), None, (2016, 2016)) == ((2014, 2015), (2016, 2016))
    assert study.split(template(), None, None) == ((2014, 2016), (2014, 2016))


def test_years_are_those_in_which_projects_start() -> None:
    assert study.split(template(), (2000, 2015), (2016, 2030)) == ((2014, 2015), (2016, 2016))


def test_only_steps_that_were_taken_have_a_time() -> None:
    whole = study.validate(template(), (2014, 2015), (2016, 2016), 2)
    given = study.validate(template(), (2014, 2015), (2016, 2016), 2, seen=whole.seen)
    assert whole.seconds["observed tables"] > 0.0
    assert whole.seconds.keys() - given.seconds.keys() == {"observed tables"}


def test_recurrence_has_a_verdict_where_the_horizon_allows() -> None:
    seen = template()
    result = study.validate(seen, (2014, 2015), (2016, 2016), 2)
    again = {(row.row.key, row.year) for row in result.verdicts() if row.row.key.startswith("again")}
    assert again == {("again_within_1", 2015), ("again_within_2", 2014)}
    assert {row.year for row in result.verdicts() if row.row.of_year and not row.row.key.startswith("again")} == {2016}
    assert json.dumps(result.document(), default=float)


# --- the command -------------------------------------------------------------------------------

def call(*words: str) -> object:
    return CliRunner().invoke(app, ["validate", *words], prog_name="mobilise")


def test_the_command_says_keeps_and_draws(cordis: tuple[str, str], tmp_path: Path) -> None:
    said = call(*cordis, "--fit", "2014-2015", "--predict", "2016", "--seeds", "2", "--out", str(tmp_path / "kept"))
    assert said.exit_code == 0, said.output  # type: ignore[attr-defined]
    text = said.stdout  # type: ignore[attr-defined]
    assert text.startswith("Fitted on 2014-2015, predicted 2016") and "production" in text and "sanity checks" in text
    assert {path.name for path in (tmp_path / "kept").iterdir()} == {
        "validation.json", "validation.csv", "validation.svg", "fit.csv"}
    assert "12 draws of the fit" in text


def test_the_command_as_json_with_ablations(files: tuple[str, str], tmp_path: Path) -> None:
    said = call(*files, "--fit", "2014", "--predict", "2015-2016", "--seeds", "2", "--ablate", "--draws", "0", "--json", "--out",
                str(tmp_path / "kept"))
    content = json.loads(said.stdout)  # type: ignore[attr-defined]
    assert content["fitted"] == [2014, 2014] and content["observed"]["everybody"]["years"]["2015"]["repeat_pairs"] == 2
    assert set(content["ablations"]) == {"all ingredients", *study.ABLATIONS}


def test_observed_tables_only(files: tuple[str, str], tmp_path: Path) -> None:
    said = call(*files, "--observed", "--out", str(tmp_path / "kept"))
    assert said.exit_code == 0 and "simulated" not in said.stdout  # type: ignore[attr-defined]
    assert said.stdout.count("standard error of that mean") == 4  # type: ignore[attr-defined]  # two shuffles, all and private
    lines = list(csv.DictReader((tmp_path / "kept" / "observed.csv").read_text("utf-8-sig").splitlines()))
    (row,) = [line for line in lines if (line["who"], line["at"], line["figure"]) == ("everybody", "2016", "repeat_pairs")]
    assert row["value"] == "3" and float(row["standard_error_year"]) >= 0  # 12, 13 and 23 of 1238 met before
    assert {line["table"] for line in lines} == {"years", "all years", "sizes", "profile", "returns", "minor partners"}


@pytest.mark.parametrize(("given", "said"), [
    (("--fit", "2014-", "--predict", "2016"), "--fit: '2014-' is not a range of years"),
    (("--fit", "2016-2014"), "--fit: '2016-2014' is not a range of years"),
    (("--observed", "--predict", "2016"), "--observed only measures"),
])
def test_what_cannot_be_meant_is_refused_at_once(files: tuple[str, str], tmp_path: Path, given: tuple[str, ...],
                                                 said: str) -> None:
    answer = call(*files, *given, "--out", str(tmp_path / "kept"))
    assert answer.exit_code == 2 and said in answer.stderr  # type: ignore[attr-defined]
    assert not (tmp_path / "kept").exists()


def test_draws_of_the_fit_are_futures_of_a_scenario_that_says_so(cordis: tuple[str, str], tmp_path: Path) -> None:
    said = call(*cordis, "--fit", "2014-2015", "--predict", "2016", "--seeds", "2", "--draws", "4", "--out", str(tmp_path))
    assert said.exit_code == 0, said.output  # type: ignore[attr-defined]
    rows = list(csv.DictReader((tmp_path / "fit.csv").read_text("utf-8-sig").splitlines()))
    assert len(rows) == 4 and {row["fit.policy"] for row in rows} == {"old_teams"}
    recall = [float(row["search.recall"]) for row in rows]
    middle = {key: float(np.mean([float(row[key]) for row in rows])) for key in ("search.recall", "world.activity_sigma")}
    text = ("policies: [old_teams, solo]\nbaseline: solo\nfutures: {count: 4, file: fit.csv, ranges: {work.trust_share: [0.1, 0.7]}}\n"
            f"search: {{recall: {middle['search.recall']}}}\nworld: {{activity_sigma: {middle['world.activity_sigma']}}}\n")
    scenario = loads(text, folder=tmp_path)
    drawn = [dict(values) for values in futures(scenario)]
    assert sorted(values["search.recall"] for values in drawn) == pytest.approx(sorted(recall))
    assert len({values["work.trust_share"] for values in drawn}) == 4
    found = fitted(scenario)
    assert found is not None and (found.policy, found.years, found.predicted, found.draws) == ("old_teams", "2014-2015", "2016", 4)
    assert found.observed == {"repeat_pairs": 0.5, "newcomers": 0.25}  # 1238 in 2016: 12, 13 and 23 of 6 pairs; 8 of 4
    for change in ({"search.recall": 0.98}, {"search.habit": 0.5}, {"futures.ranges.search.loyalty": "[5, 20]"}):
        assert fitted(loads(text, change, folder=tmp_path)) is None, change
    assert fitted(loads(text.replace("[old_teams,", "[random,"), folder=tmp_path)) is None
    assert fitted(loads(text.replace("file: fit.csv, ", ""), folder=tmp_path)) is None
    (tmp_path / "fit.csv").write_text("search.recall,world.activity_sigma\n0.1,1\n0.9,3\n", "utf-8")
    assert fitted(loads(text, folder=tmp_path)) is None, "a table that does not say where it comes from"


def test_draws_spread_around_the_fit_and_are_keyed() -> None:
    seen = form(calls_of(template(390), (2014, 2016)), truth(), 11)
    found = fit(seen, (2014, 2016), worlds=12)
    some = draws(seen, found, 6)
    assert [one.years for one in some] == [(2014, 2016), (2014, 2015), (2015, 2016)] * 2
    strengths = [one.found.formation.strength for one in some]
    assert len(set(strengths)) == 6 and 0.4 < np.mean(strengths) / found.formation.strength < 2.5
    assert [one.found.formation for one in draws(seen, found, 2)] == [one.found.formation for one in some[:2]]


@pytest.mark.parametrize(("years", "expected"), [
    ((2014, 2014), [(2014, 2014)]), ((2014, 2015), [(2014, 2015)]),
    ((2014, 2016), [(2014, 2016), (2014, 2015), (2015, 2016)])])
def test_runs_of_years(years: tuple[int, int], expected: list[tuple[int, int]]) -> None:
    assert runs(years) == expected


@pytest.mark.parametrize("words", [("--fit", "2014..2015"), ("--predict", "next"), ("--years", "2016-2014"),
                                   ("--fit", "2016", "--predict", "2014")])
def test_years_that_make_no_sense_are_a_usage_error(files: tuple[str, str], words: tuple[str, ...]) -> None:
    said = call(*files, *words)
    assert said.exit_code == 2 or isinstance(said.exception, UsageError)  # type: ignore[attr-defined]


def test_one_project_is_shown_and_fitted(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("project,start,end,theme\nx,2014-01-01,,SC1\n", "utf-8")
    (tmp_path / "o.csv").write_text("project,org,role,type,country\n" + "".join(f"x,{n},P,HES,DE\n" for n in "123"), "utf-8")
    result = study.validate(read(str(tmp_path / "p.csv"), str(tmp_path / "o.csv")), seeds=2)
    assert {row.row.key for row in result.verdicts()} >= {"newcomer_share", "top_1"}
