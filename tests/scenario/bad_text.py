"""Scenarios that cannot be read at all, or only in two ways: text, and how one line of the answer begins."""

from __future__ import annotations

S = "scenario.yaml:"

SCALARS: dict[str, tuple[str | bytes, str]] = {
    "no": (
        "expectation: no\n",
        S + "1:14: expectation: 'no' is read differently by different programs; write false",
    ),
    "Yes": ("a: Yes\n", S + "1:4: a: 'Yes' is read differently by different programs; write true"),
    "off": ("a: off\n", S + "1:4: a: 'off' is read differently"),
    "TRUE": ("a: TRUE\n", S + "1:4: a: 'TRUE' is read differently"),
    "y": ("a: y\n", S + "1:4: a: 'y' is read differently"),
    "exponent": (
        "world: {smes: 1e3}\n",
        S + "1:15: world.smes: '1e3' is not a plain number; write it out: 1000",
    ),
    "exponent with point": (
        "world: {smes: 1.5e+3}\n",
        S + "1:15: world.smes: '1.5e+3' is not a plain number; write it out: 1500",
    ),
    "beyond finite": ("trust: {general: 1e400}\n", S + "1:18: trust.general: '1e400' is not a plain number"),
    "octal": (
        "world: {smes: 010}\n",
        S + "1:15: world.smes: '010' is not a plain number; leave out the leading zero",
    ),
    "octal of YAML 1.2": (
        "world: {smes: 0o10}\n",
        S + "1:15: world.smes: '0o10' is not a plain number; write it as a decimal",
    ),
    "hexadecimal": (
        "world: {smes: 0x10}\n",
        S + "1:15: world.smes: '0x10' is not a plain number; write it as a decimal",
    ),
    "underscore": (
        "world: {smes: 1_000}\n",
        S + "1:15: world.smes: '1_000' is not a plain number; write it without '_'",
    ),
    "decimal comma": ("a: 0,5\n", S + "1:4: a: '0,5' is not a plain number; use a point for decimals"),
    "thousands": ("a: 1,000,000\n", S + "1:4: a: '1,000,000' is not a plain number"),
    "thousands with space": (
        "a: 1 000\n",
        S + "1:4: a: '1 000' is not a plain number; write the digits without",
    ),
    "per cent": (
        "trust: {general: 50%}\n",
        S + "1:18: trust.general: '50%' is not a plain number; write a share",
    ),
    "sexagesimal": ("a: 1:30\n", S + "1:4: a: '1:30' is not a plain number; write one plain number"),
    "nan": ("a: .nan\n", S + "1:4: a: '.nan' is not a plain number; a number must be finite"),
    "infinity": ("a: -.inf\n", S + "1:4: a: '-.inf' is not a plain number; a number must be finite"),
    "plus": ("a: +5\n", S + "1:4: a: '+5' is not a plain number; leave out the '+'"),
    "bare point": ("a: .5\n", S + "1:4: a: '.5' is not a plain number; write a zero before the point"),
    "point at the end": ("a: 5.\n", S + "1:4: a: '5.' is not a plain number; write a digit after the point"),
    "date": ("a: 2014-01-31\n", S + "1:4: a: '2014-01-31' is not a plain number; put a date in quotes"),
    "wide digits": ("a: １００\n", S + "1:4: a: '１００' is not a plain number"),
    "half": ("a: ½\n", S + "1:4: a: '½' is not a plain number"),
    "real minus": ("a: −5\n", S + "1:4: a: '−5' is not a plain number"),
    "too many digits": ("a: " + "9" * 41 + "\n", S + "1:4: a: '"),
}

STRUCTURE: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", S + "1:1: the file is empty"),
    "only a comment": ("# nothing\n", S),
    "a list": ("- a\n", S + "1:1: the file is a list, not settings"),
    "one word": ("hello\n", S + "1:1: the file is one plain value, not settings"),
    "key twice": ("seed: 1\nseed: 2\n", S + "2:1: seed: is set twice; first in line 1"),
    "key twice inside": (
        "trust:\n  gain: 0.1\n  loss: 0.2\n  gain: 0.3\n",
        S + "4:3: trust.gain: is set twice; first in line 2",
    ),
    "key twice quoted": ('seed: 1\n"seed": 2\n', S + "2:1: seed: is set twice"),
    "twins of Unicode": ("caf\u00e9: 1\ncafe\u0301: 2\n", S + "2:1: café: is set twice; first in line 1"),
    "two documents": ("seed: 1\n---\nseed: 2\n", S + "2:1: a second document begins here"),
    "directive": ("%YAML 1.1\n---\nseed: 1\n", S + "1:1: YAML directives"),
    "anchor": ("seed: &a 1\n", S + "1:7: seed: anchors (&a) are not allowed"),
    "alias": ("seed: *a\n", S + "1:7: seed: aliases (*a) are not allowed"),
    "billion laughs": (
        "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
        S + "2:8: b[1]: aliases (*a) are not allowed",
    ),
    "merge key": ("trust: {<<: {gain: 1}}\n", S + "1:9: trust.<<: merge keys"),
    "tag": ("seed: !!int '1'\n", S + "1:7: seed: tags (tag:yaml.org,2002:int) are not allowed"),
    "code": (
        "a: !!python/object/apply:os.system [ls]\n",
        S + "1:4: a: tags (tag:yaml.org,2002:python/object/apply:os.system)",
    ),
    "list as key": ("? [a, b]\n: 1\n", S + "1:3: a key must be a plain word"),
    "tab": ("trust:\n\tgain: 1\n", S + "2:1: a tab is used for indentation; use spaces"),
    "bracket left open": ("policies: [solo\n", S + "2:1: cannot be read as YAML"),
    "quote left open": ("name: 'abc\n", S + "2:1: cannot be read as YAML"),
    "two colons": ("seed: 1: 2\n", S + "1:8: cannot be read as YAML: mapping values are not allowed here"),
    "uneven indentation": ("trust:\n   gain: 0.1\n  loss: 0.2\n", S + "3:3: cannot be read as YAML"),
    "brackets without end": ("[" * 60_000, S + "1:22: nested deeper than 20 levels"),
    "braces without end": ("{a: " * 30_000, S + "1:85: nested deeper than 20 levels"),
    "too many values": ("a: [" + "1, " * 50_001 + "]\n", S + "1:149999: more than 50,000 values"),
    "text too long": (
        "question: " + "x" * 70_000 + "\n",
        S + "1:11: a text is longer than 65,536 characters",
    ),
    "key too long": ("k" * 300 + ": 1\n", S + "1:1: a key must be a plain word of at most 200 characters"),
    "escape beyond Unicode": ('a: "\\Uffffffff"\n', S),
    "escaped NUL": ('question: "a\\0b"\n', S + "1:11: question: character U+0000 (control character)"),
    "escaped direction": (
        'question: "a\\u202eb"\n',
        S + "1:11: question: character U+202E (right-to-left override)",
    ),
    "half a surrogate": ('question: "\\ud800"\n', S + "1:11: question: character U+D800"),
}

BYTES: dict[str, tuple[str | bytes, str]] = {
    "UTF-16": ("seed: 1\n".encode("utf-16"), S + "1:1: is UTF-16 or UTF-32 text; save it as UTF-8"),
    "UTF-16 unmarked": ("seed: 1\n".encode("utf-16-le"), S + "1:1: is UTF-16 or UTF-32 text"),
    "UTF-32": ("seed: 1\n".encode("utf-32"), S + "1:1: is UTF-16 or UTF-32 text"),
    "byte order mark": (b"\xef\xbb\xbfseed: 1\n", S + "1:1: starts with a byte order mark"),
    "Latin-1": ("question: caf\u00e9\n".encode("latin-1"), S + "1:14: byte 0xe9 is not UTF-8"),
    "surrogate in UTF-8": (b"seed: 1\nname: \xed\xa0\x80\n", S + "2:7: byte 0xed is not UTF-8"),
    "overlong": (b"seed: \xc0\xb1\n", S + "1:7: byte 0xc0 is not UTF-8"),
    "NUL": (b"seed: 1\nname: a\0b\n", S + "2:8: character U+0000"),
    "bell": (b"question: \x07\n", S + "1:11: character U+0007"),
    "escape sequence": (b"question: \x1b[31mred\n", S + "1:11: character U+001B"),
    "reordered text": (
        "question: a\u202eb\n",
        S + "1:12: character U+202E (right-to-left override) is not allowed",
    ),
    "isolate": ("seed: 1 # \u2066x\n", S + "1:11: character U+2066"),
    "zero width": ("trust: {gen\u200beral: 1}\n", S + "1:12: character U+200B (zero width space)"),
    "soft hyphen": ("se\u00aded: 1\n", S + "1:3: character U+00AD (soft hyphen)"),
    "line separator": ("seed: 1\u2028name: x\n", S + "1:8: character U+2028 (line separator)"),
    "next line": ("seed: 1\u0085name: x\n", S + "1:8: character U+0085"),
    "private character": ("question: \ue000\n", S + "1:11: character U+E000"),
    "no character": ("question: \uffff\n", S + "1:11: character U+FFFF"),
    "result file": (b"PAR1\x15\x04\x15", S + "1:1: is a Parquet file of results, not a scenario"),
    "gzip": (b"\x1f\x8b\x08\x00", S + "1:1: is a gzip file, not a scenario"),
    "Excel": (b"PK\x03\x04\x14\x00", S + "1:1: is a zip or Excel file, not a scenario"),
    "too large a file": (b"# " + b"x" * (1 << 20), "scenario.yaml: is larger than 1,048,576 bytes"),
}

CASES = {
    f"{group}: {name}": case
    for group, cases in (
        ("scalars", SCALARS),
        ("structure", STRUCTURE),
        ("bytes", BYTES),
    )
    for name, case in cases.items()
}
