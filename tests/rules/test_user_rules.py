"""Rules by name, and a user's own rule files; the engine fixes its rules once, so those run in a fresh Python."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.errors import UsageError
from sim.rules import linked, registry

ROOT = Path(sim.__file__).parent.parent
RULE = '''"""Likes a candidate for its reputation and its luck."""

FAMILY = "terms"


def lucky_star(c):
    """Like a candidate for its reputation and its luck.

    Formula: (reputation + luck) / 2
    Also known as: test
    Range: [0, 1]
    Source: test
    Special cases: none
    """
    return 0.5 * (c.reputation + c.luck)
'''
SCRIPT = """
import sys
from sim.rules import registry
rule = registry.add_user_file(sys.argv[1])
assert not rule.built_in and rule.id == len(registry.rules("terms")) - 1
assert registry.rule("terms", "lucky_star") == rule
from sim.rules.candidate import Candidate
assert registry.reads(["lucky_star"]) == sum(1 << Candidate._fields.index(f) for f in ("reputation", "luck"))
import numba
from sim.jit import jit, source_hash
assert source_hash(registry.user_files()) != source_hash()
from sim.rules.link import source
text = source()
assert f"if k == {rule.id - 1}:" in text and text.rstrip().count("_terms_lucky_star") == 2
compiled = jit(rule.function())
values = [0.0] * len(Candidate._fields)
c = Candidate(*values)._replace(reputation=0.5, luck=0.25)
assert compiled(c) == 0.375
print("linked", rule.text().splitlines()[0])
"""


@pytest.fixture
def rule_file(tmp_path):
    file = tmp_path / "lucky_star.py"
    file.write_text(RULE, encoding="utf-8")
    return file


def run(script, *arguments, **environment):
    return subprocess.run([sys.executable, "-c", script, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True,
                          timeout=120, env={**os.environ, **environment}, check=False)


def test_a_users_rule_is_linked_in(rule_file, tmp_path):
    done = run(SCRIPT, rule_file, MOBILISE_CACHE=str(tmp_path / "cache"))
    assert done.returncode == 0, done.stderr
    assert done.stdout == "linked Like a candidate for its reputation and its luck.\n"


def test_the_whole_dispatch_answers_for_a_users_rule(rule_file, tmp_path):
    script = """
import sys
from sim.rules import registry
rule = registry.add_user_file(sys.argv[1])
from sim.rules.linked import terms
from sim.rules.candidate import Candidate
c = Candidate(*[0.0] * len(Candidate._fields))._replace(reputation=0.5, luck=0.25, trust=0.75)
assert terms(rule.id, c) == 0.375
assert terms(registry.rule_id("terms", "trust"), c) == 0.75
"""
    done = run(script, rule_file, MOBILISE_CACHE=str(tmp_path / "cache"))
    assert done.returncode == 0, done.stderr


def test_an_engine_that_runs_takes_no_more_rules(rule_file):
    assert linked.terms
    with pytest.raises(UsageError, match="already running"):
        registry.add_user_file(rule_file)
    assert "lucky_star" not in registry.names("terms")


@pytest.mark.parametrize(("name", "text", "message"), [
    ("mine.py", "x = 1", "needs a line FAMILY"),
    ("mine.py", 'FAMILY = "magic"\n\ndef mine(c):\n    return 1.0', "needs a line FAMILY"),
    ("mine.py", 'FAMILY = "terms"\n\ndef other(c):\n    return 1.0', "function named 'mine'"),
    ("mine.py", "def mine(:", "cannot be read"),
    ("trust.py", 'FAMILY = "terms"\n\ndef trust(c):\n    return 1.0', "already a terms rule named 'trust'"),
])
def test_a_file_that_is_no_rule_is_refused_without_running_it(tmp_path, name, text, message):
    file = tmp_path / name
    file.write_text("raise SystemExit('ran')\n" + text if "def mine(:" not in text else text, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        registry.add_user_file(file)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        registry.add_user_file(tmp_path / "nothing.py")


@pytest.mark.parametrize(("family", "name", "hint"), [
    ("terms", "rolegain", "did you mean 'role_gain'"), ("produce", "cess", "did you mean 'ces'"),
    ("accept", "zzzzzz", "allowed: always"), ("sources", "knwon", "did you mean 'known'"),
])
def test_an_unknown_rule_names_the_nearest(family, name, hint):
    with pytest.raises(UsageError, match=hint):
        registry.rule(family, name)


def test_an_unknown_family_is_refused():
    with pytest.raises(UsageError, match="unknown rule family 'magic'"):
        registry.rules("magic")
