"""Scenarios with wrong words or values, and how the answer begins (positions counted by hand)."""

from __future__ import annotations

S = "scenario.yaml:"
POLICY = "policies:\n  - name: mine\n    sources: [known]\n    terms: {trust: 1}\n"

SPELLING: dict[str, tuple[str | bytes, str]] = {
    "misspelt section": (
        "trusst:\n  general: 0.3\n",
        S + "1:1: trusst: unknown setting; did you mean 'trust'?",
    ),
    "misspelt key": (
        "trust:\n  genral: 0.3\n",
        S + "2:3: trust.genral: unknown setting; did you mean 'general'?",
    ),
    "key in the wrong place": ("smes: 100\n", S + "1:1: smes: unknown setting; did you mean 'world.smes'?"),
    "past projects as --set writes them": (
        "world: {projects: p.csv}\n",
        S + "1:9: world.projects: unknown setting; write `tables.projects`",
    ),
    "matrix as --set writes it": (
        "world:\n  relatedness: r.csv\n",
        S + "2:3: world.relatedness: unknown setting; write `tables.relatedness`",
    ),
    "key without likeness": ("zebra: 1\n", S + "1:1: zebra: unknown setting; allowed "),
    "hidden key": ("table_hashes: {a: b}\n", S + "1:1: table_hashes: "),
    "hyphen for underscore": (
        "world: {burn-in: 4}\n",
        S + "1:9: world.burn-in: unknown setting; did you mean 'burn_in'?",
    ),
    "capital letter": ("World: {}\n", S + "1:1: World: unknown setting; did you mean 'world'?"),
    "dotted key": (
        "trust.general: 0.3\n",
        S + "1:1: trust.general: unknown setting; did you mean 'trust.general'?",
    ),
    "number as key": ("1: 2\n", S + "1:1: 1: unknown setting"),
    "unknown rule": (
        "rules: {produce: cess}\n",
        S + "1:18: rules.produce: unknown produce rule 'cess'; allowed ",
    ),
    "unknown rule family": (
        "rules: {prodcue: ces}\n",
        S + "1:9: rules.prodcue: unknown setting; did you mean 'produce'?",
    ),
    "unknown policy": (
        "policies: [solo, oracl]\n",
        S + "1:18: policies[2]: unknown policy 'oracl'; allowed ",
    ),
    "path as policy": ("policies: [../solo]\n", S + "1:12: policies[1]: unknown policy '../solo'"),
    "like nothing": (
        "policies: [{name: mine, like: sola}]\n",
        S + "1:31: policies[1].like: unknown policy 'sola'",
    ),
    "like a number": ("policies: [{name: mine, like: 4}]\n", S + "1:12: policies[1]: expected text"),
    "unknown term": (
        POLICY.replace("trust", "trst"),
        S + "4:13: policies[1].terms.trst: unknown term 'trst'",
    ),
    "unknown source": (
        POLICY.replace("known", "knwon"),
        S + "3:15: policies[1].sources[1]: unknown source 'knwon'",
    ),
    "unknown growth": (
        POLICY + "    growth: greedily\n",
        S + "5:13: policies[1].growth: unknown growth 'greedily'",
    ),
    "unknown fill": (POLICY + "    fill: role\n", S + "5:11: policies[1].fill: unknown fill 'role'"),
    "unknown mode": (POLICY + "    mode: serial\n", S + "5:11: policies[1].mode: unknown mode 'serial'"),
    "unknown search": (POLICY + "    search: some\n", S + "5:13: policies[1].search: unknown search 'some'"),
    "unknown practice": (
        POLICY + "    practice: {goal: true}\n",
        S + "5:16: policies[1].practice.goal: unknown setting",
    ),
    "unknown shock": (
        "shocks: [{at: 3, kind: flood}]\n",
        S + "1:24: shocks[1].kind: unknown kind of shock 'flood'",
    ),
    "unknown table": ("tables: {firms: a.csv}\n", S + "1:10: tables.firms: unknown setting"),
    "unknown range": (
        "futures: {ranges: {trust.gian: [0, 1]}}\n",
        S + "1:20: futures.ranges.trust.gian: unknown parameter; did you mean 'trust.gain'?",
    ),
}

VALUES: dict[str, tuple[str | bytes, str]] = {
    "too small": ("world:\n  smes: -1\n", S + "2:9: world.smes: -1 is out of range; allowed 0 to 50,000,000"),
    "too large": ("world: {smes: 50000001}\n", S + "1:15: world.smes: 50000001 is out of range"),
    "share above one": (
        "trust: {general: 1.5}\n",
        S + "1:18: trust.general: 1.5 is out of range; allowed 0 to 1",
    ),
    "exponent above one": (
        "work: {complementarity: 2}\n",
        S + "1:25: work.complementarity: 2 is out of range; allowed -8 to 1",
    ),
    "quoted number": (
        "trust: {general: '0.3'}\n",
        S + "1:18: trust.general: expected a number, not the text '0.3'; remove the quotes",
    ),
    "quoted whole number": (
        'world: {smes: "100"}\n',
        S + "1:15: world.smes: expected a whole number, not the text '100'",
    ),
    "half an organisation": (
        "world: {smes: 1.5}\n",
        S + "1:15: world.smes: expected a whole number, not 1.5",
    ),
    "whole as decimal": (
        "world: {smes: 100.0}\n",
        S + "1:15: world.smes: expected a whole number, not 100.0",
    ),
    "switch for a number": (
        "trust: {general: true}\n",
        S + "1:18: trust.general: expected a number, not true",
    ),
    "number for a switch": (
        POLICY + "    free_search: 1\n",
        S + "5:18: policies[1].free_search: expected true or false",
    ),
    "number with unit": (
        "money: {marginal_cost_of_public_funds: 5 kEUR}\n",
        S + "1:40: money.marginal_cost_of_public_funds: expected a number, not the text '5 kEUR'",
    ),
    "list for a number": (
        "trust: {general: [0.3]}\n",
        S + "1:18: trust.general: expected a number, not a list",
    ),
    "settings for a number": (
        "trust: {general: {a: 1}}\n",
        S + "1:18: trust.general: expected a number, not settings",
    ),
    "number for a section": ("trust: 3\n", S + "1:8: trust: expected settings (key: value), not 3"),
    "list for a section": (
        "trust: [general]\n",
        S + "1:8: trust: expected settings (key: value), not a list",
    ),
    "empty section": ("trust:\n", S + "1:7: trust: has no value; give one or remove the line"),
    "empty number": ("trust:\n  general:\n", S + "2:11: trust.general: has no value"),
    "null": ("seed: null\n", S + "1:7: seed: has no value"),
    "name for policies": (
        "policies: solo\n",
        S + "1:11: policies: expected a list [...], not the text 'solo'",
    ),
    "no policies": ("policies: []\n", S + "1:11: policies: has no items; allowed at least 1"),
    "number as policy": ("policies: [3]\n", S + "1:12: policies[1]: expected settings (key: value), not 3"),
    "policy without name": ("policies: [{sources: [known]}]\n", S + "1:12: policies[1].name: is missing"),
    "negative weight": (
        POLICY.replace("trust: 1", "trust: -1"),
        S + "4:20: policies[1].terms.trust: -1 is out of range",
    ),
    "name with path": ("name: ../x\n", S + "1:7: name: '../x' cannot be a name; allowed letters, digits"),
    "name with slash": ("name: a/b\n", S + "1:7: name: 'a/b' cannot be a name"),
    "name of a device": ("name: con\n", S + "1:7: name: 'con' cannot be a name"),
    "empty name": ('name: ""\n', S + "1:7: name: '' cannot be a name"),
    "policy name with path": (
        POLICY.replace("mine", "../mine"),
        S + "2:11: policies[1].name: '../mine' cannot be a name",
    ),
    "negative seed": ("seed: -1\n", S + "1:7: seed: -1 is out of range"),
    "seed too long": ("seed: 9223372036854775808\n", S + "1:7: seed: "),
    "no replicates": ("replicates: 0\n", S + "1:13: replicates: 0 is out of range; allowed 1 to 1,000,000"),
    "adopters above one": ("adopters: 2\n", S + "1:11: adopters: 2 is out of range; allowed 0 to 1"),
    "team too large": (
        POLICY + "    max_size: 101\n",
        S + "5:15: policies[1].max_size: 101 is out of range; allowed 1 to 100",
    ),
    "too many scans": (
        POLICY + "    scan: {known: 65}\n",
        S + "5:19: policies[1].scan.known: 65 is out of range",
    ),
    "shock without kind": ("shocks: [{at: 3}]\n", S + "1:10: shocks[1].kind: is missing"),
    "shock without date": ("shocks: [{kind: demand_shift}]\n", S + "1:10: shocks[1].at: is missing"),
    "shock at nought": (
        "shocks: [{at: 0, kind: demand_shift}]\n",
        S + "1:15: shocks[1].at: 0 is out of range; allowed 1 to 400",
    ),
    "range with one end": (
        "futures: {ranges: {trust.gain: [0.1]}}\n",
        S + "1:32: futures.ranges.trust.gain[2]: is missing",
    ),
    "range as number": (
        "futures: {ranges: {trust.gain: 1}}\n",
        S + "1:32: futures.ranges.trust.gain: expected a list",
    ),
}

CASES = {
    f"{group}: {name}": case
    for group, cases in (("spelling", SPELLING), ("value", VALUES))
    for name, case in cases.items()
}
