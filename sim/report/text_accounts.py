"""The money of each instrument in words: what it had, on whom it was spent, what was left, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.numbers import places, plain, words
from sim.report.table import Part

if TYPE_CHECKING:
    from sim.experiment.accounts import Account
    from sim.experiment.findings import Findings

COLUMNS = (("budget", "had"), ("smes", "to SMEs"), ("cluster_organisations", "to cluster organisations"),
           ("others", "to others"), ("administration", "administration"), ("unspent", "unspent"))
LITTLE = 0.005  # a rest below this share of the budget needs no reason


def accounts(findings: Findings) -> Part:
    """Return a line for each instrument of each arm that may pay, and the reason where money was left."""
    paying = [one for one in findings.accounts if one.values["pays"]]
    rows = [[words(one.instrument), words(one.policy), *(_money(one.values[name]) for name, _ in COLUMNS)]
            for one in paying]
    head = ["instrument", "arm", *(title for _, title in COLUMNS)]
    return Part("What became of the money of each instrument (kEUR, mean of the scenario's own worlds)", head, rows,
                range(2, len(head)), _reasons(paying))


def _reasons(paying: list[Account]) -> list[str]:
    """Return why money was left, instrument by instrument; arms with the same reason together."""
    arms: dict[tuple[str, str], list[str]] = {}
    for one in paying:
        if one.values["unspent"] > LITTLE * one.values["budget"]:
            arms.setdefault((one.instrument, why(one)), []).append(words(one.policy))
    return [f"{words(name)} ({', '.join(names)}): {text}" for (name, text), names in arms.items()]


def _money(value: float) -> str:
    return plain(value, 0 if value >= 100 else min(1, places(value)))


def why(one: Account) -> str:
    """Return in a sentence why money of an instrument was not spent."""
    values = one.values
    rest = values["unspent"] - values["returned"]
    parts = []
    if values["returned"] > LITTLE * values["budget"]:
        less = ", or passed on less than it might" if one.kind == "large_scale_demonstrator" else ""
        parts.append(f"{_money(values['returned'])} came back from what broke up before its end{less}")
    if rest > LITTLE * values["budget"]:
        parts.append(f"{_money(rest)} {_never_promised(one)}")
    return f"{_money(values['unspent'])} unspent: {'; '.join(parts)}." if parts else "a little is left of many."


def _never_promised(one: Account) -> str:
    values = one.values
    applied, eligible = values["applied"], values["applied"] - values["refused"]
    if one.kind in ("voucher", "matchmaking"):
        return "was asked for by nobody: there were fewer costs or meetings than it pays for"
    if one.kind == "label":
        return f"was not needed: {values['labelled']:.3g} of {applied:.3g} running partnerships were named"
    if applied == 0:
        return "found no applicant"
    tried = f"of {applied:.3g} applications {eligible:.3g} were eligible, {values['funded']:.3g} funded"
    if values["unfunded"] + values["voluntary"] >= 1:
        return f"did not suffice for one more grant, or the quota was reached ({tried})"
    return f"found no other application that was eligible ({tried})"
