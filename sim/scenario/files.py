"""Which files a scenario may name: those in its own folder, nothing above and nothing linked to outside."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath, PureWindowsPath

from sim.scenario.nodes import Node


class Outside(ValueError):
    """A path that a scenario may not use; the text says why."""


def inside(name: str, folder: Path) -> Path:
    """Return the file that a scenario in ``folder`` names; raise `Outside` where it leaves the folder."""
    if not name or "\0" in name:
        raise Outside("is not a file name")
    windows = PureWindowsPath(name)
    if PurePosixPath(name).is_absolute() or windows.is_absolute() or windows.drive or windows.root:
        raise Outside("must be relative to the scenario's folder")
    parts = name.replace("\\", "/").split("/")
    if ".." in parts:
        raise Outside("may not leave the scenario's folder")
    root = folder.resolve()
    path = root.joinpath(*parts)
    if not path.resolve().is_relative_to(root):
        raise Outside("is a link that leaves the scenario's folder")
    return path


def table_path(node: Node, name: str, folder: Path) -> Path:
    """Return a table's file: anywhere for one named on the command line, else inside the folder."""
    if node.place.where.startswith("--set "):
        return Path(name).expanduser().resolve()
    return inside(name, folder).resolve()


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
