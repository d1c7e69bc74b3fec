"""What a plain word in a scenario means: true, false, a plain decimal number, or text.

YAML 1.1 reads ``no`` as False, ``1:30`` as 90 and ``010`` as 8. Here such words are
errors with a hint, never silently another value.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

Scalar = str | int | float | bool | None

EMPTY = frozenset({"", "~", "null", "Null", "NULL"})
SWITCHES = {
    "yes": "true",
    "on": "true",
    "y": "true",
    "true": "true",
    "no": "false",
    "off": "false",
    "n": "false",
    "false": "false",
}
WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
EXPONENT = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]{1,3}")
NOT_FINITE = re.compile(r"[+-]?\.?(inf|infinity|nan)", re.IGNORECASE)
DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*")
NUMBERISH = re.compile(
    r"[+\-\u2212\u2013]?\s*\.?[0-9][0-9A-Fa-f_.,:eExXoObB+\-\u2212%/\u2044' \u00a0\u202f]*"
)
MOST_DIGITS = 40


class NotPlain(ValueError):
    """A word that programs read in different ways; the text says what to write instead."""


def read_scalar(text: str, plain: bool) -> Scalar:
    """Return the value of one scalar; ``plain`` is False for quoted and block text."""
    if not plain:
        return unicodedata.normalize("NFC", text)
    if text in EMPTY:
        return None
    if text in ("true", "false"):
        return text == "true"
    if text.lower() in SWITCHES:
        raise NotPlain(
            f"'{text}' is read differently by different programs; write {SWITCHES[text.lower()]}, "
            f'or "{text}" in quotes for text'
        )
    if WHOLE.fullmatch(text) or DECIMAL.fullmatch(text):
        return _number(text)
    if hint := _oddity(text):
        raise NotPlain(f"{_short(text)} is not a plain number; {hint}")
    return unicodedata.normalize("NFC", text)


def _number(text: str) -> int | float:
    if len(text) > MOST_DIGITS:
        raise NotPlain(f"{_short(text)} has more than {MOST_DIGITS} digits")
    return float(text) + 0.0 if "." in text else int(text)


def _oddity(text: str) -> str | None:
    """Return what to write instead of a number-like word, or None for ordinary text."""
    if NOT_FINITE.fullmatch(text):
        return "a number must be finite"
    if DATE.fullmatch(text):
        return "put a date in quotes"
    if not NUMBERISH.fullmatch(unicodedata.normalize("NFKC", text)):
        return None
    return next((hint for sign, hint in _HINTS if re.search(sign, text)), None) or _spelling(text)


_HINTS = (
    (r"%", "write a share as a decimal, 0.5 for 50 %"),
    (r"^[+-]?0[xXoObB]", "write it as a decimal number"),
    (r"_", "write it without '_'"),
    (r":", "write one plain number, or put text in quotes"),
    (r"^[^,]*,[^,]*$", "use a point for decimals, nothing between thousands"),
    (r"[ ',]|\u00a0|\u202f", "write the digits without separators"),
    (r"^\+", "leave out the '+'"),
    (r"^-?0[0-9]", "leave out the leading zero"),
    (r"^-?\.", "write a zero before the point"),
    (r"\.$", "write a digit after the point"),
)


def _spelling(text: str) -> str:
    if EXPONENT.fullmatch(text):
        try:
            exact = Decimal(text)
        except InvalidOperation:
            return "write it out"
        if abs(exact.adjusted()) <= 12:
            return f"write it out: {exact:f}"
    return "write digits and at most one point, or put text in quotes"


def _short(text: str) -> str:
    return f"'{text}'" if len(text) <= 40 else f"'{text[:37]}...'"
