"""Pydantic building blocks: strict models, and one section for each group of the parameter table."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from sim.parameters import PARAMETERS, Parameter


class Strict(BaseModel):
    """A frozen model without conversions and without unknown settings."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


class Section(Strict):
    """One group of parameters; its fields come from `sim.parameters`."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    def __reduce__(self) -> tuple[Any, ...]:
        return _section, (type(self).__name__.lower(), self.model_dump())


def _section(name: str, values: dict[str, Any]) -> Section:
    """Return a section as it was before it was pickled."""
    return make_section(name)(**values)


def _field(parameter: Parameter) -> tuple[Any, Any]:
    kind = int if parameter.whole else float
    text = f"{parameter.text} Unit: {parameter.unit}. Source: {parameter.source}."
    low, high = kind(parameter.low), kind(parameter.high)
    return kind, Field(default=kind(parameter.default), ge=low, le=high, description=text)


def section_names() -> tuple[str, ...]:
    """Return the groups of the parameter table, in its order."""
    return tuple(dict.fromkeys(p.key.split(".")[0] for p in PARAMETERS))


@cache
def make_section(name: str) -> type[Section]:
    """Return the model of one group of parameters."""
    fields: dict[str, Any] = {
        p.key.split(".", 1)[1]: _field(p) for p in PARAMETERS if p.key.startswith(f"{name}.")
    }
    return create_model(name.title(), __base__=Section, **fields)
