"""Known results that the engine and its ideas are checked against: one file each, found by being there."""
