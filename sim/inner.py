"""Functions that compiled code calls, compiled as parts of it and of nothing else.

Numba compiles each function to the end: machine code, two wrappers for Python and for C, an entry in the cache. Of the
engine's hundreds of functions only a few dozen are called from Python; the others are copied into those, optimised
there and never called alone. `Inner` stops earlier for them, which saves more than a third of the first use's wait.

This reaches into Numba further than its documents go; where it does not fit, `sim.jit` falls back to the ordinary way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
from numba.core import codegen, compiler


class Silent:
    """A code generator as its libraries see it, for functions that have no environment of their own."""

    def __init__(self, generator: Any) -> None:
        self._generator = generator

    def __getattr__(self, name: str) -> Any:
        return getattr(self._generator, name)

    def set_env(self, name: str, environment: Any) -> None:
        """Do nothing: the caller's environment serves."""


class InnerLibrary(codegen.JITCodeLibrary):
    """Code that is kept for callers to take in; no machine code is made of it."""

    @property
    def codegen(self) -> Any:
        """The code generator, without environments."""
        return Silent(self._codegen)

    def get_pointer_to_function(self, name: str) -> int:
        """Return no address: there is no machine code."""
        return 0

    def _optimize_final_module(self) -> None:
        """Leave it to the callers, who see how it is used."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._finalized = True


class InnerCompiler(compiler.Compiler):
    """Numba's compiler, writing to an `InnerLibrary`."""

    def compile_extra(self, function: Callable[..., Any]) -> Any:
        """Compile a function as a part of others."""
        self.state.library = InnerLibrary(self.state.targetctx.codegen(), function.__qualname__)
        return super().compile_extra(function)


def inner(function: Callable[..., Any], **options: Any) -> Any:
    """Return a dispatcher of ``function`` for compiled callers alone."""
    return numba.njit(pipeline_class=InnerCompiler, no_cpython_wrapper=True, no_cfunc_wrapper=True, **options)(function)
