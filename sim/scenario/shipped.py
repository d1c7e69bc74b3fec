"""Scenarios and studies that come with the program: found by their plain name, from any folder.

In a checkout they lie at its top; an installed wheel keeps the same files under ``share/mobilise``. A file of one's
own always comes first.
"""

from __future__ import annotations

import os
from functools import cache
from importlib.metadata import PackageNotFoundError, files
from itertools import chain
from pathlib import Path

FOLDERS = ("scenarios", "experiments")
SHARE = "share/mobilise"
BESIDE_THEM = "mobilise.schema.json"  # tells our folder of scenarios from anybody else's
ENDING = ".yaml"


@cache
def home() -> Path | None:
    """Return the folder that holds the folders of shipped texts, or None where they were not installed."""
    above = Path(__file__).parents[2]
    places = chain((above, above / SHARE), _installed())  # a checkout, pip --target, any other way to install
    return next((place for place in places if (place / FOLDERS[0] / BESIDE_THEM).is_file()), None)


def _installed() -> tuple[Path, ...]:
    """Return where the installer says that it put them."""
    try:
        listed = files("mobilise") or ()
    except PackageNotFoundError:
        return ()
    return tuple(Path(str(file.locate())).resolve().parents[1] for file in listed if file.name == BESIDE_THEM)


def shipped(folder: str = FOLDERS[0]) -> dict[str, Path]:
    """Return the texts in a shipped folder by their plain name."""
    place = home()
    return {} if place is None else {path.stem: path for path in sorted((place / folder).glob(f"*{ENDING}"))}


def located(path: Path) -> Path:
    """Return the shipped file that a plain name (or ``scenarios/name.yaml``) means, unless a file is there."""
    if os.path.isfile(path):  # noqa: PTH113 (says no, instead of raising, to what cannot be a name)
        return path
    if is_plain(path):
        found = (shipped(folder).get(path.name) for folder in FOLDERS)
        return next((file for file in found if file is not None), path)
    ours = len(path.parts) == 2 and path.parts[0] in FOLDERS and path.suffix == ENDING
    return shipped(path.parts[0]).get(path.stem, path) if ours else path


def is_plain(path: Path) -> bool:
    """Whether a path is a name alone, without folder and ending."""
    return len(path.parts) == 1 and not path.suffix
