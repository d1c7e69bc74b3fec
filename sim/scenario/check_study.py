"""Checks between the settings of a study, after each is valid on its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.errors import Problem, ScenarioError, nearest
from sim.outcomes.registry import outcomes
from sim.parameters import BY_KEY
from sim.scenario.checks import _say as say
from sim.scenario.problems import bounds

if TYPE_CHECKING:
    from sim.scenario.load_study import Study
    from sim.scenario.nodes import Node
    from sim.scenario.study import Map, Uncertainty

CELLS = ("known_by_trust", "known_by_fit", "wide_by_trust", "wide_by_fit")
SAMPLED = ("latin_hypercube", "sobol", "morris")
ONLY_FOR = {"levels": ("grid", "morris"), "samples": ("latin_hypercube", "sobol"), "trajectories": ("morris",),
            "points": ("list",), "file": ("list",)}


def check_study(study: Study, node: Node) -> list[Problem]:
    """Return every problem between settings, in the order of the file."""
    checks = (_outcomes, _uncertainties, _design, _points, _map, _calibration)
    found = [problem for part in checks for problem in part(study, node)]
    return sorted(found, key=lambda p: (p.where, p.line or 0, p.column or 0))


def _outcomes(study: Study, node: Node) -> Iterator[Problem]:
    known = outcomes()
    for number, name in enumerate(study.text.outcomes):
        if name not in known:
            yield say(node, ("outcomes", number), f"unknown outcome '{name}'", name, ", ".join(known),
                       nearest(name, known))


def is_number(address: str) -> bool:
    """Whether an address is a parameter that may differ between futures without building another scenario."""
    return address in BY_KEY and not BY_KEY[address].whole


def _uncertainties(study: Study, node: Node) -> Iterator[Problem]:
    for key, one in study.text.uncertainties.items():
        path = ("uncertainties", key)
        if (one.range is None) == (one.values is None):
            yield say(node, path, "needs either a range [low, high] or values: [...]")
        elif one.times:
            yield from _factor(study, node, key, one)
        else:
            yield from _setting(study, node, key, one)
        if one.range is not None and one.range[0] >= one.range[1]:
            yield say(node, path, f"begins at {one.range[0]:g} but ends at {one.range[1]:g}; the low end comes first")


def _factor(study: Study, node: Node, key: str, one: Uncertainty) -> Iterator[Problem]:
    if key in BY_KEY:
        yield say(node, ("uncertainties", key), "is a setting itself; a condition that multiplies needs a name of "
                   "its own", key, on_key=True)
    own = study.scenario.values()
    ends = [float(v) for v in (one.range or one.values or ()) if isinstance(v, int | float)]
    for number, address in enumerate(one.times):
        path = ("uncertainties", key, "times", number)
        if not is_number(address):
            yield say(node, path, f"unknown parameter '{address}'", address, close=nearest(address, BY_KEY))
        elif outside := [f * own[address] for f in ends if not _fits(address, f * own[address])]:
            yield _out_of_range(node, path, address, outside[0])


def _setting(study: Study, node: Node, key: str, one: Uncertainty) -> Iterator[Problem]:
    path = ("uncertainties", key)
    if one.range is not None and not is_number(key):
        known = key in BY_KEY
        message = "is a whole number; give values: [...]" if known else "unknown parameter"
        close = None if known else nearest(key, BY_KEY)
        if "." not in key and not known:
            message = "is no setting; a condition of its own needs times: [settings that it multiplies]"
        yield say(node, path, message, key, close=close, on_key=True)
    elif is_number(key):
        for value in one.range or one.values or ():
            if isinstance(value, str | bool) or not _fits(key, float(value)):
                yield _out_of_range(node, path, key, value)
    else:
        yield from _variants(study, node, key, one)


def _variants(study: Study, node: Node, key: str, one: Uncertainty) -> Iterator[Problem]:
    for number, value in enumerate(one.values or ()):
        try:
            study.changed({key: value})
        except ScenarioError as error:
            problem = error.problems[0]
            if problem.message.startswith("unknown setting"):  # the address is wrong, whatever the value
                yield say(node, ("uncertainties", key), problem.message, key, problem.allowed, problem.nearest, True)
                return
            yield say(node, ("uncertainties", key, "values", number), problem.message, value, problem.allowed,
                       problem.nearest)


def _fits(address: str, value: float) -> bool:
    return BY_KEY[address].low <= value <= BY_KEY[address].high


def _out_of_range(node: Node, path: tuple[str | int, ...], address: str, value: Any) -> Problem:
    p = BY_KEY[address]
    shown = f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else f"'{value}'"
    return say(node, path, f"{shown} is out of range for {address}", value, bounds(p.low, p.high))


def _design(study: Study, node: Node) -> Iterator[Problem]:
    design, uncertain = study.text.design, study.text.uncertainties
    written, depth = node.find(("design",))
    given = written.value if depth and isinstance(written.value, dict) else {}
    for key, kinds in ONLY_FOR.items():
        if key in given and design.kind not in kinds:
            yield say(node, ("design", key), f"means nothing in a {design.kind} design", on_key=True,
                       allowed=f"in {' and '.join(kinds)}")
    if design.kind in SAMPLED and uncertain and all(one.range is None for one in uncertain.values()):
        yield say(node, ("design",), f"a {design.kind} design needs a range; lists of values alone go with grid")
    if design.kind == "sobol" and design.samples & (design.samples - 1):
        yield say(node, ("design", "samples"), f"{design.samples} is not a power of two", design.samples,
                   "2, 4, 8, 16, 32, 64, ...")
    if design.kind in ("sobol", "morris") and len(uncertain) < 2:
        yield say(node, ("design",), f"a {design.kind} design needs at least two uncertainties")


def _points(study: Study, node: Node) -> Iterator[Problem]:
    design, uncertain = study.text.design, study.text.uncertainties
    if design.kind == "list" and not design.points and design.file is None:
        yield say(node, ("design",), "a list design needs points: [{address: value}, ...] or a file")
    for number, point in enumerate(design.points):
        for key, value in point.items():
            path = ("design", "points", number, key)
            if key in uncertain:
                continue
            if not is_number(key):
                yield say(node, path, "unknown parameter", key, close=nearest(key, BY_KEY), on_key=True)
            elif isinstance(value, str | bool) or not _fits(key, float(value)):
                yield _out_of_range(node, path, key, value)


def _map(study: Study, node: Node) -> Iterator[Problem]:
    chosen, uncertain = study.text.map, study.text.uncertainties
    if chosen is None:
        return
    names = [policy.name for policy in study.scenario.policies]
    for key in ("x", "y", "lever"):
        name = getattr(chosen, key)
        if name is not None and name not in uncertain and not (key == "lever" and is_number(name)):
            yield say(node, ("map", key), f"'{name}' is not among the uncertainties", name, ", ".join(uncertain),
                       nearest(name, uncertain))
        elif name is not None and key != "lever" and uncertain[name].range is None:
            yield say(node, ("map", key), f"'{name}' needs a range [low, high]", name)
    if chosen.x == chosen.y:
        yield say(node, ("map", "y"), f"x and y are both '{chosen.x}'", chosen.y)
    if bool(chosen.lever) != bool(chosen.prices):
        yield say(node, ("map",), "lever and prices go together")
    yield from _paid(chosen, node)
    for number, effect in enumerate(chosen.effects):
        cells = CELLS if effect != "practice" else (*CELLS, *(f"{cell}_with_practice" for cell in CELLS))
        if missing := [name for name in cells if name not in names]:
            yield say(node, ("map", "effects", number), f"the effect of {effect} needs the policies "
                      f"{', '.join(missing)} as well", effect)


def _paid(chosen: Map, node: Node) -> Iterator[Problem]:
    if chosen.paid is None:
        return
    if chosen.paid not in outcomes():
        yield say(node, ("map", "paid"), f"unknown outcome '{chosen.paid}'", chosen.paid,
                   close=nearest(chosen.paid, outcomes()))
    if not chosen.prices:
        yield say(node, ("map", "paid"), "needs a lever and its prices", chosen.paid)
    for number, price in enumerate(chosen.prices):
        if isinstance(price, bool | str) or not 0 <= price < 1:
            yield say(node, ("map", "prices", number), "is no share of a cost that is left to the firms", price,
                       "from 0 to below 1")


def _calibration(study: Study, node: Node) -> Iterator[Problem]:
    chosen, known = study.text.calibrate, outcomes()
    for name, (_, tolerance) in (chosen.targets if chosen else {}).items():
        path = ("calibrate", "targets", name)
        if name not in known:
            yield say(node, path, f"unknown outcome '{name}'", name, ", ".join(known), nearest(name, known), True)
        if tolerance <= 0:
            yield say(node, path, f"its tolerance is {tolerance:g}; it must be above 0", tolerance)
