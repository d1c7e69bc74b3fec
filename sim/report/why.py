"""Why a partnership formed, from the reasons that a run with a log keeps."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.report.numbers import words
from sim.report.table import paragraph, table
from sim.rules.registry import names
from sim.vocab import MAX_FIELDS, Fate, Kind, Reason, Source

FATES = {
    Fate.FREE: "not invited",
    Fate.DECLINED: "declined",
    Fate.ACCEPTED: "joined the plan",
    Fate.STAND_BY: "stand-by",
    Fate.BUSY: "no time",
}

ENDINGS = {
    Reason.SUCCESS: "it succeeded",
    Reason.FAILURE: "it failed",
    Reason.DISTRUST: "a member lost its trust in the others",
    Reason.COSTS: "it cost a member more than it could expect",
    Reason.HAZARD: "it broke off by chance",
    Reason.DEATH: "a member closed down",
    Reason.ROLE_LOST: "nobody could be found for a role that had lost its holder",
    Reason.TOO_FEW: "too few were left",
    Reason.PARALLEL_DONE: "each had done its own part",
    Reason.SHOCK: "a shock hit it",
}


def ending(story: dict[str, Any]) -> str:
    """Return why a partnership ended, as people say it."""
    return ENDINGS[Reason[story["reason"].upper()]]


def why(world: Any, number: int) -> dict[str, Any]:
    """Return the story of one partnership as plain data.

    Parameters
    ----------
    world : the world at the end of a run with a log.
    number : row of the partnership.
    """
    part = world.parts[number]
    reasons = world.whys[: int(world.n.whys)]
    chosen = reasons[(reasons.uid == part.uid) & (reasons.org >= 0)]
    terms = names("terms")
    return {
        "partnership": number,
        "started": int(part.start),
        "due": int(part.due),
        "ended": int(part.ended),
        "reason": Reason(part.reason).name.lower(),
        "won": bool(part.won),
        "renewal": bool(part.renewal),
        "initiator": person(world, part.initiator),
        "lead": person(world, part.lead),
        "coverage": float(part.coverage),
        "roles": _roles(world, part),
        "members": _members(world, part),
        "candidates": [_candidate(world, row, terms) for row in chosen],
        "with_reasons": _with_reasons(world, reasons, number),
    }


def _with_reasons(world: Any, reasons: Any, number: int) -> int | None:
    """Return the partnership with reasons that is next in number; None where there is none."""
    known = np.isin(world.parts.uid[: int(world.n.partnerships)], reasons.uid[reasons.org >= 0])
    found = np.flatnonzero(known)
    return int(found[np.abs(found - number).argmin()]) if len(found) else None


def person(world: Any, row: int) -> dict[str, Any]:
    """Return who an organisation is."""
    one = world.orgs[row]
    return {
        "organisation": int(row),
        "kind": Kind(one.kind).name.lower(),
        "cluster": int(one.cluster),
        "sector": int(one.sector),
        "country": int(one.country),
    }


def _roles(world: Any, part: Any) -> list[dict[str, Any]]:
    rows = world.roles[int(part.role0) : int(part.role0) + int(part.roles)]
    return [
        {
            "field": int(r.competence),
            "market": int(r.competence) - MAX_FIELDS if r.competence >= MAX_FIELDS else None,
            "level": float(r.level),
            "holder": int(r.holder),
            "deliveries": int(r.deliveries),
        }
        for r in rows
    ]


def _members(world: Any, part: Any) -> list[dict[str, Any]]:
    rows = world.seats[int(part.seat0) : int(part.seat0) + int(part.seats)]
    return [
        {
            **person(world, int(s.org)),
            "source": Source(s.source).name.lower(),
            "joined": int(s.joined),
            "left": int(s.left),
            "newcomer": bool(s.newcomer),
        }
        for s in rows
    ]


def _candidate(world: Any, row: Any, terms: tuple[str, ...]) -> dict[str, Any]:
    scores = {name: float(value) for name, value in zip(terms, row.terms, strict=False) if np.isfinite(value)}
    return {
        **person(world, int(row.org)),
        "source": Source(row.source).name.lower(),
        "score": float(row.score),
        "terms": scores,
        "fate": FATES[Fate(row.fate)],
    }


def explanation(story: dict[str, Any]) -> str:
    """Return the story for a person."""
    parts = [paragraph(_opening(story)), _role_table(story), _member_table(story), _candidate_table(story)]
    return "\n\n".join(part for part in parts if part)


def _opening(story: dict[str, Any]) -> str:
    first, lead = story["initiator"], story["lead"]
    led = "" if first == lead else f" Organisation {lead['organisation']} leads."
    start = "renewed a team" if story["renewal"] else "met a challenge"
    until = (
        f"It ended in quarter {story['ended']}: {ending(story)}."
        if story["ended"] >= 0
        else f"It is running and due in quarter {story['due']}."
    )
    return (
        f"In quarter {story['started']} (counted from the burn-in) {_name(first)} {start} with "
        f"{len(story['roles'])} roles; the team truly covers {story['coverage']:.0%} of them.{led} {until}"
    )


def _name(one: dict[str, Any]) -> str:
    return (
        f"organisation {one['organisation']} ({words(one['kind'])}, cluster {one['cluster']}, "
        f"sector {one['sector']})"
    )


def _role_table(story: dict[str, Any]) -> str:
    rows = [
        [
            f"access to market {r['market']}" if r["market"] is not None else f"field {r['field']}",
            f"{r['level']:.2f}",
            str(r["holder"]) if r["holder"] >= 0 else "nobody",
            str(r["deliveries"]),
        ]
        for r in story["roles"]
    ]
    return "Roles\n" + table(["role", "level asked", "held by", "deliveries"], rows, numeric=(1, 2, 3))


def _member_table(story: dict[str, Any]) -> str:
    rows = [
        [
            str(m["organisation"]),
            words(m["kind"]),
            str(m["cluster"]),
            str(m["sector"]),
            words(m["source"]),
            "newcomer" if m["newcomer"] else "",
        ]
        for m in story["members"]
    ]
    head = ["member", "kind", "cluster", "sector", "found through", ""]
    return "Members\n" + table(head, rows, numeric=(0, 2, 3))


def _others(story: dict[str, Any]) -> str:
    near = story["with_reasons"]
    return "No partnership of this run has any." if near is None else f"The nearest with reasons: --partnership {near}."


def _candidate_table(story: dict[str, Any]) -> str:
    if not story["candidates"]:
        return (
            "No reasons are kept: it formed in the burn-in that all policies share, by renewing a team, or as a "
            f"cluster partnership. {_others(story)}"
        )
    used = list(dict.fromkeys(name for c in story["candidates"] for name in c["terms"]))
    rows = [
        [
            str(c["organisation"]),
            words(c["source"]),
            f"{c['score']:.3f}",
            *(f"{c['terms'][name]:.2f}" if name in c["terms"] else "–" for name in used),
            c["fate"],
        ]
        for c in story["candidates"]
    ]
    head = ["candidate", "found through", "score", *map(words, used), "what became of it"]
    return "Best candidates when first scored\n" + table(head, rows, numeric=(0, *range(2, 3 + len(used))))
