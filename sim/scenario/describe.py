"""A scenario in the form of the ODD protocol (Grimm et al. 2020), made from the code that runs it.

Nothing is said twice: parameters come from their table, columns from the tables of the world, rules
and phases from their docstrings, so the text cannot fall behind the model.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.parameters import PARAMETERS, Parameter
from sim.scenario import catalogue
from sim.scenario.catalogue import Entry, show
from sim.scenario.odd_concepts import CONCEPTS
from sim.scenario.odd_ids import CONFORMANCE, PARTS, ROOT, SUBMODELS, instrument_ids, rule_id
from sim.scenario.policy import Policy
from sim.scenario.problems import bounds
from sim.scenario.scenario import Scenario
from sim.world import ledger, tables

ENTITIES = (
    (
        tables.ORGANISATIONS,
        "Organisations: firms, cluster organisations and, if the scenario has them, others.",
    ),
    (
        tables.CLUSTERS,
        "Clusters: each is led by one cluster organisation; a bridge is the relation of two of these.",
    ),
    (tables.RELATIONS, "Relations: one for each pair that ever worked together, kept for ever."),
    (tables.PARTNERSHIPS, "Partnerships: one for each challenge that a lead and its partners took on."),
    (tables.SEATS, "Seats: who is a member of which partnership."),
    (tables.ROLES, "Roles: what a challenge needs and who holds it."),
    (ledger.POOLS, "Pools: the public money of each instrument."),
    (ledger.ACTIONS, "Actions: what programmes fund, one for each consortium or small project."),
    (ledger.MEETINGS, "Meetings that programmes brought about."),
)


def describe(scenario: Scenario) -> str:
    """Return the ODD text of a scenario in Markdown."""
    parts = (
        _purpose(scenario),
        _entities(),
        _process(scenario),
        _concepts(),
        _start(scenario),
        _inputs(scenario),
        _submodels(scenario),
        _policies(scenario.policies),
        *_programmes(scenario),
        _outcomes(),
        _parameters(scenario),
        _tied(),
    )
    return "\n\n".join([f"# {scenario.name}: overview, design concepts, details", *parts]) + "\n"


def _purpose(scenario: Scenario) -> str:
    lines = [
        "## 1. Purpose and patterns",
        scenario.question or "No question is stated.",
        scenario.look_for,
        f"Expected before it was run: {scenario.expectation}" if scenario.expectation else "",
        "Patterns that the model is checked against and that no rule prescribes: repeat ties above chance, "
        "newcomers falling as a system matures, skewed participation, partnerships ending sooner without "
        "success.",
    ]
    return "\n\n".join(filter(None, lines))


def _entities() -> str:
    parts = [
        "## 2. Entities, state variables, scales",
        "A step is a quarter. Space is the cluster, the country and the sector; there is no grid.",
    ]
    for number, (table, text) in enumerate(ENTITIES, 1):
        parts.append(
            f"**ODD-2.{number} {text}**\n\n" + _table(["column", "meaning"], [[c.name, c.text] for c in table.columns])
        )
    return "\n\n".join(parts)


def _process(scenario: Scenario) -> str:
    world = scenario.values()
    span = (
        f"{world['world.burn_in']:.0f} quarters that all policies share under a neutral policy, then "
        f"{world['world.steps']:.0f} quarters that are compared."
    )
    lines = [
        f"{number}. **{phase.name}** (ODD-3.{phase.name}): {phase.text}"
        for number, phase in enumerate(catalogue.phase_entries(), 1)
    ]
    shocks = [
        f"- quarter {s.at}: {s.kind.replace('_', ' ')}" + (f" ({s.which})" if s.which >= 0 else "")
        for s in scenario.shocks
    ]
    dated = ["Dated shocks:\n\n" + "\n".join(shocks)] if shocks else []
    return "\n\n".join(["## 3. Process overview and scheduling", span, "\n".join(lines), *dated])


def _concepts() -> str:
    return "\n\n".join(["## 4. Design concepts", *(f"**ODD-4.{number} {name}.** {text}"
                                                        for number, (name, text) in enumerate(CONCEPTS, 1))])


def _start(scenario: Scenario) -> str:
    from sim.world import populate

    world = scenario.values()
    size = (
        f"{world['world.smes']:,.0f} SMEs in {world['world.clusters']:,.0f} clusters; seed {scenario.seed}; "
        f"{scenario.replicates} worlds with these values and {scenario.futures.count} plausible futures."
    )
    return "\n\n".join(["## 5. Initialisation", size, (populate.__doc__ or "").strip()])


def _inputs(scenario: Scenario) -> str:
    given = scenario.tables.given()
    lines = [f"- {key}: `{path.replace(chr(92), '/').rpartition('/')[2]}`" for key, path in given.items()]
    return "## 6. Input data\n\n" + ("\n".join(lines) or "None: the world is drawn from the parameters.")


def _submodels(scenario: Scenario) -> str:
    in_force = {(family, name) for family, name in scenario.rules.model_dump().items()}
    in_force |= {(family, name) for family in ("sources", "terms", "growth", "fill")
                 for name in _used(scenario.policies, family)}
    parts = ["## 7. Submodels", "Section 5.k of the model is ODD-7.k. Rules in force are told in full; each can be "
             "replaced by its name under `rules:` or in a policy."]
    for part in SUBMODELS:
        parts += [f"### {part.id} {part.title}", *(_steps(place) for place in part.code if place.endswith(".py"))]
        for family in part.families:
            parts += _family(family, {name for kind, name in in_force if kind == family})
    return "\n\n".join([*parts, "The instruments there are: " + ", ".join(sorted(instrument_ids())) + "."])


def _family(family: str, used: set[str]) -> list[str]:
    """Return a family's rules: those in force in full, the others by their ids."""
    entries = catalogue.rule_entries(family)
    others = [rule_id(family, entry.name) for entry in entries if entry.name not in used]
    return [f"{family}: {catalogue.FAMILY_TEXTS[family]}",
            *(_rule(entry, rule_id(family, entry.name)) for entry in entries if entry.name in used),
            *(["Not in force: " + ", ".join(others) + "."] if others else [])]


def _steps(place: str) -> str:
    """Return what a file does, function by function, in the words of its docstrings."""
    path = ROOT / place
    steps = [f"- `{name}`: {' '.join(text.partition(chr(10) * 2)[0].split())}"
             for name, text in catalogue.functions(path) if not name.startswith("_")]
    return catalogue.docstring(path).partition("\n\n")[0] + f" (`sim/{place}`)\n\n" + "\n".join(steps)


def _used(policies: Iterable[Policy], family: str) -> set[str]:
    values = [getattr(policy, family) for policy in policies]
    return {name for value in values for name in ([value] if isinstance(value, str) else value)}


def _rule(entry: Entry, number: str) -> str:
    details = "; ".join(f"{key.lower()}: {value}" for key, value in entry.details.items() if value != "none")
    return f"**{number}** ({entry.kind} = {entry.name}). {entry.text} ({details})"


def _tied() -> str:
    """Return where each part is done and which tests hold it."""
    rows = [[part.id, part.title, ", ".join(f"sim/{place}" for place in part.code), ", ".join(part.tests)]
            for part in PARTS]
    text = ("A rule's code is `sim/rules/<family>/<name>.py`, an instrument's `sim/instruments/<name>.py`; every "
            f"rule is held by {', '.join(CONFORMANCE)}. Test files are named below `tests`.")
    return "## 11. Ids, code and tests\n\n" + text + "\n\n" + _table(["id", "part", "code", "tests"], rows)


def _policies(policies: Sequence[Policy]) -> str:
    rows = [
        [p.name, p.text, show(p.sources), p.search, show(p.terms), p.growth, p.fill, show(p.practice)]
        for p in policies
    ]
    head = ["policy", "in a sentence", "sources", "search", "terms", "growth", "fill", "practice"]
    return "## 8. Policies compared\n\n" + _table(head, rows)


def _programmes(scenario: Scenario) -> list[str]:
    """Return what the scenario's programmes are; nothing without any."""
    if not scenario.instruments:
        return []
    kinds = {one.name: one for one in catalogue.instrument_entries()}
    rows = [[one.name, one.kind, f"{one.start} to {one.end}", f"{one.budget:g}", f"{one.grant:g}",
             f"{one.co_funding:g}", str(one.quota or "–"), one.text, one.source] for one in scenario.instruments]
    head = ["instrument", "kind", "quarters", "budget (kEUR)", "grant at most", "rate", "quota", "in a sentence",
            "source"]
    used = dict.fromkeys(one.kind for one in scenario.instruments)
    arms = [f"- {policy.name}: " + (", ".join(one.name for one in scenario.in_force(policy)) or "none")
            + ("" if policy.grants or not scenario.in_force(policy) else " (label only, nothing is paid)")
            for policy in scenario.policies]
    return ["\n\n".join(["### Public programmes", _table(head, rows),
                         *(_rule(kinds[kind], f"ODD-7.11.{kind}") for kind in used),
                         "In force under each policy:", "\n".join(arms)])]


def _outcomes() -> str:
    rows = [
        [e.name, e.text, e.details["Unit"], e.details["Better"], e.details["Source"]]
        for e in catalogue.outcome_entries()
    ]
    return "## 9. Outcomes\n\n" + _table(["outcome", "meaning", "unit", "better", "source"], rows)


def _parameters(scenario: Scenario) -> str:
    values = scenario.values()
    ranges = scenario.futures.resolved()
    rows = [_parameter(p, values[p.key], ranges.get(p.key)) for p in PARAMETERS]
    head = ["parameter", "value", "unit", "allowed", "futures", "meaning", "source"]
    return "## 10. Parameters\n\nA value in bold differs from the default.\n\n" + _table(head, rows)


def _parameter(parameter: Parameter, value: float, span: tuple[float, float] | None) -> list[str]:
    shown = show(value) if value == parameter.default else f"**{show(value)}**"
    return [
        f"`{parameter.key}`",
        shown,
        parameter.unit,
        bounds(parameter.low, parameter.high),
        bounds(*span) if span else "",
        parameter.text,
        parameter.source,
    ]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in (head, *rows)]
    lines.insert(1, "|" + "---|" * len(head))
    return "\n".join(lines)
