"""What `mobilise validate` says to a person: verdicts first, then observed tables, then what they cannot tell."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.experiment.consortia.data import Years, span
from sim.report.table import bullet, paragraph, table
from sim.scenario.fitted import PREFIX

if TYPE_CHECKING:
    from sim.experiment.consortia.data import Consortia
    from sim.experiment.consortia.figures import Figures
    from sim.experiment.consortia.mixture import Mix
    from sim.experiment.consortia.observe import Observation
    from sim.experiment.consortia.rows import Verdict
    from sim.experiment.consortia.validate import Validation

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
MOST_MISS = 10.0  # tolerances; a farther miss counts as this in a mean
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
    for key, text in (("year", "year"), ("year_theme", "year, theme")):
        lines += [line(f"repeat pairs, shuffled in {text}", "repeat_share", figures[f"null_{key}"]["years"]),
                  line("   standard error of that mean", "repeat_share", figures[f"error_{key}"]["years"])]
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
    blank = int((consortia.country < 0).sum())
    unknown = (f" No country is given for {blank:,} of {seats:,} seats: their pairs count as unknown, not as of one "
               "country.") if blank else ""
    return bullet("Seats by type: " + ", ".join(parts) + "." + unknown)


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


def validation(result: Validation, more: Sequence[str] = ()) -> str:
    """Return the whole answer as plain text: verdicts, what was fitted, what lies beyond, the observed tables.

    ``more`` are further answers (`mixture`, `ablations`, `drawn`), which stand below what was fitted.
    """
    parts = [headline(result), "Aim\n" + verdict_table(result.verdicts()), fitted(result), *more, beyond(result),
             private(result), observation(result.seen), seconds(result.seconds)]
    return "\n\n".join(filter(None, parts))


def headline(result: Validation) -> str:
    """Return how many figures the model meets, out of sample or not."""
    rows = result.verdicts()
    good = sum(row.within for row in rows)
    kind = (f"Fitted on {span(result.fitted)}, predicted {span(result.predicted)}" if result.held_out else
            f"Fitted on {span(result.fitted)} and shown on the same years (nothing is predicted: give --fit and "
            "--predict)")
    return paragraph(f"{kind}: {good} of {len(rows)} figures lie within their tolerance (mean of "
                     f"{len(result.simulated)} simulated worlds with an empty memory at the observed calls). Formation "
                     "is calibrated; production, what a team makes of a challenge, is assumed.")


def verdict_table(rows: Sequence[Verdict]) -> str:
    """Return observed, simulated and shuffled, row by row."""
    head = ("figure", "year", "observed", "simulated [95 %]", "range", "shuffled", "in theme", "tolerance", "misses by",
            "verdict")
    lines = [(row.row.text, str(row.year) if row.row.of_year else "all", number(row.observed),
              f"{number(row.mean)} [{number(row.low)}, {number(row.high)}]",
              f"{number(row.smallest)}-{number(row.largest)}", number(row.shuffled[0]), number(row.shuffled[1]),
              f"{row.row.tolerance:.0%}" if row.row.relative else f"{100 * row.row.tolerance:.0f} points",
              missed(row), "within" if row.within else "outside") for row in rows]
    return table(head, lines, numeric=(2, 3, 4, 5, 6, 7, 8))


def missed(row: Verdict) -> str:
    """Return the miss in tolerances; a dot where some world has no such figure."""
    return f"{row.miss:+.1f}" if math.isfinite(row.miss) else "·"


def fitted(result: Validation) -> str:
    """Return the fitted parameters."""
    from sim.experiment.consortia.data import TYPES

    found, model = result.found, result.found.formation
    lines = [(name, f"{found.observed.seats[k]:,.0f}", f"{found.observed.organisations[k]:,.0f}",
              f"{model.pool[k]:,.0f}", f"{model.sigma[k]:.2f}", number(found.observed.newcomers[k]),
              number(found.reached.newcomers[k]), number(found.observed.top[k]), number(found.reached.top[k]))
             for k, name in enumerate(TYPES) if found.observed.seats[k]]
    head = ("type", "seats", "seen", "pool", "sigma", "newcomers, last year", "reached", "busiest 10 %", "reached")
    text = f"{model.parameter} {model.strength:.4f}" if model.parameter else "no repeat parameter"
    return (f"Fitted on {span(found.years)}: activity (sigma) and newcomer inflow (pool) by type, and {text}\n"
            + table(head, lines, numeric=range(1, 9)))


PROFILES = (("profile", "Repeat pairs by number of partners (from the second year on)", "partners"),
            ("returns", "How often one pair meets (share of pairs)", "times"))


def beyond(result: Validation) -> str:
    """Return what lies beyond the aim: further rows, the profile by size, how often a pair returns."""
    parts = ["Beyond the aim\n" + verdict_table(result.beyond)]
    for key, title, unit in PROFILES:
        seen, null = result.seen.everybody[key], result.seen.everybody["null_year"][key]
        mean = {name: sum(one[key][name] for one in result.simulated) / len(result.simulated) for name in seen}
        lines = [(text, *map(number, values.values()))
                 for text, values in (("observed", seen), ("simulated", mean), ("shuffled", null))]
        parts.append(f"{title}\n" + table((unit, *seen), lines, numeric=range(1, len(seen) + 1)))
    return "\n\n".join(parts)


def private(result: Validation) -> str:
    """Return the verdicts for private firms on their own."""
    rows = result.of_private
    if not rows:
        return ""
    good = sum(row.within for row in rows)
    return f"Private firms on their own: {good} of {len(rows)} within\n" + verdict_table(rows)


def seconds(took: Mapping[str, float]) -> str:
    """Return how long each step took."""
    return bullet("Seconds: " + ", ".join(f"{name} {time:.1f}" for name, time in took.items()) + ".")


def ablations(results: Mapping[str, Validation]) -> str:
    """Return what each ingredient buys: figures within, and the largest misses, without it."""
    lines: list[tuple[str, ...]] = []
    for name, result in results.items():
        rows = result.verdicts()
        worst = sorted(rows, key=lambda row: -row.distance(MOST_MISS))[:3]
        largest = ", ".join(f"{row.row.key} {row.year if row.row.of_year else ''} {missed(row)}" for row in worst)
        lines.append((name, f"{sum(row.within for row in rows)} of {len(rows)}",
                      f"{sum(row.distance(MOST_MISS) for row in rows) / max(1, len(rows)):.2f}", largest))
    return ("What each ingredient buys (activity, inflow and the repeat parameter fitted again each time)\n"
            + table(("model", "within", "mean miss", "largest misses, in tolerances"), lines, numeric=(2,)))


def drawn(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return what the draws of the fit span."""
    keys = [key for key in rows[0] if not key.startswith(PREFIX)]
    years = list(dict.fromkeys(row[f"{PREFIX}draw_years"] for row in rows))
    values = {key: [row[key] for row in rows] for key in keys}
    spans = ", ".join(f"{key} {min(drawn):.3g} to {max(drawn):.3g}" for key, drawn in values.items())
    return paragraph(f"{len(rows)} draws of the fit (refits of worlds simulated from the fits to {', '.join(years)}): "
                     f"{spans}. Kept as fit.csv; a scenario beside it uses them with futures.file: fit.csv.")


def mixture(found: Sequence[Mix], years: Years) -> str:
    """Return the best mix, the range of each share over mixes that cannot be told from it, and each policy alone."""
    from sim.experiment.consortia.mixture import intervals

    alone = {name: mix for mix in found for name, share in mix.shares.items() if share == 1}
    lines = [(name, f"{best:.0%}", f"{low:.0%} to {high:.0%}", f"{alone[name].misfit:.1f}" if name in alone else "·")
             for name, (best, low, high) in intervals(found).items()]
    head = ("policy of leads", "share, best mix", "not told apart", "misfit, everybody")
    return (f"Which mix of policies explains the fitted years (best misfit {found[0].misfit:.2f}, mean squared miss in "
            "tolerances)\n" + table(head, lines, numeric=(1, 3)))
