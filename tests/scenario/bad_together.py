"""Scenarios whose settings do not go together, and how one line of the answer begins."""

from __future__ import annotations

S = "scenario.yaml:"
POLICY = "policies:\n  - name: mine\n    sources: [known]\n    terms: {trust: 1}\n"

TOGETHER: dict[str, tuple[str | bytes, str]] = {
    "roles": (
        "challenges: {roles_min: 8}\n",
        S + "1:25: challenges.roles_min: challenges.roles_min is 8 but challenges.roles_max is 6",
    ),
    "roles from the other side": (
        "challenges:\n  roles_max: 2\n",
        S + "2:14: challenges.roles_max: challenges.roles_min is 3",
    ),
    "durations": (
        "challenges: {duration_min: 9, duration_max: 8}\n",
        S + "1:28: challenges.duration_min: challenges.duration_min is 9",
    ),
    "levels": (
        "challenges: {level_min: 0.9, level_max: 0.5}\n",
        S + "1:25: challenges.level_min: challenges.level_min is 0.9",
    ),
    "sectors above fields": (
        "world: {fields: 5, sectors: 6}\n",
        S + "1:29: world.sectors: world.sectors is 6",
    ),
    "nobody": ("world: {smes: 0}\n", S + "1:15: world.smes: the world has no organisation"),
    "members of nothing": (
        "world: {clusters: 0, member_share: 1}\n",
        S + "1:36: world.member_share: members need a cluster",
    ),
    "no third market": (
        "world: {markets: 0}\nchallenges: {third_market: 0.2}\n",
        S + "2:28: challenges.third_market: there are no third",
    ),
    "policy twice": (
        "policies: [solo, random, solo]\n",
        S + "1:26: policies[3]: policy 'solo' is there twice",
    ),
    "built-in name": (
        "policies: [random, {name: solo, fill: alone}]\n",
        S + "1:27: policies[2].name: 'solo' is a built-in policy",
    ),
    "baseline elsewhere": (
        "policies: [solo, random]\nbaseline: oracle\n",
        S + "2:11: baseline: 'oracle' is not among the scenario's policies",
    ),
    "focus misspelt": (
        "policies: [solo, random]\nfocus: radnom\n",
        S + "2:8: focus: 'radnom' is not among the scenario's policies; allowed solo, random; did you mean ",
    ),
    "focus on itself": (
        "policies: [solo, random]\nfocus: solo\nbaseline: solo\n",
        S + "2:8: focus: focus and baseline are both 'solo'",
    ),
    "shock after the end": (
        "world: {steps: 8}\nshocks: [{at: 9, kind: demand_shift}]\n",
        S + "2:15: shocks[1].at: 9 is after the end; allowed 1 to 8",
    ),
    "shock nowhere": ("shocks: [{at: 2, kind: market_closed}]\n", S + "1:10: shocks[1]: needs 'which'"),
    "no such market": (
        "shocks: [{at: 2, kind: market_closed, which: 4}]\n",
        S + "1:46: shocks[1].which: 4 does not exist: world.markets is 4",
    ),
    "no such cluster": (
        "shocks: [{at: 2, kind: cluster_lost, which: 20}]\n",
        S + "1:45: shocks[1].which: 20 does not exist",
    ),
    "range turned round": (
        "futures: {ranges: {trust.gain: [0.3, 0.1]}}\n",
        S + "1:32: futures.ranges.trust.gain: begins at 0.3 but ends at 0.1",
    ),
    "range of a point": (
        "futures: {ranges: {trust.gain: [0.3, 0.3]}}\n",
        S + "1:32: futures.ranges.trust.gain: begins at 0.3",
    ),
    "range too wide": (
        "futures: {ranges: {trust.gain: [0, 2]}}\n",
        S + "1:32: futures.ranges.trust.gain: 0 to 2 is out of range; allowed 0 to 1",
    ),
    "range of whole numbers": (
        "futures: {ranges: {world.smes: [10, 20]}}\n",
        S + "1:20: futures.ranges.world.smes: is a whole number",
    ),
    "size above largest": (
        POLICY + "    size: 13\n",
        S + "5:11: policies[1].size: size is 13 but max_size is 12",
    ),
    "looks nowhere": (
        "policies: [{name: mine, terms: {trust: 1}}]\n",
        S + "1:12: policies[1].sources: policy 'mine' looks nowhere",
    ),
    "source twice": (
        POLICY.replace("[known]", "[known, known]"),
        S + "3:22: policies[1].sources[2]: source 'known' is there twice",
    ),
    "scan of a closed source": (
        POLICY + "    scan: {open_call: 3}\n",
        S + "5:12: policies[1].scan.open_call: is not among the policy's sources",
    ),
    "no reason": (
        POLICY.replace("trust: 1", "trust: 0"),
        S + "4:12: policies[1].terms: policy 'mine' has no term with a weight above 0",
    ),
    "no terms": (
        "policies: [{name: mine, sources: [known]}]\n",
        S + "1:12: policies[1].terms: policy 'mine' has no term",
    ),
    "projects alone": (
        "tables: {projects: p.csv}\n",
        S + "1:10: tables.projects: needs tables.participations as well",
    ),
    "organisations alone": (
        "tables: {organisations: o.csv}\n",
        S + "1:10: tables.organisations: needs tables.clusters as well",
    ),
    "two pasts": (
        "tables: {organisations: o.csv, clusters: c.csv, projects: p.csv, participations: q.csv}\n",
        S + "1:49: tables.projects: cannot be used together with tables.organisations",
    ),
    "beyond memory": (
        "world: {smes: 50000000, start_relations: 50}\n",
        S + "1:15: world.smes: needs about ",
    ),
    "table above the folder": (
        "tables: {clusters: ../c.csv}\n",
        S + "1:20: tables.clusters: '../c.csv' may not leave the scenario's folder",
    ),
    "table from the root": (
        "tables: {clusters: /etc/passwd}\n",
        S + "1:20: tables.clusters: '/etc/passwd' must be relative",
    ),
    "table on a drive": (
        "tables: {clusters: 'C:\\c.csv'}\n",
        S + "1:20: tables.clusters: 'C:\\c.csv' must be relative",
    ),
    "table above, from Windows": (
        "tables: {clusters: '..\\c.csv'}\n",
        S + "1:20: tables.clusters: '..\\c.csv' may not leave",
    ),
    "table that is not there": (
        "tables: {clusters: c.csv}\n",
        S + "1:20: tables.clusters: 'c.csv' cannot be read",
    ),
    "table that is a folder": ("tables: {clusters: .}\n", S + "1:20: tables.clusters: '.' cannot be read"),
    "base above the folder": (
        "base: ../other.yaml\n",
        S + "1:7: base: '../other.yaml' may not leave the scenario's folder",
    ),
    "base that is not there": (
        "base: other.yaml\n",
        S + "1:7: base: its base cannot be used: other.yaml: no such file",
    ),
    "base on itself": ("base: scenario.yaml\n", S + "1:7: base: 'scenario.yaml' comes back to itself"),
    "base as list": ("base: [a.yaml]\n", S + "1:7: base: expected the name of a scenario file"),
}

CASES = {f"together: {name}": case for name, case in TOGETHER.items()}
