"""Settings of all tests."""

from __future__ import annotations

import os

from hypothesis import settings

# The first call of a compiled function may compile it: no deadline can be met then. A property is tried on 200 examples;
# where an example is a whole world, its test says how many.
settings.register_profile("compiled", deadline=None, max_examples=200)
settings.register_profile("traced", deadline=None, max_examples=25)  # under coverage, without the compiler
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "compiled"))
