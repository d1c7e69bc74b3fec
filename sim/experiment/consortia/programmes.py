"""Programme parts: the fine codes of CORDIS (``H2020-EU.3.4.5.1.``) brought to the parts of a programme."""

from __future__ import annotations

import re
from functools import lru_cache

PILLARS = {"1.1": "ERC", "1.2": "FET", "1.3": "MSCA", "1.4": "RI", "2.1": "LEIT", "2.2": "ARF",
           "2.3": "Innovation in SMEs", **{f"3.{n}": f"SC{n}" for n in range(1, 8)}, "4": "SEWP", "5": "SWAFS"}
"""Parts of Horizon 2020 by the number in their legal basis (Regulation 1291/2013, annex I)."""
H2020 = re.compile(r"H2020-EU\.(\d)(?:\.(\d))?")
HORIZON = re.compile(r"(HORIZON\.\d+(?:\.\d+)?)")
EURATOM = re.compile(r"(H2020|HORIZON|FP7)?-?Euratom", re.IGNORECASE)


@lru_cache(maxsize=4096)
def programme_parts(text: str) -> str:
    """Return the parts that a project belongs to, each once, in order, joined by ``;``.

    Codes of Horizon 2020 and of Horizon Europe lose what is below the second level; other names stay as they are.
    """
    return ";".join(sorted({_part(code.strip()) for code in re.split(r"[;|,]", text)} - {""}))


def _part(code: str) -> str:
    if found := H2020.match(code):
        first, second = found.groups()
        return PILLARS.get(f"{first}.{second}", PILLARS.get(first, f"H2020-EU.{first}"))
    if found := HORIZON.match(code):
        return found.group(1)
    return "Euratom" if EURATOM.match(code) else code


def parts_of(theme: str) -> set[str]:
    """Return the programme parts that a theme names."""
    return set(theme.split(";")) - {""}
