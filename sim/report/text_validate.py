"""What `mobilise validate` says to a person: verdicts first, then observed tables, then what they cannot tell."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.report.table import bullet, table

if TYPE_CHECKING:
    from sim.experiment.consortia.data import Consortia
    from sim.experiment.consortia.figures import Figures
    from sim.experiment.consortia.observe import Observation

COUNTS = (("projects", "projects"), ("pairs", "pairs"), ("repeat_pairs", "repeat pairs"), ("seats", "seats"),
          ("new_seats", "seats of newcomers"))
SHARES = (("repeat_share", "pairs that worked together before"),
          ("new_tie_of_incumbents", "new pairs, neither a newcomer"),
          ("pair_with_newcomer", "new pairs with a newcomer"), ("newcomer_share", "seats of newcomers"),
          ("projects_with_repeat", "projects with any repeat pair"),
          ("old_team_overlap", "largest share from one earlier team"),
          ("half_from_one_team", "projects, half from one earlier team"),
          ("again_within_1", "first-time pairs: again within 1 year"),
          ("again_within_2", "first-time pairs: again within 2 years"),
          ("same_country_share", "pairs of one country"), ("same_region_share", "pairs of one region"))
LIFTS = (("lift_year", "repeat pairs, lift over shuffle in year"),
         ("lift_year_theme", "repeat pairs, lift over shuffle in year, theme"),
         ("country_lift_year", "pairs of one country, lift"), ("region_lift_year", "pairs of one region, lift"))
MEMORY = ("Memory is empty at the start of the data: repeat shares are lower bounds, newcomer shares upper bounds. "
          "Projects that start on one day are blind to each other.")
SANITY = ("Closure, clustering, path length, giant component and degree are sanity checks only and not shown as "
          "evidence: a shuffle that keeps project sizes and activity reproduces them.")


def number(value: float) -> str:
    """Return a share or a ratio with three digits; a dot where there is none."""
    if not math.isfinite(value):
        return "·"
    return f"{value:.2f}" if abs(value) >= 1.5 else f"{value:.3f}"


def exact(value: float) -> str:
    """Return counts as whole numbers, other figures with four digits."""
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.4f}" if math.isfinite(value) else "·"


def observed(figures: Figures) -> str:
    """Return the observed tables by year, each shuffled share below the observed one."""
    years = list(figures["years"])

    def line(text: str, key: str, source: Mapping[int, Mapping[str, float]]) -> tuple[str, ...]:
        return (text, *(exact(source[year].get(key, math.nan)) for year in years))

    lines = [line(text, key, figures["years"]) for key, text in (*COUNTS, *SHARES, *LIFTS)]
    lines += [line(f"repeat pairs, shuffled in {text}", "repeat_share", figures[f"null_{key}"]["years"])
              for key, text in (("year", "year"), ("year_theme", "year, theme"))]
    lines = [cells for cells in lines if any(cell != "·" for cell in cells[1:])]
    return "Observed, by year of start\n" + table(("", *map(str, years)), lines, numeric=range(1, len(years) + 1))


def concentrations(figures: Figures) -> str:
    """Return how participations are spread over organisations."""
    whole = figures["whole"]
    return bullet(f"{whole['organisations']:,} organisations; the busiest 1 % hold {whole['top_1']:.1%} of "
                  f"participations, the busiest 10 % hold {whole['top_10']:.1%}; {whole['one_project']:.1%} have "
                  "one project.")


def sizes(count: Mapping[int, int]) -> str:
    """Return how many projects have how many partners, and the quartiles."""
    everyone = [size for size, projects in count.items() for _ in range(projects)]
    quartile = [everyone[min(len(everyone) - 1, len(everyone) * n // 4)] for n in (1, 2, 3)]
    mean = sum(everyone) / len(everyone)
    counts = ", ".join(f"{size}: {projects}" for size, projects in count.items())
    return bullet(f"Partners per project: mean {mean:.1f}, quartiles {quartile[0]}, {quartile[1]}, {quartile[2]}. "
                  f"Projects by number of partners: {counts}.")


def minor(shares: Mapping[str, tuple[int, float]]) -> str:
    """Return the share of minor partners by number of partners."""
    if not shares:
        return ""
    lines = [("projects", *(str(count) for count, _ in shares.values())),
             ("minor partners", *(f"{share:.4f}" for _, share in shares.values()))]
    title = "Minor partners (less than a quarter of an equal budget share), by number of fundable partners"
    return f"{title}\n" + table(("", *shares), lines, numeric=range(1, len(shares) + 1))


def who(consortia: Consortia) -> str:
    """Return the seats by type of organisation, and of small firms where the files say so."""
    from sim.experiment.consortia.data import TYPES

    seats = max(1, len(consortia.org))
    parts = [f"{name} {int((consortia.kind == n).sum()) / seats:.1%}" for n, name in enumerate(TYPES)]
    known = consortia.sme >= 0
    if known.any():
        parts.append(f"small and medium-sized firms {float((consortia.sme[known] == 1).mean()):.1%}")
    return bullet("Seats by type: " + ", ".join(parts) + ".")


def left_out(counted: Mapping[str, int]) -> str:
    """Return what was read but not used."""
    left = [f"{count:,} {reason}" for reason, count in counted.items() if count]
    return bullet("Left out: " + "; ".join(left) + ".") if left else bullet("Nothing was left out.")


def observation(seen: Observation) -> str:
    """Return all observed tables as plain text."""
    everybody = [observed(seen.everybody), concentrations(seen.everybody), who(seen.consortia), sizes(seen.sizes)]
    parts = ["\n".join(everybody), minor(seen.minor)]
    if seen.private:
        private = observed(seen.private).replace("Observed", "Private firms on their own", 1)
        parts.append(private + "\n" + concentrations(seen.private))
    parts.append("\n".join([*map(bullet, (MEMORY, SANITY)), left_out(seen.consortia.counted)]))
    return "\n\n".join(filter(None, parts))
