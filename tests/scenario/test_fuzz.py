"""Whatever is written, the answer is a scenario or a `ScenarioError`: never another exception."""

import gzip
import runpy
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.parameters import PARAMETERS
from sim.scenario import loads, parse_overrides
from sim.scenario.characters import decode
from sim.scenario.editor import template
from sim.scenario.nodes import read_nodes
from sim.scenario.scalars import NotPlain, read_scalar
from sim.scenario.tables import (
    read_clusters,
    read_organisations,
    read_participations,
    read_projects,
    read_relatedness,
)

BAD = {
    name: case
    for file in ("bad_settings.py", "bad_together.py", "bad_text.py")
    for name, case in runpy.run_path(str(Path(__file__).with_name(file)))["CASES"].items()
}
SHIPPED = [
    p.read_text(encoding="utf-8") for p in sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))
]
TEXTS = [*SHIPPED, *(t for t, _ in BAD.values() if isinstance(t, str) and len(t) < 2000), template()[:3000]]
KEYS = [
    *(p.key for p in PARAMETERS),
    "policies",
    "futures.ranges",
    "shocks",
    "tables.projects",
    "name",
    "base",
]
PIECES = st.sampled_from(
    [
        "\n",
        "  ",
        ": ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        "&a ",
        "*a",
        "!!str ",
        "? ",
        "|\n",
        ">-\n",
        "'",
        '"',
        "\\u",
        "%",
        "@",
        "`",
        "#",
        "---\n",
        "...\n",
        "<<",
        "1e3",
        ".inf",
        "0x1",
        "no",
        "null",
        "\t",
        "\r",
        "\u202e",
        "\x00",
        "\ufeff",
        "é",
        "e\u0301",
        "trust",
        "policies",
        "solo",
        "general",
        "-1",
        "99999999999",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
MANY = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def answers(call, *arguments):
    try:
        call(*arguments)
    except ScenarioError as error:
        assert error.problems and str(error)


@given(st.text(max_size=200))
@MANY
def test_any_text(text):
    answers(loads, text)


@given(st.binary(max_size=200))
@MANY
def test_any_bytes(raw):
    answers(lambda: read_nodes(decode(raw, "scenario.yaml"), "scenario.yaml"))


@given(st.lists(PIECES, max_size=40).map("".join))
@MANY
def test_pieces_of_yaml(text):
    answers(loads, text)


@given(st.sampled_from(TEXTS), st.data())
@MANY
def test_damaged_scenarios(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    answers(loads, text[:start] + data.draw(PIECES | st.text(max_size=6)) + text[end:])


@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=12), VALUES, max_size=4))
@MANY
def test_any_override(overrides):
    answers(loads, "seed: 1\n", overrides)


@given(
    st.sampled_from(["policies", "shocks", "futures", "rules", "tables", "world", "trust", "seed"]), VALUES
)
@MANY
def test_any_shape_of_a_known_key(key, value):
    answers(loads, "seed: 1\n", {key: value})


@given(st.text(max_size=30))
@MANY
def test_a_scalar_is_text_a_plain_number_or_refused(text):
    try:
        value = read_scalar(text, True)
    except NotPlain:
        return
    if isinstance(value, int | float) and not isinstance(value, bool):
        assert type(value)(text) == value
    assert value is None or isinstance(value, bool | int | float | str)


@given(st.integers(-(10**18), 10**18), st.floats(-1e9, 1e9).map(lambda x: f"{x:.9f}"))
@MANY
def test_plain_numbers_are_read_exactly(whole, decimal):
    assert read_scalar(str(whole), True) == whole
    assert read_scalar(decimal, True) == float(decimal)


CELLS = st.sampled_from(
    [
        "",
        "a",
        "b",
        "1",
        "0.5",
        "-1",
        "sme",
        "DE",
        "=1+1",
        "@x",
        "+3",
        '"',
        "2014-01-31",
        "2014-13-01",
        "C",
        "PRC",
        "0:0.5",
        "0:0.5;1:2",
        "é",
        "\u202e",
        "1e9",
        "nan",
        "x y",
    ]
)
ROWS = st.lists(st.lists(CELLS, max_size=7).map(",".join), max_size=6)
HEADERS = st.sampled_from(
    [
        "id,country,sector,management",
        "id,kind,country,sector,cluster,activity,fields",
        "",
        "a;b",
        "project,start,end,theme",
        "project,org,role,type,country,ec_eur",
        "id,id",
        "1,1",
    ]
)


@given(
    HEADERS,
    ROWS,
    st.sampled_from(
        [read_clusters, read_organisations, read_relatedness, read_projects, read_participations]
    ),
)
@MANY
def test_any_table(tmp_path_factory, header, rows, reader):
    path = tmp_path_factory.getbasetemp() / "t.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    answers(reader, path)


@given(
    st.binary(max_size=120), st.booleans(), st.sampled_from([read_clusters, read_relatedness, read_projects])
)
@MANY
def test_any_bytes_as_a_table(tmp_path_factory, raw, packed, reader):
    path = tmp_path_factory.getbasetemp() / "t.csv"
    path.write_bytes(gzip.compress(raw)[: None if len(raw) % 2 else -5] if packed else raw)
    answers(reader, path)


@given(st.text(max_size=60))
@MANY
def test_any_assignment(text):
    from sim.errors import UsageError

    try:
        parse_overrides([text])
    except UsageError as error:
        assert error.exit_code == 2
