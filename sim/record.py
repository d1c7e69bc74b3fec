"""Result files: published whole or not at all, and checked when they are read.

A shard is a Parquet file whose name ends in the first 16 hex digits of the SHA-256 of its bytes
(``part-<stem>-<sum>.parquet``): any reader of Parquet opens it, a torn or changed byte is noticed,
and equal results have equal names. Nothing here holds a pickle.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import MobiliseError

if TYPE_CHECKING:
    import pandas as pd

SCHEMA_VERSION = 1
SHARD = re.compile(r"part-(?P<stem>[0-9a-z_]{1,40})-(?P<sum>[0-9a-f]{16})\.parquet")
LEFTOVER = ".unfinished-"
NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}
CLAIM_PATIENCE = 5.0  # seconds to wait for another process to publish the same name


class DamagedFile(MobiliseError):
    """A result file is torn, changed, foreign or of another version; ``path`` names it."""

    def __init__(self, path: Path, why: str) -> None:
        self.path, self.why = path, why
        super().__init__(f"{path}: {why}")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.path, self.why)


class CannotWrite(MobiliseError):
    """The disk refused: what was finished before is kept, nothing is half-written."""

    exit_code = 4

    @classmethod
    def of(cls, path: Path, problem: OSError) -> CannotWrite:
        """Say in plain words what the system refused."""
        if isinstance(problem, FileExistsError | NotADirectoryError):
            return cls(f"{path}: cannot be a folder, for a file has that name; choose another with --out")
        reason = problem.strerror or type(problem).__name__
        return cls(f"{path}: cannot be written ({reason}); what was finished is kept: make room or choose "
                   "--out, then run the same command to go on")


# --- writing ---------------------------------------------------------------------------------

def _write_through(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest):]
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows has no way to flush a folder
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _claim_and_replace(temporary: Path, path: Path) -> bool:
    """Publish without hard links: the holder of the claim file is the only one to replace ``path``."""
    claim = path.with_name(path.name + ".claim")
    patience = time.monotonic() + CLAIM_PATIENCE
    while True:
        try:
            os.close(os.open(claim, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError:
            if path.exists():
                return False
            if time.monotonic() > patience:  # its owner died: take the claim over
                claim.unlink(missing_ok=True)
            time.sleep(0.02)
    try:
        if path.exists():
            return False
        temporary.replace(path)
        return True
    finally:
        claim.unlink(missing_ok=True)


def _link_if_absent(temporary: Path, path: Path) -> bool:
    try:
        os.link(temporary, path)
        return True
    except FileExistsError:
        return False
    except OSError as problem:
        if problem.errno not in NO_HARD_LINKS:
            raise
    except (AttributeError, NotImplementedError):
        pass
    return _claim_and_replace(temporary, path)


def _temporary(path: Path) -> Path:
    return path.with_name(f"{LEFTOVER}{os.getpid()}-{secrets.token_hex(6)}")


def publish(path: Path, data: bytes) -> bool:
    """Write ``data`` to ``path`` unless it is there; return whether it is new.

    Either the whole file appears under its name or none: temporary file in the same folder, flush,
    fsync, link if absent, fsync of the folder. Raises `CannotWrite`.
    """
    temporary = _temporary(path)
    try:
        _write_through(temporary, data)
        new = _link_if_absent(temporary, path)
        _sync_folder(path.parent)
        return new
    except OSError as problem:
        raise CannotWrite.of(path, problem) from problem
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def replace(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path``, in one instant, whatever was there."""
    temporary = _temporary(path)
    try:
        _write_through(temporary, data)
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as problem:
        raise CannotWrite.of(path, problem) from problem
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def make_folder(path: Path) -> Path:
    """Make a folder and its parents; raise `CannotWrite` in plain words."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise CannotWrite.of(path, problem) from problem
    return path


def sweep(folder: Path) -> int:
    """Remove what killed writers left half-done in ``folder``; return how many files."""
    left = [path for path in folder.iterdir() if path.name.startswith(LEFTOVER)] if folder.is_dir() else []
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Replace a JSON file, keys sorted, so that equal content has equal bytes."""
    replace(path, (json.dumps(content, indent=1, sort_keys=True) + "\n").encode())


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object; raise `DamagedFile` naming the file."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise DamagedFile(path, f"cannot be read ({problem})") from None
    if not isinstance(content, dict):
        raise DamagedFile(path, "is not a record written by mobilise")
    return content


# --- shards ----------------------------------------------------------------------------------

def checksum(data: bytes) -> str:
    """Return the 16 hex digits a shard's name ends in."""
    return hashlib.sha256(data).hexdigest()[:16]


def to_bytes(columns: Mapping[str, Any], kind: str, engine: str) -> bytes:
    """Return columns as Parquet bytes that name their kind, schema version and engine."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    about = {"kind": kind, "schema": SCHEMA_VERSION, "engine": engine}
    table = pa.table(dict(columns)).replace_schema_metadata({"mobilise": json.dumps(about, sort_keys=True)})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def write_shard(folder: Path, stem: str, columns: Mapping[str, Any], kind: str, engine: str) -> Path:
    """Publish one shard in ``folder`` and return its path; an equal one may already be there."""
    data = to_bytes(columns, kind, engine)
    path = folder / f"part-{stem}-{checksum(data)}.parquet"
    publish(path, data)
    return path


def read_shard(path: Path, kind: str, engine: str | None = None, columns: list[str] | None = None) -> Any:
    """Return a shard (or some columns) as a PyArrow table; raise `DamagedFile` that says what is wrong with it."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    named = SHARD.fullmatch(path.name)
    if not named:
        raise DamagedFile(path, "is not a result file of mobilise (its name carries no checksum)")
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise DamagedFile(path, f"cannot be read ({problem.strerror})") from None
    if checksum(data) != named["sum"]:
        raise DamagedFile(path, "is torn or was changed: its bytes do not match the checksum in its name")
    try:
        table = pq.read_table(pa.BufferReader(data), columns=columns, use_threads=False)
        about = json.loads((table.schema.metadata or {}).get(b"mobilise", b"{}"))
    except (pa.ArrowException, ValueError, OSError):
        raise DamagedFile(path, "is not a Parquet file") from None
    _check_kind(path, about, kind, engine)
    return table


def _check_kind(path: Path, about: Mapping[str, Any], kind: str, engine: str | None) -> None:
    if about.get("kind") != kind:
        raise DamagedFile(path, f"does not hold {kind} of mobilise")
    if about.get("schema") != SCHEMA_VERSION:
        has = about.get("schema")
        raise DamagedFile(path, f"has schema version {has}; this program reads {SCHEMA_VERSION}")
    if engine is not None and about.get("engine") != engine:
        raise DamagedFile(path, "was made by another version of the model, whose numbers are not comparable")


def read_shards(paths: Iterable[Path], kind: str, engine: str | None = None,
                columns: list[str] | None = None) -> tuple[list[Any], list[DamagedFile]]:
    """Return the tables of all good shards, and what is wrong with the others."""
    tables, damaged = [], []
    for path in sorted(paths):
        try:
            tables.append(read_shard(path, kind, engine, columns))
        except DamagedFile as problem:
            damaged.append(problem)
    return tables, damaged


# --- frames ----------------------------------------------------------------------------------

def to_frame(tables: Sequence[Any]) -> pd.DataFrame:
    """Return the rows of PyArrow tables as one data frame; missing columns become nan."""
    import pandas as pd
    import pyarrow as pa

    if not tables:
        return pd.DataFrame()
    return pa.concat_tables(tables, promote_options="default").to_pandas()


def write_csv(path: Path, frame: pd.DataFrame) -> Path:
    """Write a table for a spreadsheet (UTF-8 with signature, so that every program reads it)."""
    replace(path, frame.to_csv(index=False, lineterminator="\n").encode("utf-8-sig"))
    return path
