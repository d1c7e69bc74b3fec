"""Small invented results: what the figures and texts are tested on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

POLICIES = ("same_known_partners", "strategic_mobilisation", "known_by_fit")


@pytest.fixture
def totals() -> pd.DataFrame:
    """Four worlds whose paired differences to the baseline are 1, 2, 3, 4 and −1, −1, −1, −1."""
    rows = [(policy, 0, world, "net_value", 100.0 * world + shift)
            for world in range(4)
            for policy, shift in zip(POLICIES, (0.0, world + 1.0, -1.0), strict=True)]
    return pd.DataFrame(rows, columns=["policy", "future", "replicate", "outcome", "value"])


@pytest.fixture
def series() -> pd.DataFrame:
    """Eight quarters; the second policy loses 2 in each of the first two, then gains 1 in each."""
    rows = [(policy, 0, world, step, "net_value", 5.0 * world + gain)
            for world in range(4) for step in range(1, 9)
            for policy, gain in zip(POLICIES, (0.0, -2.0 if step <= 2 else 1.0, 0.5), strict=True)]
    return pd.DataFrame(rows, columns=["policy", "future", "replicate", "step", "outcome", "value"])


@pytest.fixture
def nodes() -> pd.DataFrame:
    """Two clusters of five, each with its cluster organisation, in two sectors."""
    ids = np.arange(10)
    return pd.DataFrame({"id": ids, "cluster": ids % 2, "sector": ids % 2,
                         "kind": ["cluster_organisation"] * 2 + ["sme"] * 8})
