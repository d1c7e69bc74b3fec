"""The observed tables against hand calculation, and against a plain twin on consortia drawn at random."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from sim.experiment.consortia.data import Consortia, read
from sim.experiment.consortia.figures import figures
from sim.experiment.consortia.measure import measure, sizes
from sim.experiment.consortia.minor import minor_partners
from sim.experiment.consortia.nulls import shuffled
from sim.experiment.consortia.observe import observe, private_firms


def drawn(seed: int, projects: int = 60, organisations: int = 40) -> Consortia:
    """Return consortia with many ties, several on one day."""
    rng = np.random.default_rng(seed)
    start = np.sort(rng.integers(16_071, 17_166, projects // 2)).repeat(2)  # 2014 to 2016
    members = [rng.choice(organisations, rng.integers(3, 9), replace=False) for _ in range(projects)]
    org = np.unique(np.concatenate(members), return_inverse=True)[1]
    first = np.concatenate([[0], np.cumsum([len(team) for team in members])])
    place = rng.integers(0, 4, organisations)[org]
    year = (start.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970)
    return Consortia(start, year, rng.integers(0, 3, projects), first, org, place, place, place, place,
                     np.ones(len(org)), ("a", "b", "c"), ("k", "l", "m", "n"), {})


def teams(consortia: Consortia) -> list[tuple[int, int, list[int]]]:
    first = consortia.first
    return [(int(consortia.start[p]), int(consortia.year[p]), consortia.org[first[p]:first[p + 1]].tolist())
            for p in range(consortia.projects)]


def twin(consortia: Consortia) -> dict[int, dict[str, float]]:
    """Return figures by year, worked out the slow way: every pair, every earlier team."""
    found: dict[int, dict[str, float]] = {}
    known = teams(consortia)
    for year in sorted({year for _, year, _ in known}):
        pairs, repeats, new, seats, overlap = 0, 0, 0, 0, []
        for day, _, team in [one for one in known if one[1] == year]:
            before = [set(old) for earlier, _, old in known if earlier < day]
            pairs += len(team) * (len(team) - 1) // 2
            repeats += sum(any({a, b} <= old for old in before) for a, b in combinations(team, 2))
            new += sum(not any(member in old for old in before) for member in team)
            seats += len(team)
            overlap.append(max((len(old & set(team)) for old in before), default=0) / len(team))
        found[year] = {"pairs": pairs, "repeat_pairs": repeats, "new_seats": new, "seats": seats,
                       "old_team_overlap": float(np.mean(overlap)),
                       "half_from_one_team": float(np.mean([share >= 0.5 for share in overlap]))}
    return found


def again_twin(consortia: Consortia, year: int, years: int) -> float:
    """Return the share of pairs that first met in a year and met again within so many years of 365 days."""
    days: dict[tuple[int, int], list[int]] = {}
    for day, _, team in teams(consortia):
        for a, b in combinations(sorted(team), 2):
            days.setdefault((a, b), []).append(day)
    first_year = dict(zip(consortia.start.tolist(), consortia.year.tolist(), strict=True))
    mine = [meetings for meetings in days.values() if first_year[meetings[0]] == year]
    later = [[day for day in meetings if day > meetings[0]] for meetings in mine]
    return float(np.mean([bool(days) and days[0] - meetings[0] <= 365 * years
                          for days, meetings in zip(later, mine, strict=True)]))


def test_by_hand(files: tuple[str, str]) -> None:
    # 2015: c has {1,2} again and 6 is new; d on the same day has {1,2} again, 7 is new. 2016: of e's six pairs 12, 13, 23
    # had met (1-2 and all of a), 8 is new; a and e share three of four members.
    found = measure(read(*files))["years"]
    assert [found[2014][name] for name in ("projects", "pairs", "repeat_pairs", "new_seats")] == [2, 6, 0, 6]
    assert [found[2015][name] for name in ("projects", "pairs", "repeat_pairs", "new_seats")] == [2, 6, 2, 2]
    assert [found[2016][name] for name in ("projects", "pairs", "repeat_pairs", "new_seats")] == [1, 6, 3, 1]
    assert found[2015]["pair_with_newcomer"] == pytest.approx(4 / 6)
    assert found[2016]["old_team_overlap"] == 0.75 and found[2016]["half_from_one_team"] == 1
    # same country in 2016: 1-2 (DE), 3-8 (FR) of six
    assert found[2016]["same_country_share"] == pytest.approx(2 / 6)
    # first-time pairs of 2014: 12 13 23 14 15 45; 12 meets again after 396 days, 13 and 23 after 790: none within a year
    assert found[2014]["again_within_1"] == 0 and found[2014]["again_within_2"] == pytest.approx(1 / 6)
    assert np.isnan(found[2016]["again_within_1"])


def test_whole_by_hand(files: tuple[str, str]) -> None:
    found = measure(read(*files))
    # organisation 1 has five of 16 seats, 2 four, 3 two, the other five one each
    assert found["whole"]["organisations"] == 8
    assert found["whole"]["top_1"] == found["whole"]["top_10"] == pytest.approx(5 / 16)
    assert found["whole"]["one_project"] == pytest.approx(5 / 8)
    # 13 different pairs (12 13 23 14 15 45 16 26 17 27 18 28 38); 12 met four times, 13 and 23 twice
    assert found["returns"]["4"] == pytest.approx(1 / 13) and found["returns"]["2"] == pytest.approx(2 / 13)
    assert sizes(read(*files)) == {3: 4, 4: 1}


@pytest.mark.parametrize("seed", range(4))
def test_against_the_slow_way(seed: int) -> None:
    consortia = drawn(seed)
    found = measure(consortia)["years"]
    for year, expected in twin(consortia).items():
        for name, value in expected.items():
            assert found[year][name] == pytest.approx(value), (year, name)
    for year, within in ((2014, 1), (2014, 2), (2015, 1)):
        assert found[year][f"again_within_{within}"] == pytest.approx(again_twin(consortia, year, within))


def test_same_day_is_blind() -> None:
    twice = drawn(1, 8, 9)
    same_day = Consortia(np.full(8, 16_100), np.full(8, 2014), *(getattr(twice, name) for name in (
        "theme", "first", "org", "country", "kind", "region", "sme", "budget", "themes", "countries", "counted")))
    found = measure(same_day)["years"][2014]
    assert found["repeat_pairs"] == 0 and found["new_seats"] == found["seats"]


def test_shuffles_keep_groups_and_drop_doubles() -> None:
    consortia = drawn(2)
    for within in ("year", "year_theme"):
        other = shuffled(consortia, within, 7)
        for year in (2014, 2015, 2016):
            before = np.bincount(consortia.org[consortia.year[consortia.project_of] == year], minlength=50)
            after = np.bincount(other.org[other.year[other.project_of] == year], minlength=50)
            assert (after <= before).all() and after.sum() > 0.8 * before.sum()
        assert all(len(set(team)) == len(team) for _, _, team in teams(other))
        assert other.projects == consortia.projects and (other.org != consortia.org[: len(other.org)]).any()
    assert (shuffled(consortia, "year", 7).org == shuffled(consortia, "year", 7).org).all()


def test_lift_is_share_over_the_mean_shuffle() -> None:
    consortia = drawn(3)
    found = figures(consortia, 3)
    null = np.mean([measure(shuffled(consortia, "year", n))["years"][2016]["repeat_share"] for n in range(3)])
    assert found["years"][2016]["lift_year"] == pytest.approx(found["years"][2016]["repeat_share"] / null)
    assert found["error_year"]["years"][2016]["repeat_share"] > 0


def test_private_firms_alone(files: tuple[str, str]) -> None:
    # a: 2, 3; d: 2, 7; e: 2, 3, 8 — b and c have fewer than two
    alone = private_firms(read(*files))
    assert alone.size.tolist() == [2, 2, 3]
    assert measure(alone)["years"][2016]["repeat_pairs"] == 1
    assert observe(read(*files)).private is not None


def test_minor_partners_by_hand(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "p.csv").write_text("project,start,end,theme\nx,2014-01-01,,SC1\ny,2014-02-01,,SC1\nz,2014-02-01,,ERC\n", "utf-8")
    # x: CH is not fundable as of right; 900 over four is 225 each, a quarter 56.25: two of four lie below. y: nothing paid.
    rows = ["x,1,C,HES,DE,800", "x,2,P,HES,FR,60", "x,3,P,HES,IT,30", "x,4,P,HES,ES,10", "x,5,P,HES,CH,0"]
    rows += [f"{p},{n},P,HES,DE,{'0' if p == 'y' else '5'}" for p in "yz" for n in (1, 2, 3)]
    (tmp_path / "o.csv").write_text("\n".join(["project,org,role,type,country,ec_eur", *rows]), "utf-8")
    assert minor_partners(read(str(tmp_path / "p.csv"), str(tmp_path / "o.csv"))) == {"3-4": (1, 0.5)}


def test_one_project(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "p.csv").write_text("project,start,end,theme\nx,2014-01-01,,SC1\n", "utf-8")
    (tmp_path / "o.csv").write_text("project,org,role,type,country\n" + "".join(f"x,{n},P,HES,DE\n" for n in "123"), "utf-8")
    seen = observe(read(str(tmp_path / "p.csv"), str(tmp_path / "o.csv")))
    assert seen.everybody["years"][2014]["newcomer_share"] == 1 and seen.private is None and seen.minor == {}
    assert np.isnan(seen.everybody["years"][2014]["lift_year"])
