"""Calibrations in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.numbers import words
from sim.report.table import paragraph, table
from sim.report.text_studies import failed

if TYPE_CHECKING:
    from sim.experiment.calibrate import Calibration


def calibration_text(found: Calibration) -> tuple[str, str]:
    """Return the headline and the rest."""
    head = paragraph(
        f"{found.kept} of {found.trials} trials kept ({found.method}, under {words(found.policy)}); the best lies "
        f"{found.best:.2g} tolerances from the targets.")
    met = [[words(one.outcome), _short(one.observed), f"± {_short(one.tolerance)}", _short(one.mean),
            f"[{_short(one.low)}, {_short(one.high)}]"] for one in found.met]
    narrowed = [[one.name, f"[{_short(one.low)}, {_short(one.high)}]", _short(one.middle),
                 f"[{_short(one.kept_low)}, {_short(one.kept_high)}]"] for one in found.narrowed]
    head_met = ["outcome", "observed", "tolerance", "kept: mean", "90 % of kept"]
    parts = ["Targets:\n" + table(head_met, met, (1, 2, 3, 4)),
             "Conditions:\n" + table(["condition", "range", "kept: median", "90 % of kept"], narrowed, (1, 2, 3)),
             *failed(found.failures), *found.notes]
    return head, "\n\n".join(parts)


def _short(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")
