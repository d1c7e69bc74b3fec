"""Names a scenario may use: rules and terms from the registry, words of the vocabulary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sim.instruments.common.registry import kinds
from sim.rules import registry
from sim.vocab import Kind, Mode, Shock, Source

BUILT_IN_SOURCES = tuple(s.name.lower() for s in Source if s < Source.RENEWED)
WORDS: dict[str, tuple[str, ...]] = {
    "mode": tuple(m.name.lower() for m in Mode),
    "shock": tuple(s.name.lower() for s in Shock),
    "search": ("all", "sequential", "by_place"),
    "expected": ("ahead", "behind", "not_ahead", "not_behind"),
    "design": ("grid", "list", "latin_hypercube", "sobol", "morris"),
    "scale": ("auto", "linear", "log"),
    "effect": ("reach", "fit", "practice"),
    "method": ("optuna", "abc"),
    "instrument": kinds(),
    "kind": tuple(k.name.lower() for k in Kind),
    "selection": ("coverage", "trust", "variety", "lottery"),
    "pays": ("search", "coordination"),
}
SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
RESERVED = frozenset({"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10)})


def names(family: str) -> tuple[str, ...]:
    """Return the names of a family: words of the vocabulary, or rules found by being there."""
    if family in WORDS:
        return WORDS[family]
    if family == "outcome":
        from sim.outcomes.registry import outcomes

        return tuple(outcomes())
    if family == "sources":
        return tuple(dict.fromkeys((*BUILT_IN_SOURCES, *registry.names(family))))
    return registry.names(family)


@dataclass(frozen=True)
class Known:
    """Marks a text that must be one of a family's names at the time it is validated."""

    family: str

    def check(self, word: str) -> str:
        """Return the word, or raise with the names that are allowed."""
        allowed = names(self.family)
        if word not in allowed:
            raise PydanticCustomError(
                "unknown_name", "unknown {family}", {"family": self.family, "allowed": list(allowed)}
            )
        return word

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "enum": list(names(self.family))}


def _safe(word: str) -> str:
    if not SAFE_NAME.fullmatch(word) or word.lower() in RESERVED:
        raise PydanticCustomError("unsafe_name", "name")
    return word


SafeName = Annotated[
    str, AfterValidator(_safe), Field(json_schema_extra={"pattern": f"^{SAFE_NAME.pattern}$"})
]
