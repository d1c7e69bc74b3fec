"""Settings of all tests."""

from __future__ import annotations

from hypothesis import settings

# The first call of a compiled function may compile it: no deadline can be met then.
settings.register_profile("compiled", deadline=None)
settings.load_profile("compiled")
