"""Minor partners: members with less than a quarter of an equal share of the project's budget."""

from __future__ import annotations

import numpy as np

from sim.experiment.consortia.data import Consortia
from sim.experiment.consortia.programmes import parts_of

MINOR = 0.25  # of an equal share
RESEARCH = {"FET", "LEIT", "MSCA", *(f"SC{n}" for n in range(1, 8))}
COUNTRIES = """AL AM AT BA BE BG CY CZ DE DK EE EL ES FI FO FR GB GE GR HR HU IE IL IS IT LT LU LV MD ME MK MT NL NO PL
               PT RO RS SE SI SK TN TR UA UK"""
FUNDABLE = frozenset(COUNTRIES.split())
"""Members funded as of right: of member states and countries associated to Horizon 2020, without CH and LI."""
BINS = ((3, 4), (5, 6), (7, 8), (9, 10), (11, 12), (13, 15), (16, 20), (21, 30), (31, 100))


def minor_partners(consortia: Consortia) -> dict[str, tuple[int, float]]:
    """Return, by number of fundable partners, how many projects there are and their mean share of minor partners.

    Of Horizon 2020 the research and innovation themes count, of other programmes all. Projects whose fundable partners
    received nothing at all have no equal share and do not count; the table is empty where no budgets are given.
    """
    fundable = np.array([*(name in FUNDABLE for name in consortia.countries), False])[consortia.country]  # -1: unknown
    research = np.array([bool(parts_of(theme) & RESEARCH) for theme in consortia.themes])
    if not research.any():
        research[:] = True
    project = consortia.project_of
    fundable &= research[consortia.theme][project]
    count = np.bincount(project[fundable], minlength=consortia.projects)
    money = np.nan_to_num(consortia.budget)
    total = np.bincount(project[fundable], money[fundable], minlength=consortia.projects)
    small = fundable & (money < MINOR * total[project] / np.maximum(1, count[project]))
    share = np.bincount(project[small], minlength=consortia.projects) / np.maximum(1, count)
    table = {}
    for low, high in BINS:
        here = (count >= low) & (count <= high) & (total > 0)
        if here.any():
            table[f"{low}-{high}"] = (int(here.sum()), float(share[here].mean()))
    return table
