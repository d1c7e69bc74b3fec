"""One id for every part of the ODD text, tied to the code that does it and the tests that hold it.

Ids of rules and instruments follow from their files, ids of phases from the printed order, so that they cannot
fall behind. ``ODD-7.k`` is section 5.k of the model: a docstring that says "MODEL 5.3" cites ODD-7.3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sim.rules import registry

ROOT = Path(__file__).parent.parent
CITED = re.compile(r"MODEL 5\.(\d+)")


@dataclass(frozen=True)
class Part:
    """One part of the ODD text.

    Parameters
    ----------
    id, title : as they stand in the text.
    code : files and folders below ``sim``, where it is done.
    tests : test functions that hold it, as ``file::function`` below ``tests``.
    families : families of rules that belong to it.
    """

    id: str
    title: str
    code: tuple[str, ...]
    tests: tuple[str, ...]
    families: tuple[str, ...] = ()


ITEMS = (
    Part("ODD-1", "Purpose and patterns", ("scenario/scenario.py",),
         ("test_cli.py::test_describe_covers_rules_parameters_and_policies",)),
    Part("ODD-2", "Entities, state variables, scales", ("world/tables.py", "parameters.py"),
         ("engine/test_invariants.py::test_every_policy_keeps_the_books",
          "engine/test_machine.py::test_whatever_happens_the_books_stay_in_order")),
    Part("ODD-3", "Process overview and scheduling", ("simulation.py", "phases/desks.py", "kernels", "luck.py"),
         ("engine/test_sameness.py::test_threads_change_no_bit",
          "engine/test_sameness.py::test_a_straight_run_is_the_same_as_one_in_parts",
          "engine/test_replay.py::test_the_log_replays")),
    Part("ODD-4", "Design concepts", ("scenario/odd_concepts.py", "outcomes"),
         ("engine/test_invariants.py::test_observing_changes_nothing",
          "outcomes/test_outcomes.py::test_every_outcome_says_what_it_is",
          "scenario/test_papers.py::test_all_eleven_design_concepts_are_there")),
    Part("ODD-5", "Initialisation", ("world", "scenario/build.py"),
         ("world/test_populate.py::test_the_same_seed_gives_the_same_bits_and_another_seed_others",
          "world/test_founding.py::test_traits_follow_their_law",
          "world/test_start_relations.py::test_a_start_relation_has_met_once")),
    Part("ODD-6", "Input data", ("scenario/csvfile.py", "scenario/tables.py", "scenario/past.py"),
         ("scenario/test_tables.py::test_tables_beside_the_scenario",
          "world/test_build.py::test_a_world_from_past_projects")),
)
SUBMODELS = (
    Part("ODD-7.1", "Challenges arrive; shocks", ("phases/challenges.py", "phases/shocks.py"),
         ("engine/test_limits.py::test_without_challenges_nothing_forms",
          "engine/test_replay.py::test_of_rivals_for_one_challenge_one_wins_and_the_log_says_who_lost",
          "engine/test_invariants.py::test_shocks_leave_the_books_in_order")),
    Part("ODD-7.2", "Whom the lead can see", ("phases/mobilise.py", "phases/desk_work.py", "phases/places.py"),
         ("rules/test_team_sources.py::test_every_call_gets_the_size_it_asks_for",
          "rules/test_team_sources.py::test_draws_are_in_proportion_to_activity",
          "engine/test_limits.py::test_nobody_partners_who_does_not_look",
          "engine/test_sameness.py::test_a_source_that_looks_at_nobody_is_a_closed_one",
          "engine/test_relations.py::test_the_oracle_covers_at_least_what_any_policy_covers"), ("sources",)),
    Part("ODD-7.3", "Whom the lead wants",
         ("phases/teams.py", "phases/introductions.py", "phases/settling.py", "phases/commit.py"),
         ("rules/test_rules.py::test_a_term_reads_what_its_source_says",
          "engine/test_limits.py::test_with_unlimited_sight_one_specialist_is_found_for_each_role",
          "engine/test_relations.py::test_with_room_for_one_and_all_willing_half_as_many_pairs_form_as_there_are",
          "experiment/test_replications.py::test_the_engines_team_assembly_is_the_published_rule",
          "experiment/test_replications.py::test_skin_choice_through_the_engine"), ("terms", "growth", "fill")),
    Part("ODD-7.4", "Accept", ("phases/teams.py",),
         ("rules/test_formulas.py::test_acceptance_by_hand",
          "engine/test_limits.py::test_who_accepts_nobody_forms_no_team"), ("accept",)),
    Part("ODD-7.5", "Work and its result", ("phases/work.py",),
         ("rules/test_formulas.py::test_ces_runs_through_the_known_means",
          "rules/test_formulas.py::test_better_never_lowers_success",
          "engine/test_limits.py::test_where_everything_is_1_every_team_succeeds"), ("produce",)),
    Part("ODD-7.6", "Trust", ("phases/trust.py",),
         ("rules/test_formulas.py::test_trust_by_hand",
          "rules/test_formulas.py::test_trust_tends_to_where_gains_and_losses_balance",
          "engine/test_limits.py::test_two_who_trust_differently_are_trusted_as_the_half_life_says"), ("trust",)),
    Part("ODD-7.7", "Learn", ("phases/learn.py",),
         ("rules/test_formulas.py::test_learning_by_hand",
          "experiment/test_replications.py::test_knowledge_moves_by_the_engines_learning_rule_alone"), ("learn",)),
    Part("ODD-7.8", "Part and renew", ("phases/stock.py", "phases/part.py"),
         ("rules/test_formulas.py::test_parting_by_hand", "rules/test_formulas.py::test_renewal_and_filling_by_hand",
          "engine/test_replay.py::test_every_end_names_its_reason"), ("part", "renew")),
    Part("ODD-7.9", "Clusters", ("phases/clusters.py",),
         ("world/test_members.py::test_a_cluster_offers_the_best_fields_of_its_top_decile",
          "world/test_start_relations.py::test_bridges_join_cluster_organisations_and_nobody_else")),
    Part("ODD-7.10", "Demography", ("phases/demography.py",),
         ("engine/test_limits.py::test_without_formation_survivors_are_binomial",
          "engine/test_limits.py::test_births_are_binomial")),
    Part("ODD-7.11", "Instruments",
         ("instruments", "phases/instruments.py", "phases/consortia.py", "phases/steering.py", "phases/grants.py",
          "phases/meetings.py", "phases/projects.py", "phases/hindsight.py"),
         ("engine/test_instruments.py::test_every_instrument_keeps_the_books",
          "engine/test_programme_rules.py::test_a_team_keeps_places_for_what_the_call_asks",
          "engine/test_instruments.py::test_an_instrument_without_money_changes_no_bit",
          "engine/test_instruments.py::test_eligibility_is_never_violated")),
)
PARTS = ITEMS + SUBMODELS
CONFORMANCE = ("rules/test_rules.py::test_a_rule_keeps_its_range_changes_nothing_and_answers_the_same_twice",
               "rules/test_rules.py::test_compiled_and_plain_python_agree")
TEST_FOLDERS = {"engine": "ODD-3", "kernels": "ODD-3", "golden": "ODD-3", "rules": "ODD-7", "world": "ODD-5",
                "outcomes": "ODD-4", "scenario": "ODD-6"}  # what a test file of the engine holds, if nothing says more
ENGINE = ("kernels", "world", "rules", "phases", "instruments", "outcomes")


def rule_id(family: str, name: str) -> str:
    """Return the id of a rule."""
    part = next(part for part in SUBMODELS if family in part.families)
    return f"{part.id}.{family}.{name}"


def rule_ids() -> dict[str, str]:
    """Return id to file, below ``sim``, of all built-in rules."""
    return {rule_id(family, rule.name): f"rules/{family}/{rule.name}.py"
            for family in registry.FAMILIES for rule in registry.rules(family) if rule.built_in}


def instrument_ids() -> dict[str, str]:
    """Return id to file, below ``sim``, of all instruments."""
    files = sorted(path.name for path in (ROOT / "instruments").glob("*.py") if path.stem != "__init__")
    return {f"ODD-7.11.{name[:-3]}": f"instruments/{name}" for name in files}


def ids_of(file: str) -> tuple[str, ...]:
    """Return the ids of a source file, given below ``sim``: its own, those of its parts, those its docstring cites."""
    own = [name for name, path in {**rule_ids(), **instrument_ids()}.items() if path == file]
    own += [part.id for part in PARTS if any(file == place or file.startswith(f"{place}/") for place in part.code)]
    if not own and file.startswith("rules/"):
        own = [part.id for part in SUBMODELS if Path(file).parent.name in part.families] or ["ODD-7.3"]
    if file.startswith("phases/"):
        own += [f"ODD-7.{section}" for section in CITED.findall((ROOT / file).read_text(encoding="utf-8"))]
    return tuple(dict.fromkeys(own))


def engine_files() -> tuple[str, ...]:
    """Return all source files of the engine, below ``sim``."""
    found = [path for folder in ENGINE for path in (ROOT / folder).rglob("*.py") if path.stem != "__init__"]
    return (*sorted(str(path.relative_to(ROOT)).replace("\\", "/") for path in found), "simulation.py")
