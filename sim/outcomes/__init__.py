"""Watching: what is recorded after each step, and the outcomes of a run."""
