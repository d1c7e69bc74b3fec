"""Words of a user's table as codes, and names as identities."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np

from sim.errors import Problem, ScenarioError

MOST_COUNTRIES = 30_000
SETTINGS = {"country": "at most 30,000", "sector": "at most world.sectors"}


def code_of(words: Iterable[str], most: int, what: str) -> dict[str, int]:
    """Return the code of each word: the number it is, if all are numbers below ``most``; else its rank.

    A rank moves when another word comes in; whoever compares worlds with other words writes numbers.
    """
    found = sorted(set(words))
    if found and all(word.isascii() and word.isdigit() and int(word) < most for word in found):
        return {word: int(word) for word in found}
    if len(found) > most:
        raise ScenarioError([Problem(
            "tables", what, f"{len(found)} different values are named", str(len(found)),
            f"{SETTINGS[what]}: {most}")])
    return {word: number for number, word in enumerate(found)}


def uids(kind: str, names: Iterable[Any]) -> np.ndarray[Any, Any]:
    """Return the identity of each name: the first 8 bytes of SHA-256 of its kind and name."""
    digests = (hashlib.sha256(f"{kind}\0{name}".encode()).digest()[:8] for name in names)
    return np.array([int.from_bytes(digest, "little") for digest in digests], np.uint64)
