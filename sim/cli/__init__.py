"""The command line: `mobilise`, or ``python -m sim``. Heavy imports live inside the commands."""

from __future__ import annotations


def main() -> None:
    """Run the command line and leave with its exit code."""
    from sim.cli.app import app

    app(prog_name="mobilise")
