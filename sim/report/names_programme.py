"""Which outcomes of programmes are shown together, and what people call them."""

from __future__ import annotations

from sim.report.numbers import words

FUNNEL = ("applied", "consortia_funded", "consortia_voluntary", "labelled", "strategies_written", "funded_to_the_end",
          "voluntary_to_the_end", "reached", "active", "activation", "business_meetings", "agreeing",
          "cluster_meetings", "cluster_agreements", "agreements_per_consortium", "supported_projects",
          "projects_in_time", "agreed_projects_abroad", "projects_per_consortium", "smes_per_small_project",
          "market_entries", "succeeded_in_opened_markets")
MONEY = ("public_money", "unspent", "leverage", "public_money_per_active", "grants_to_smes", "grants_to_newcomers",
         "grants_gini_countries", "funded_twice_at_once")
COHORTS = {"supported": "born under a grant", "funded_once": "of them, not funded again",
           "voluntary": "of consortia without money", "never_funded": "of them, never funded later",
           "other": "arisen beside it, never funded"}
AGAINST = {"supported_against_voluntary": "as they began: a grant less no money",
           "funded_once_against_never_funded": "later funded left out: a grant less no money",
           "supported_against_other": "a grant less ties beside it"}
YEARS = {1: "1 year later", 3: "3 years later", 5: "5 years later"}
REMAINS = (*(f"{which}_ties_after_{years}" for years in YEARS for which in COHORTS), "voluntary_funded_later")
NET_OF_TIES = tuple(f"{which}_{years}" for years in YEARS for which in AGAINST)
IN_FORCE = ("applied", "public_money", "unspent")  # one of them is above 0 wherever an instrument has money or a call
DISPLACED = ("displaced", "contests_won_inside", "contests_won_outside")
NET = ("projects_of_two", "projects_abroad", "successes_abroad", "bridges_built", "with_access", "cross_sector_ties",
       "repeat_pairs", "lock_in", "contests_won_outside")
GAINS = ("result_smes", "result_newcomers", "worst_tenth", "gini", "gini_countries", "private_money")
NAMES = {
    "applied": "applications", "consortia_funded": "consortia funded",
    "consortia_voluntary": "consortia that went on without money", "labelled": "partnerships labelled",
    "strategies_written": "joint strategies written (without money too)",
    "funded_to_the_end": "funded consortia that lasted to their end",
    "voluntary_to_the_end": "consortia without money that lasted", "reached": "organisations told of it",
    "active": "organisations active", "activation": "active, of those told", "business_meetings": "meetings of firms",
    "agreeing": "meetings of firms that agree", "cluster_meetings": "meetings of cluster organisations abroad",
    "cluster_agreements": "agreements of cluster organisations abroad",
    "agreements_per_consortium": "such agreements, for each funded consortium",
    "supported_projects": "projects of firms that came of it, however late",
    "projects_in_time": "such projects in the programme's time",
    "agreed_projects_abroad": "of agreed projects, aimed abroad",
    "projects_per_consortium": "projects in its time, for each funded consortium",
    "smes_per_small_project": "SMEs in each small project",
    "market_entries": "firms that succeeded abroad by an agreement",
    "succeeded_in_opened_markets": "beside that: firms that succeeded in a market a mission opened, agreement or not",
    "public_money": "public money spent", "unspent": "public money not spent",
    "leverage": "private euro for each euro of grant, in its projects",
    "public_money_per_active": "public money per organisation active",
    "grants_to_smes": "grants that SMEs received", "grants_to_newcomers": "grants that newcomers received",
    "grants_gini_countries": "inequality of grants between countries (Gini)",
    "funded_twice_at_once": "organisations in two funded consortia at once",
    "displaced": "contested challenges won from firms outside",
    "contests_won_inside": "contested proposals won, firms inside",
    "contests_won_outside": "contested proposals won, firms outside", "projects_of_two": "partnerships formed",
    "projects_abroad": "partnerships aimed at a third market", "successes_abroad": "of them that succeeded",
    "bridges_built": "bridges between clusters", "with_access": "firms with access to a third market",
    "cross_sector_ties": "cross-sector ties alive at the end", "repeat_pairs": "pairs that had worked together before",
    "lock_in": "likeness of lasting partners (lock-in)",
    "gini": "inequality of results between firms (Gini)",
    "voluntary_funded_later": "of ties without money: funded together later",
    "result_smes": "result of an SME (kEUR)", "result_newcomers": "result of a newcomer to partnerships (kEUR)",
    "worst_tenth": "result of the worst-off tenth (kEUR)",
    "gini_countries": "inequality of results between countries (Gini)",
    "private_money": "private money put in, supported or not"}
NAMES |= {f"{which}_ties_after_{years}": f"{said}: {text}" for years, said in YEARS.items()
          for which, text in COHORTS.items()}
NAMES |= {f"{which}_{years}": f"{said}, {text}" for years, said in YEARS.items() for which, text in AGAINST.items()}


def named(outcome: str, unit: str) -> str:
    """Return what people call an outcome, with its unit where the name does not tell it."""
    name = NAMES.get(outcome, words(outcome))
    said = {"kEUR": " (kEUR)", "share": " (%)"}.get(unit, "")
    return name + ("" if "(kEUR)" in name else said)
