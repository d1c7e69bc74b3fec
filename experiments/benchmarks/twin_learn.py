"""The twin's learning: levels, fields, openness and visions change with experience."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_agents import FIRST_MARKET, PLACES, Organisation, Partnership, Role

if TYPE_CHECKING:
    from twin import Twin


def learn(model: Twin) -> None:
    """One quarter of learning, fading, opening and drifting."""
    used: dict[Organisation, set[int]] = {}
    for a in model.active:
        team = list(a.members)
        learn_together(model, a, team, used)
        if len(team) > 1 and a.policy.shared_goal:
            share_goal(model, a, team)
        if len(team) > 1 and model.quarter >= a.due:
            change_minds(model, a, team)
    for j in model.agents:
        fade_and_drift(model, j, used.get(j, ()))


def learn_together(model: Twin, a: Partnership, team: list[Organisation], used: dict[Organisation, set[int]]) -> None:
    """Let all members learn from the levels as they stood."""
    levels = [[j.level_in(role.field) for j in team] for role in a.roles]
    for r, role in enumerate(a.roles):
        if role.field < FIRST_MARKET:
            for t, j in enumerate(team):
                learn_role(model, a, role, r, j, best_partner(team, levels[r], t), used)


def best_partner(team: list[Organisation], levels: list[float], t: int) -> tuple[Organisation | None, float]:
    """Return the other member with the highest level, and the level."""
    best, highest = None, 0.0
    for u, level in enumerate(levels):
        if u != t and level > highest:
            best, highest = team[u], level
    return best, highest


def learn_role(model: Twin, a: Partnership, role: Role, r: int, j: Organisation,
               partner: tuple[Organisation | None, float], used: dict[Organisation, set[int]]) -> None:
    """Let a member learn in a field: by doing, from its best partner, or take up the field."""
    p, (teacher, best) = model.p, partner
    absorb = absorption(model, j, teacher) if teacher is not None else 0.0
    own = j.levels.get(role.field)
    if own is not None:
        level = own + p.learn_partners * absorb * max(0.0, best - own)
        if role.holder is j:
            level += p.learn_doing * (1.0 - level)
        j.levels[role.field] = min(1.0, level)
        used.setdefault(j, set()).add(role.field)
    elif absorb > 0.0:
        luck = model.luck.uniform("learn.acquire", model.quarter, a.uid, j.uid, r)
        if luck < p.learn_acquire * absorb:
            acquire(j, role.field, min(1.0, p.learn_partners * absorb * best))


def absorption(model: Twin, j: Organisation, teacher: Organisation) -> float:
    """Return how well j absorbs what another knows."""
    gap = (1.0 - j.relatedness_to(teacher) - model.p.learn_absorb_peak) / model.p.learn_absorb_width
    return max(0.0, 1.0 - gap * gap)


def acquire(j: Organisation, name: int, level: float) -> None:
    """Take up a field in a free place, or in place of the weakest if that is weaker still."""
    if level <= 0.0:
        return
    if len(j.levels) < PLACES:
        j.levels[name] = level
        return
    weakest = min(j.levels, key=j.levels.__getitem__)
    if j.levels[weakest] < level:
        j.levels = {(name if f == weakest else f): (level if f == weakest else v) for f, v in j.levels.items()}


def share_goal(model: Twin, a: Partnership, team: list[Organisation]) -> None:
    """Move the members' visions towards the joint one."""
    x, y = a.theme
    for j in team:
        x += j.vision[0]
        y += j.vision[1]
    x, y, rate = x / (len(team) + 1), y / (len(team) + 1), model.p.work_goal_rate
    for j in team:
        j.vision = (j.vision[0] + rate * (x - j.vision[0]), j.vision[1] + rate * (y - j.vision[1]))


def change_minds(model: Twin, a: Partnership, team: list[Organisation]) -> None:
    """After the result with a first-time partner openness changes."""
    for j in team:
        if any(other is not j and j.relations[other].times == 0 for other in team):
            if a.won:
                j.openness += model.p.trust_openness_gain * (1.0 - j.openness)
            else:
                j.openness -= model.p.trust_openness_loss * j.openness


def fade_and_drift(model: Twin, j: Organisation, used: set[int]) -> None:
    """Unused fields fade; the vision drifts a little."""
    for name, level in j.levels.items():
        if name not in used:
            j.levels[name] = min(1.0, level - model.p.learn_fade * level)
    rate = model.p.work_vision_drift
    dx, dy = model.luck.two_bells("vision.drift", model.quarter, j.uid)
    j.vision = (min(1.0, max(0.0, j.vision[0] + rate * dx)), min(1.0, max(0.0, j.vision[1] + rate * dy)))
