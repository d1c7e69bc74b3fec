"""Result files: whole or absent, whatever call of the system fails; checked when they are read."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import record
from sim.record import CannotWrite, DamagedFile

ENGINE = "0123456789abcdef"
COLUMNS = {"run_id": ["a", "b"], "value": np.array([0.1, float("nan")])}
CALLS = ("open", "write", "fsync", "link", "close")


class Failing:
    """Lets the n-th call of one function of `os` fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str, at: int, number: int = errno.ENOSPC) -> None:
        self.real, self.at, self.count, self.number = getattr(os, name), at, 0, number
        self.name = name
        monkeypatch.setattr(os, name, self)

    def __call__(self, *words: Any, **named: Any) -> Any:
        self.count += 1
        if self.count == self.at:
            if self.name == "close":
                self.real(*words, **named)
            raise OSError(self.number, os.strerror(self.number))
        return self.real(*words, **named)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("at", [1, 2, 3])
def test_whatever_fails_the_file_is_whole_or_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str,
                                                    at: int) -> None:
    data, path = os.urandom(5000), tmp_path / "file"
    with monkeypatch.context() as patch:
        failing = Failing(patch, name, at)
        if name == "write":
            short_writes(patch, failing)
        failed = raises_cannot_write(lambda: record.publish(path, data))
    assert failed == (failing.count >= at)
    assert not path.exists() or path.read_bytes() == data
    assert [one.name for one in tmp_path.iterdir()] in ([], ["file"])
    record.publish(path, data)  # and the next attempt succeeds
    assert path.read_bytes() == data


def short_writes(patch: pytest.MonkeyPatch, inner: Callable[..., int]) -> None:
    """Let the system take 2000 bytes at a time, as it may."""
    patch.setattr(os, "write", lambda handle, data: inner(handle, bytes(data[:2000])))


def raises_cannot_write(act: Callable[[], object]) -> bool:
    try:
        act()
    except CannotWrite as problem:
        assert problem.exit_code == 4
        assert "No space left on device" in str(problem) and "run the same command" in str(problem)
        return True
    return False


@pytest.mark.parametrize("name", ["write", "fsync", "open"])
def test_replacing_leaves_old_or_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with monkeypatch.context() as patch:
        Failing(patch, name, 1)
        assert raises_cannot_write(lambda: record.replace(path, b"new"))
    assert path.read_bytes() == b"old" and len(list(tmp_path.iterdir())) == 1
    record.replace(path, b"new")
    assert path.read_bytes() == b"new"


def test_publish_says_whether_it_is_new(tmp_path: Path) -> None:
    assert record.publish(tmp_path / "file", b"one")
    assert not record.publish(tmp_path / "file", b"two")
    assert (tmp_path / "file").read_bytes() == b"one"


@pytest.mark.parametrize("number", sorted(record.NO_HARD_LINKS))
def test_without_hard_links_a_claim_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", refuse)
    assert record.publish(tmp_path / "file", b"one")
    assert not record.publish(tmp_path / "file", b"two")
    assert (tmp_path / "file").read_bytes() == b"one" and len(list(tmp_path.iterdir())) == 1


def test_without_link_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "link")
    assert record.publish(tmp_path / "file", b"one") and (tmp_path / "file").read_bytes() == b"one"


def test_a_dead_owners_claim_is_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "link")
    monkeypatch.setattr(record, "CLAIM_PATIENCE", 0.05)
    (tmp_path / "file.claim").touch()
    assert record.publish(tmp_path / "file", b"one")
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_a_claim_whose_owner_published_is_respected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "link")
    (tmp_path / "file.claim").touch()
    (tmp_path / "file").write_bytes(b"theirs")
    assert not record.publish(tmp_path / "file", b"mine")
    assert (tmp_path / "file").read_bytes() == b"theirs"


def _publish_many(folder: str) -> int:
    return sum(record.publish(Path(folder) / f"file{k}", b"x" * 1000) for k in range(50))


def test_of_many_publishers_one_wins(tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(4) as pool:
        assert sum(pool.map(_publish_many, [str(tmp_path)] * 4)) == 50
    assert len(list(tmp_path.iterdir())) == 50


def test_a_read_only_place_is_a_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite, match=r"below: cannot be a folder, for a file has that name"):
        record.publish(tmp_path / "file" / "below", b"")
    with pytest.raises(CannotWrite, match="cannot be a folder"):
        record.make_folder(tmp_path / "file" / "below")


# --- shards ----------------------------------------------------------------------------------

def test_a_shard_comes_back_as_it_was(tmp_path: Path) -> None:
    path = record.write_shard(tmp_path, "one", COLUMNS, "runs", ENGINE)
    frame = record.to_frame([record.read_shard(path, "runs", ENGINE)])
    pd.testing.assert_frame_equal(frame, pd.DataFrame(COLUMNS), check_dtype=False)
    pd.testing.assert_frame_equal(pd.read_parquet(path), frame)  # any reader of Parquet opens it


def test_equal_shards_have_equal_names(tmp_path: Path) -> None:
    first = record.write_shard(tmp_path, "one", COLUMNS, "runs", ENGINE)
    assert record.write_shard(tmp_path, "one", COLUMNS, "runs", ENGINE) == first
    assert record.write_shard(tmp_path, "one", {**COLUMNS, "value": [0.1, 0.2]}, "runs", ENGINE) != first
    assert len(list(tmp_path.iterdir())) == 2


def test_every_flipped_byte_is_noticed(tmp_path: Path) -> None:
    path = record.write_shard(tmp_path, "one", COLUMNS, "runs", ENGINE)
    data = path.read_bytes()
    for place in range(0, len(data), 37):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises(DamagedFile, match="torn or was changed"):
            record.read_shard(path, "runs")


@pytest.mark.parametrize(("name", "data", "why"), [
    ("notes.txt", b"hello", "its name carries no checksum"),
    ("part-one-0123456789abcdef.parquet", b"", "torn or was changed"),
    (f"part-one-{record.checksum(b'hello')}.parquet", b"hello", "is not a Parquet file"),
    (f"part-{'x' * 41}-{record.checksum(b'hello')}.parquet", b"hello", "its name carries no checksum"),
])
def test_foreign_files_are_named(tmp_path: Path, name: str, data: bytes, why: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DamagedFile, match=why) as problem:
        record.read_shard(tmp_path / name, "runs")
    assert name in str(problem.value) and problem.value.path == tmp_path / name


def test_parquet_of_somebody_else(tmp_path: Path) -> None:
    pd.DataFrame(COLUMNS).to_parquet(tmp_path / "x.parquet")
    data = (tmp_path / "x.parquet").read_bytes()
    path = tmp_path / f"part-x-{record.checksum(data)}.parquet"
    path.write_bytes(data)
    with pytest.raises(DamagedFile, match="does not hold runs of mobilise"):
        record.read_shard(path, "runs")


def test_kind_schema_and_engine_must_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = record.write_shard(tmp_path, "one", COLUMNS, "runs", ENGINE)
    with pytest.raises(DamagedFile, match="does not hold series"):
        record.read_shard(path, "series")
    with pytest.raises(DamagedFile, match="another version of the model"):
        record.read_shard(path, "runs", "f" * 16)
    monkeypatch.setattr(record, "SCHEMA_VERSION", 2)
    with pytest.raises(DamagedFile, match="has schema version 1; this program reads 2"):
        record.read_shard(path, "runs")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match="No such file"):
        record.read_shard(tmp_path / f"part-one-{ENGINE}.parquet", "runs")


def test_good_shards_are_read_beside_damaged_ones(tmp_path: Path) -> None:
    good = record.write_shard(tmp_path, "one", COLUMNS, "runs", ENGINE)
    (tmp_path / "part-two-0123456789abcdef.parquet").write_bytes(b"torn")
    tables, damaged = record.read_shards(tmp_path.iterdir(), "runs", ENGINE)
    assert [table["run_id"].to_pylist() for table in tables] == [["a", "b"]]
    assert [problem.path.name for problem in damaged] == ["part-two-0123456789abcdef.parquet"]
    assert good.exists() and record.to_frame([]).empty


def test_errors_travel_between_processes() -> None:
    import pickle

    problem = pickle.loads(pickle.dumps(DamagedFile(Path("x"), "is torn")))
    assert str(problem) == "x: is torn" and problem.why == "is torn"


# --- JSON and CSV ----------------------------------------------------------------------------

def test_json_comes_back_and_is_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    record.write_json(tmp_path / "a.json", {"b": 1, "a": [2.5, None]})
    record.write_json(tmp_path / "b.json", {"a": [2.5, None], "b": 1})
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert record.read_json(tmp_path / "a.json") == {"a": [2.5, None], "b": 1}


@pytest.mark.parametrize("text", ["", "{", "[1]", "\xff"])
def test_json_that_is_none_of_ours_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, "latin-1")
    with pytest.raises(DamagedFile, match=r"manifest\.json"):
        record.read_json(tmp_path / "manifest.json")


def test_csv_opens_in_a_spreadsheet(tmp_path: Path) -> None:
    path = record.write_csv(tmp_path / "table.csv", pd.DataFrame({"unit": ["kEUR × 1"], "value": [0.1]}))
    assert path.read_bytes() == "\ufeffunit,value\nkEUR × 1,0.1\n".encode()


def test_nothing_is_pickled(tmp_path: Path) -> None:
    path = record.write_shard(tmp_path, "one", COLUMNS, "runs", ENGINE)
    import pyarrow.parquet as pq

    metadata = pq.read_schema(path).metadata
    assert list(metadata) == [b"mobilise"] and set(json.loads(metadata[b"mobilise"])) == {"kind", "schema", "engine"}
