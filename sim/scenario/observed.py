"""What was really seen of a programme: a figure, its source, and the outcome that is held against it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from sim.scenario.fields import Strict
from sim.scenario.names import Known

Amount = Annotated[float, Field(ge=0, le=1e12)]


def _span(value: Any) -> Any:
    """Return [low, high] of a range, and twice the same of a single figure."""
    if isinstance(value, list):
        return tuple(value)
    return (value, value) if isinstance(value, int | float) and not isinstance(value, bool) else value


class Observed(Strict):
    """One figure from the world, as a report or an evaluation gives it.

    Parameters
    ----------
    outcome : the outcome held against it. value : the figure, or the lowest and the highest of several.
    policy : the arm it is about; empty: the focus. text : what was counted. source : who says so.
    """

    outcome: Annotated[str, Known("outcome")] = Field(description="Outcome held against it; mobilise rules outcomes.")
    value: Annotated[tuple[Amount, Amount], BeforeValidator(_span)] = Field(
        description="The figure, in the outcome's unit, or [lowest, highest] of several.",
        json_schema_extra={"anyOf": [{"type": "number"}, {"type": "array", "items": {"type": "number"},
                                                          "minItems": 2, "maxItems": 2}]})
    policy: str = Field("", description="Arm that the figure is about; default: the focus.")
    text: str = Field("", description="What was counted, where that is not quite what the outcome counts.")
    source: str = Field(min_length=1, description="Where the figure comes from.")
