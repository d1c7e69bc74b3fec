"""Pictures of studies, written beside their results, each with its text alternative."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.record import replace
from sim.report import style
from sim.report.deciders import deciders
from sim.report.regime import regime_map, regime_maps
from sim.report.text_sensitivity import sensitivity_text
from sim.report.text_studies import regime_text

if TYPE_CHECKING:
    from sim.experiment.regime import Regime
    from sim.experiment.sensitivity import Sensitivity

KINDS = ("svg", "png")


def draw_regime(found: Regime, folder: Path | None = None, stem: str = "regime",
                kinds: tuple[str, ...] = KINDS) -> list[Path]:
    """Draw the map (and its effects) and write what it shows in words; return the files."""
    folder = folder or found.folder / "figures"
    title = found.study.text.question or "Regime map"
    made = [style.save(regime_map(found)[0], folder / f"{stem}.{kind}", title) for kind in kinds]
    if len(found.planes) > 1:
        figure = regime_maps(found)
        made += [style.save(figure, folder / f"{stem}_effects.{kind}", title) for kind in kinds]
    text = folder / f"{stem}.txt"
    replace(text, ("\n\n".join(regime_text(found)) + "\n").encode())
    return [*made, text]


def draw_sensitivity(found: Sensitivity, folder: Path | None = None, stem: str = "deciders",
                     kinds: tuple[str, ...] = KINDS) -> list[Path]:
    """Draw what decides and write it in words; return the files."""
    folder = folder or found.folder / "figures"
    made = [style.save(deciders(found)[0], folder / f"{stem}.{kind}", "What decides") for kind in kinds]
    text = folder / f"{stem}.txt"
    replace(text, ("\n\n".join(sensitivity_text(found)) + "\n").encode())
    return [*made, text]
