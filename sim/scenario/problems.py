"""From pydantic's findings to problems with place, allowed values and the name that was probably meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from sim.errors import Problem, ScenarioError, nearest
from sim.parameters import BY_KEY
from sim.scenario.nodes import Node, Path_, Place, dotted
from sim.scenario.overrides import rewritten

M = TypeVar("M", bound=BaseModel)
Details = dict[str, Any]


def validate(model: type[M], node: Node) -> M:
    """Return the model that the tree describes; raise all problems at once, each with its place."""
    try:
        return model.model_validate(node.plain())
    except ValidationError as error:
        findings = [dict(details) for details in error.errors(include_url=False)]
        found = [_problem(details, model, node) for details in findings if not _follows(details)]
        raise ScenarioError(
            dict.fromkeys(sorted(found, key=lambda p: (p.where, p.line or 0, p.column or 0)))
        ) from None


def _follows(details: Details) -> bool:
    """Return True for a list that only counts as too short because its items have problems of their own."""
    return details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"]


def at(node: Node, path: Path_, on_key: bool = False) -> Place:
    """Return the place of a path's value (or key), or of what encloses it where it is not written."""
    found, depth = node.find(path)
    if on_key or depth < len(path):
        return found.key or found.place
    return found.place


def unknown_policy(name: str) -> Problem:
    """Return the problem of a policy that does not exist."""
    from sim.scenario.policy import policy_names

    allowed = policy_names()
    return Problem(
        "policies", name, "unknown policy", f"'{name}'", ", ".join(allowed), nearest(name, allowed)
    )


def shown(value: Any) -> str:
    """Return a given value for a message, shortened."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value}'" if len(value) <= 40 else f"'{value[:37]}...'"
    if isinstance(value, dict | list | tuple):
        return "settings" if isinstance(value, dict) else "a list"
    return str(value)


def bounds(low: float, high: float) -> str:
    """Return a range in words."""
    return (
        f"{low:,g} to {high:,g}"
        if max(abs(low), abs(high)) < 1e6 or high % 1
        else f"{int(low):,} to {int(high):,}"
    )


def _problem(details: Details, model: type[BaseModel], node: Node) -> Problem:
    on_key = details["loc"][-1:] == ("[key]",)
    path: Path_ = tuple(step for step in details["loc"] if step != "[key]")
    kind, given = details["type"], details["input"]
    if kind == "extra_forbidden":
        return _unknown_setting(path, model, node)
    place = at(node, path, on_key)
    if kind == "missing":
        return at(node, path[:-1]).problem(dotted(path), "is missing")
    if given is None:
        return place.problem(dotted(path), "has no value; give one or remove the line")
    if kind == "unknown_name":
        return _unknown_name(path, details, node, on_key)
    message, allowed = _message(kind, details, _field(model, path))
    return place.problem(dotted(path), message(given), shown(given), allowed)


def _unknown_name(path: Path_, details: Details, node: Node, on_key: bool) -> Problem:
    context = details["ctx"]
    word, path = str(context.get("word", details["input"])), (*path, *context.get("inside", ()))
    message = f"unknown {_family(context['family'])} {shown(word)}"
    allowed, close = ", ".join(context["allowed"]), nearest(word, context["allowed"])
    return at(node, path, on_key).problem(dotted(path), message, shown(word), allowed, close)


def _family(family: str) -> str:
    return {
        "terms": "term",
        "sources": "source",
        "policy": "policy",
        "search": "search",
        "shock": "kind of shock",
        "fill": "fill",
        "growth": "growth",
        "mode": "mode",
        "expected": "sign",
        "design": "design",
        "scale": "scale",
        "effect": "effect",
        "method": "method",
        "instrument": "instrument",
        "kind": "kind of organisation",
        "selection": "selection",
        "pays": "cost",
    }.get(family, f"{family} rule")


def _unknown_setting(path: Path_, model: type[BaseModel], node: Node) -> Problem:
    parent = model_at(model, path[:-1])
    siblings = list(parent.model_fields) if parent else []
    word = str(path[-1])
    found, _ = node.find(path)
    if instead := rewritten(dotted(path)):
        return at(node, path, True).problem(dotted(path), f"unknown setting; {instead}", shown(found.plain()))
    close = nearest(word, siblings) or _elsewhere(word)
    return at(node, path, True).problem(
        dotted(path), "unknown setting", shown(found.plain()), None if close else ", ".join(siblings), close
    )


def _elsewhere(word: str) -> str | None:
    """Return the address of the parameter with this last name, if there is exactly one."""
    hits = [key for key in BY_KEY if key.split(".", 1)[1] == word or key == word]
    return hits[0] if len(hits) == 1 else None


def model_at(model: Any, path: Path_) -> type[BaseModel] | None:
    """Return the model that a path leads to, or None where it leads to plain values."""
    for step in path:
        model = _inner(model) if isinstance(step, int) else _inner(_annotation(model, step))
    return model if isinstance(model, type) and issubclass(model, BaseModel) else None


def _annotation(model: Any, name: str) -> Any:
    fields = model.model_fields if isinstance(model, type) and issubclass(model, BaseModel) else {}
    return fields[name].annotation if name in fields else None


def _inner(annotation: Any) -> Any:
    """Return the model inside ``tuple[Model, ...]`` and the like, or the annotation itself."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = [_inner(part) for part in get_args(annotation)]
    return next((part for part in inner if isinstance(part, type) and issubclass(part, BaseModel)), None)


def _field(model: type[BaseModel], path: Path_) -> FieldInfo | None:
    parent = model_at(model, path[:-1])
    return parent.model_fields.get(str(path[-1])) if parent and path else None


def _limits(field: FieldInfo | None, context: Details) -> str | None:
    """Return the allowed range of a number from its declaration, else from the finding."""
    ends = dict(context)
    for part in field.metadata if field else ():
        ends |= {name: getattr(part, name) for name in ("ge", "le") if hasattr(part, name)}
        for inner in getattr(part, "metadata", ()):
            ends |= {name: getattr(inner, name) for name in ("ge", "le") if hasattr(inner, name)}
    if "ge" in ends and "le" in ends:
        return bounds(ends["ge"], ends["le"])
    return (
        f"at least {ends['ge']:,g}" if "ge" in ends else f"at most {ends['le']:,g}" if "le" in ends else None
    )


def _message(kind: str, details: Details, field: FieldInfo | None) -> tuple[Callable[[Any], str], str | None]:
    """Return how to say a finding about a given value, and what is allowed."""
    if kind in ("greater_than_equal", "less_than_equal"):
        return lambda given: f"{shown(given)} is out of range", _limits(field, details["ctx"])
    if kind in ("int_type", "int_from_float", "int_parsing", "int_parsing_size"):
        return lambda given: _expected("a whole number", given), _limits(field, {})
    if kind in ("float_type", "finite_number"):
        return lambda given: _expected("a number", given), _limits(field, {})
    if kind in _SHAPES:
        return lambda given: _expected(_SHAPES[kind], given), None
    if kind == "unsafe_name":
        return (
            lambda given: f"{shown(given)} cannot be a name",
            "letters, digits, '-' and '_', beginning with a letter or digit, at most 64",
        )
    if kind in ("too_short", "too_long"):
        context = details["ctx"]
        return (
            lambda given: f"has {context['actual_length'] or 'no'} items",
            f"at least {context['min_length']}"
            if kind == "too_short"
            else f"at most {context['max_length']}",
        )
    text = str(details["msg"])
    return lambda given: text[:1].lower() + text[1:], None


_SHAPES = {
    "bool_type": "true or false",
    "string_type": "text",
    "tuple_type": "a list [...]",
    "list_type": "a list [...]",
    "dict_type": "settings (key: value)",
    "model_type": "settings (key: value)",
    "model_attributes_type": "settings (key: value)",
}


def _expected(what: str, given: Any) -> str:
    if isinstance(given, str):
        number = given.strip().replace(".", "", 1).lstrip("-").isdigit()
        hint = "; remove the quotes" if number and "number" in what else ""
        return f"expected {what}, not the text {shown(given)}{hint}"
    return f"expected {what}, not {shown(given)}"
