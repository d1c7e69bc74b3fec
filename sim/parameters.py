"""The one table of parameters: documentation, validation, sliders and sweep ranges come from it.

A parameter's address in a scenario is its key (``work.coordination_cost``); compiled code reads
it as a field of the parameter record with an underscore (``p.work_coordination_cost``). Every default is
assumed unless its source says otherwise. ``uncertain`` is the range drawn for plausible futures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

ASSUMED = "assumed"


@dataclass(frozen=True)
class Parameter:
    """One number of the model.

    Parameters
    ----------
    key : dotted address in a scenario file.
    default, low, high : value and allowed range, in ``unit``.
    unit : what one unit is; ``1`` for shares and probabilities.
    text : one plain sentence.
    source : where the default comes from, or "assumed".
    whole : True where only whole numbers are allowed.
    uncertain : (low, high) drawn for plausible futures, or None.
    """

    key: str
    default: float
    low: float
    high: float
    unit: str
    text: str
    source: str = ASSUMED
    whole: bool = False
    uncertain: tuple[float, float] | None = None

    @property
    def name(self) -> str:
        """Field name in the parameter record."""
        return self.key.replace(".", "_")


def _n(key: str, default: float, low: float, high: float, unit: str, text: str,
       source: str = ASSUMED, uncertain: tuple[float, float] | None = None) -> Parameter:
    return Parameter(key, default, low, high, unit, text, source, False, uncertain)


def _i(key: str, default: int, low: int, high: int, unit: str, text: str,
       source: str = ASSUMED) -> Parameter:
    return Parameter(key, default, low, high, unit, text, source, True)


P, Q, K = "probability", "per quarter", "kEUR"
BUSINESS = "Eurostat business demography 2020-21"
CONSORTIA = "fixed on Horizon 2020 projects starting 2014 to 2016 (experiments/evidence.md)"

WORLD = (
    _i("world.smes", 1000, 0, 50_000_000, "organisations", "Small and medium-sized firms at the start."),
    _i("world.clusters", 20, 0, 100_000, "clusters", "Clusters, each with one cluster organisation."),
    _i("world.research", 0, 0, 1_000_000, "organisations", "Research organisations at the start."),
    _i("world.large", 0, 0, 1_000_000, "organisations", "Large firms at the start."),
    _i("world.public", 0, 0, 1_000_000, "organisations", "Public bodies at the start."),
    _i("world.steps", 28, 1, 400, "quarters", "Quarters that are compared."),
    _i("world.burn_in", 8, 0, 80, "quarters", "Quarters that all policies share before the comparison, under a neutral policy."),
    _i("world.fields", 40, 1, 56, "fields", "Competence fields."),
    _i("world.sectors", 10, 1, 56, "sectors", "Sectors the fields belong to, along a value chain."),
    _i("world.countries", 5, 1, 200, "countries", "Countries that clusters are spread over."),
    _i("world.markets", 4, 0, 8, "markets", "Third markets beside the home market."),
    _n("world.member_share", 1.0, 0, 1, "1", "Share of organisations that are members of a cluster."),
    _n("world.cluster_size_sigma", 0.8, 0, 3, "log", "Spread of cluster sizes (log-normal, scaled to the total)."),
    _n("world.lead_sector_share", 0.7, 0, 1, "1", "Share of a cluster's members that work in its lead sector."),
    _n("world.start_relations", 5, 0, 50, "relations", "Relations each organisation begins with."),
    _n("world.start_relations_own", 0.8, 0, 1, "1", "Share of them inside its own cluster."),
    _n("world.start_trust", 0.5, 0, 1, "trust", "Trust in a relation at the start."),
    _n("world.activity_sigma", 1.0, 0, 3, "log", "Spread of how often organisations start something (log-normal)."),
    _i("world.capacity_scale", 3, 1, 20, "partnerships", "Partnerships at once for an organisation of median activity."),
    _i("world.capacity_max", 12, 1, 100, "partnerships", "Most partnerships at once for anybody."),
    _i("world.openness_a", 2, 1, 20, "shape", "First shape of the Beta law of openness (with b = 4: mean 1/3)."),
    _i("world.openness_b", 4, 1, 20, "shape", "Second shape of the Beta law of openness."),
    _i("world.reliability_a", 12, 1, 40, "shape", "First shape of the Beta law of reliability (with b = 2: mean 0.86)."),
    _i("world.reliability_b", 2, 1, 40, "shape", "Second shape of the Beta law of reliability."),
    _n("world.capital", 100, 0, 1e6, K, "Capital of an organisation at the start or at birth."),
    _n("world.access_share", 0.1, 0, 1, "1", "Share of organisations that have access to a given third market.",
       "SMEs cooperating with USA, China or India: 2-3 %; rounded up, as access is wider than cooperation; assumed"),
)

CHALLENGES = (
    _n("challenges.rate", 0.10, 0, 5, Q, "Challenges an organisation of mean activity meets."),
    _i("challenges.roles_min", 3, 1, 12, "roles", "Fewest roles of a challenge."),
    _i("challenges.roles_max", 6, 1, 12, "roles", "Most roles of a challenge."),
    _n("challenges.breadth", 0.4, 0, 1, P, "Chance that a role lies outside the lead's sector.", ASSUMED, (0.1, 0.8)),
    _n("challenges.turbulence", 0.02, 0, 1, Q, "Chance that the demand ranking inside a sector is drawn afresh.", ASSUMED, (0.0, 0.15)),
    _n("challenges.zipf", 1.0, 0, 4, "exponent", "Skew of demand over the fields of a sector."),
    _n("challenges.level_min", 0.4, 0.01, 1, "level", "Lowest level a role may require."),
    _n("challenges.level_max", 1.0, 0.01, 1, "level", "Highest level a role may require."),
    _n("challenges.value_per_role", 100, 0, 1e5, K, "Value of a solved challenge for each of its roles."),
    _i("challenges.duration_min", 6, 1, 80, "quarters", "Shortest duration of a partnership."),
    _i("challenges.duration_max", 16, 1, 80, "quarters", "Longest duration of a partnership."),
    _n("challenges.contested", 0.0, 0, 1, "1", "Share of challenges that several leads compete for."),
    _i("challenges.rivals", 2, 1, 8, "leads", "Leads beside the first that compete for a contested challenge."),
    _n("challenges.third_market", 0.1, 0, 1, "1", "Share of challenges aimed at a third market.",
       "11 % of innovative firms cooperate with another country; assumed"),
    _n("challenges.solo_value_constant", 0, 0, 1, "switch", "1: a challenge's value is set so that what its lead can expect alone is value_per_role, however many roles it has (ablation; roles counted as standing in for one another, coverage at least 5 %)."),
)

SEARCH = (
    _n("search.noise", 0.2, 0, 1, "level", "Blur of a stranger's level.", ASSUMED, (0.05, 0.4)),
    _n("search.noise_own", 0.1, 0, 1, "level", "Blur inside the own cluster."),
    _n("search.cost_scale", 1.0, 0, 20, "factor", "Multiplies every contact cost.", ASSUMED, (0.25, 4.0)),
    _n("search.known_cost", 0.1, 0, 1000, K, "Cost of a contact with a known partner."),
    _n("search.referred_cost", 0.5, 0, 1000, K, "Cost of a contact with a partner's partner."),
    _n("search.own_cost", 0.5, 0, 1000, K, "Cost of a contact in the own cluster."),
    _n("search.bridged_cost", 0.7, 0, 1000, K, "Cost of a contact across a bridge, introduced by the cluster organisation."),
    _n("search.open_cost", 1.0, 0, 1000, K, "Cost of a contact from an open call."),
    _n("search.recall", 0.1, 0, 0.99, P, "Chance that a present member with one team behind it recalls it for an open place (old_teams).", CONSORTIA),
    _n("search.habit", 0.35, 0, 1, "exponent", "How recalling rises with the number n of teams behind a member: 1 - (1 - recall)^(n^habit) (old_teams).", CONSORTIA),
    _n("search.loyalty", 10.0, 0, 200, "exponent", "How few of an old team come along: the share is a uniform number to this power (old_teams).", CONSORTIA),
    _n("search.alike", 1.5, 1, 100, "factor", "An old team is recalled rather when its size is within this factor of the size wanted (old_teams).", CONSORTIA),
    _n("search.in_theme", 0.6, 0, 1, P, "Chance that somebody is looked for in the sector asked (by_activity).", CONSORTIA),
    _n("search.in_country", 0.3, 0, 1, P, "Chance that somebody is looked for in a present member's country (by_activity).", CONSORTIA),
    _n("search.in_kind", 0.4, 0, 1, P, "Chance that only organisations of a present member's kind are sought for an open place (old_teams, by_activity).", CONSORTIA),
    _i("search.known_scan", 64, 0, 64, "profiles", "Known partners looked at."),
    _i("search.referred_scan", 16, 0, 64, "profiles", "Partners of partners looked at."),
    _i("search.own_scan", 32, 0, 64, "profiles", "Members of the own cluster looked at."),
    _i("search.bridged_scan", 64, 0, 64, "profiles", "Members of bridged clusters looked at."),
    _i("search.open_scan", 32, 0, 64, "profiles", "Answers to an open call looked at."),
    _i("search.known_contacts", 64, 0, 64, "contacts", "Known partners approached (64: all that were looked at)."),
    _i("search.referred_contacts", 8, 0, 64, "contacts", "Partners of partners approached."),
    _i("search.own_contacts", 8, 0, 64, "contacts", "Members of the own cluster approached."),
    _i("search.bridged_contacts", 16, 0, 64, "contacts", "Members of bridged clusters approached."),
    _i("search.open_contacts", 4, 0, 64, "contacts", "Answers to an open call approached."),
)

TRUST = (
    _n("trust.general", 0.3, 0, 1, "trust", "Trust in a stranger.", "share of SMEs that collaborate, by country (EVIDENCE 2), rescaled; assumed", (0.1, 0.5)),
    _n("trust.prior_cluster", 0.15, 0, 1, "trust", "Added for a stranger in the same cluster."),
    _n("trust.prior_bridge", 0.15, 0, 1, "trust", "Added for a stranger across a bridge, times the bridge's trust."),
    _n("trust.prior_reputation", 0.2, 0, 1, "trust", "Added times (reputation - 0.5)."),
    _n("trust.prior_label", 0.05, 0, 1, "trust", "Added for a labelled stranger."),
    _n("trust.prior_met", 0.05, 0, 1, "trust", "Added for a stranger met at an event."),
    _n("trust.gain", 0.1, 0, 1, "1", "Share of the distance to 1 gained when a partner delivers."),
    _n("trust.loss", 0.2, 0, 1, "1", "Share lost when a partner fails to deliver.", "negative events weigh about twice: Slovic 1993"),
    _n("trust.half_life", 12, 1, 400, "quarters", "Half-life of trust without contact, towards the prior."),
    _n("trust.openness_gain", 0.05, 0, 1, "1", "Rise of openness after a success with a first-time partner."),
    _n("trust.openness_loss", 0.05, 0, 1, "1", "Fall of openness after a failure with a first-time partner."),
    _n("trust.reputation_memory", 0.1, 0, 1, "1", "Weight of the latest delivery in reputation."),
)

WORK = (
    _n("work.complementarity", -2.0, -8, 1, "exponent", "How far roles can stand in for one another: 1 freely, very negative: the weakest decides.", ASSUMED, (-8.0, 1.0)),
    _n("work.floor", 0.1, 0.001, 1, "1", "What a role contributes when nobody fills it."),
    _n("work.enough_deliveries", 0.6, 0.01, 1, "1", "Share of quarters in which a role must deliver to count fully."),
    _n("work.familiarity_gain", 0.2, 0, 2, "1", "Gain in success from routine among members.", ASSUMED, (0.0, 0.4)),
    _n("work.misalignment_loss", 0.3, 0, 1, "1", "Loss in success when visions are as far apart as can be."),
    _n("work.trust_share", 0.4, 0, 1, "1", "Share of delivery that depends on trust in the team.", ASSUMED, (0.1, 0.7)),
    _n("work.coordination_cost", 1.0, 0, 100, "kEUR per pair and quarter", "Cost of coordinating two strangers.", "direction: Reagans et al. 2005; Huckman et al. 2009; size assumed", (0.2, 4.0)),
    _n("work.distance_cluster", 0.4, 0, 5, "1", "Extra coordination with another cluster."),
    _n("work.distance_sector", 0.3, 0, 5, "1", "Extra coordination with another sector."),
    _n("work.distance_country", 0.3, 0, 5, "1", "Extra coordination with another country."),
    _n("work.lead_base", 0.9, 0, 1, "1", "Delivery under a lead nobody trusts."),
    _n("work.lead_trust", 0.2, 0, 1, "1", "Added to delivery under a fully trusted lead."),
    _n("work.goal_rate", 0.1, 0, 1, Q, "Share of the way to the joint vision that goal building moves members."),
    _n("work.goal_cost", 2.0, 0, 1000, "kEUR per quarter", "Cost of shared-goal building."),
    _n("work.vision_drift", 0.02, 0, 0.5, "per quarter", "Random drift of every vision."),
    _n("work.base_share", 0.2, 0, 1, "1", "Under shares by role: part of the value that is split equally."),
    _n("work.partial_value", 0.3, 0, 1, "1", "Value of a role solved in isolation."),
    _n("work.parallel_coordination", 0.1, 0, 1, "1", "Coordination in parallel work, against joint work."),
    _n("work.parallel_trust", 0.3333333333333333, 0, 1, "1", "Speed of trust in parallel work, against joint work."),
)

LEARN = (
    _n("learn.doing", 0.02, 0, 1, Q, "Share of the gap to 1 closed in a role held."),
    _n("learn.partners", 0.2, 0, 1, Q, "Share of the gap to the best partner closed, times absorption.", ASSUMED, (0.0, 0.4)),
    _n("learn.absorb_peak", 0.4, 0, 1, "distance", "Cognitive distance at which absorption is best.", "inverted U: Nooteboom et al. 2007"),
    _n("learn.absorb_width", 0.5, 0.01, 2, "distance", "Distance from the peak at which nothing is absorbed."),
    _n("learn.acquire", 0.1, 0, 1, P, "Chance, times absorption, that a missing field replaces the weakest."),
    _n("learn.fade", 0.005, 0, 0.5, Q, "Share of level lost in an unused field; at most half, so that a held field never reaches level 0."),
    _n("learn.parallel", 0.2, 0, 1, "1", "Speed of learning from partners in parallel work, against joint work."),
)

PART = (
    _n("part.patience", 1.0, 0, 100, "1", "A member leaves when its costs exceed this times its expected value."),
    _n("part.hazard", 0.02, 0, 1, Q, "Chance that a partnership ends for reasons outside the model.", "alliances: 8 % to 20 % a year (EVIDENCE 2)"),
    _n("part.breach", 0.1, 0, 1, "trust", "A member is unhappy when its trust in the team lies this far below its prior."),
    _i("part.breach_quarters", 2, 1, 40, "quarters", "Quarters of unhappiness after which it leaves."),
)

CLUSTERS = (
    _i("clusters.brokerage", 4, 0, 1000, "searches per quarter", "Searches of its members that a cluster organisation introduces across its bridges."),
    _n("clusters.bridge_gain", 0.1, 0, 1, "1", "Share of the distance to 1 that a bridge gains with a success across it."),
    _n("clusters.partnership_rate", 0.02, 0, 1, Q, "Chance that a cluster organisation starts a cluster partnership."),
    _i("clusters.partnership_duration", 8, 1, 80, "quarters", "Duration of a cluster partnership.", "24 months (EVIDENCE 1)"),
)

DEMOGRAPHY = (
    _n("demography.death_first", 0.05, 0, 1, Q, "Death hazard in the first year.", BUSINESS),
    _n("demography.death_young", 0.035, 0, 1, Q, "Death hazard to the fifth year.", BUSINESS),
    _n("demography.death_old", 0.021, 0, 1, Q, "Death hazard after the fifth year.", BUSINESS),
    _n("demography.member_factor", 0.5, 0, 1, "factor", "Multiplies the hazard of cluster members."),
    _n("demography.birth", 0.027, 0, 1, Q, "Chance that an organisation founds another.", BUSINESS),
    _n("demography.home_income", 2.0, 0, 1000, "kEUR per quarter", "Income of an organisation outside partnerships."),
)

MONEY = (
    _n("money.marginal_cost_of_public_funds", 0.2, 0, 2, "1", "What a euro of public money costs beyond itself."),
)

PROGRAMMES = (
    _n("programmes.administration", 0.07, 0, 1, "1", "Share of an action's cost that buys no activity.", "flat rate for indirect costs of EU grants: 7 % (u)"),
    _n("programmes.label_cost", 5.0, 0, 1000, K, "What labelling a partnership costs the programme."),
    _n("programmes.label_weight", 2.0, 1, 100, "factor", "How much likelier a labelled cluster organisation is to be looked at, by others and as the end of a bridge.", "MODEL 6: weight 2 in scans; assumed"),
    _i("programmes.mission_contacts", 4, 0, 1000, "counterparts", "Counterparts that each cluster organisation approaches on a mission to a third market, at the price of a contact with a stranger.", "as many strangers as one search by open call approaches (search.open_contacts); assumed"),
    _i("programmes.project_roles", 2, 1, 12, "roles", "Most roles of a small project inside a demonstrator."),
    _i("programmes.project_quarters", 4, 1, 40, "quarters", "Duration of a small project inside a demonstrator."),
)

PARAMETERS: tuple[Parameter, ...] = (WORLD + CHALLENGES + SEARCH + TRUST + WORK + LEARN + PART
                                     + CLUSTERS + DEMOGRAPHY + MONEY + PROGRAMMES)
BY_KEY: dict[str, Parameter] = {p.key: p for p in PARAMETERS}

PARAMS_DTYPE = np.dtype([(p.name, "f8") for p in PARAMETERS])


def make_params(values: Mapping[str, float] | None = None) -> Any:
    """Return the defaults, changed by ``values`` (dotted key to number), as one NumPy record.

    Compiled code reads ``p.work_floor`` and the like; every field is float64.
    """
    given = dict(values or {})
    unknown = sorted(set(given) - set(BY_KEY))
    if unknown:
        raise KeyError(f"unknown parameters: {', '.join(unknown)}")
    row = np.recarray(1, PARAMS_DTYPE)
    row[0] = tuple(float(given.get(p.key, p.default)) for p in PARAMETERS)
    return row[0]
