"""How the engine's functions are compiled, where Numba's ordinary way costs too much.

Three departures:

- *Parts.* Numba compiles each function to the end: machine code, two wrappers for Python and for C, an entry in the
  cache. Of the engine's hundreds of functions only a few dozen are called from Python; the others are copied into
  those, optimised there and never called alone. `inner` stops earlier for them and halves the first use's wait.
- *No negative indices.* ``x[-1]`` costs every other access to an array a comparison. Engine code never counts from the
  end (`tests/test_banned.py`), so an index is taken as it is. Users' rules may count from the end.
- *No collector.* Walks of the garbage collector find nothing to free among a compiler's own records.

This reaches into Numba further than its documents go; `requirements.lock` names the version it was tried with.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import numba
from numba.core import codegen, compiler, types
from numba.np import arrayobj


class EngineLibrary(codegen.JITCodeLibrary):
    """Code of the engine: its array indices are never negative."""

    counts_from_end = False


class Silent:
    """A code generator as its libraries see it, for functions that have no environment of their own."""

    def __init__(self, generator: Any) -> None:
        self._generator = generator

    def __getattr__(self, name: str) -> Any:
        return getattr(self._generator, name)

    def set_env(self, name: str, environment: Any) -> None:
        """Do nothing: the caller's environment serves."""


class PartLibrary(EngineLibrary):
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


class EntryCompiler(compiler.Compiler):
    """Numba's compiler for functions that Python calls."""

    library: type[EngineLibrary] = EngineLibrary

    def compile_extra(self, function: Callable[..., Any]) -> Any:
        """Compile a function into a library of the engine's own kind."""
        self.state.library = self.library(self.state.targetctx.codegen(), function.__qualname__)
        self.state.library.enable_object_caching()
        running = gc.isenabled()
        gc.disable()
        try:
            return super().compile_extra(function)
        finally:
            if running:
                gc.enable()


class PartCompiler(EntryCompiler):
    """Numba's compiler for functions that only compiled code calls."""

    library = PartLibrary


class UsersLibrary(PartLibrary):
    """Code of a user's rule."""

    counts_from_end = True


class UsersCompiler(EntryCompiler):
    """Numba's compiler for users' rules."""

    library = UsersLibrary


def entry(function: Callable[..., Any], **options: Any) -> Any:
    """Return a dispatcher of ``function`` for Python, cached."""
    return numba.njit(cache=True, pipeline_class=EntryCompiler, **options)(function)


def part(function: Callable[..., Any], users: bool, **options: Any) -> Any:
    """Return a dispatcher of ``function``, the engine's or a user's, for compiled callers alone."""
    return numba.njit(pipeline_class=UsersCompiler if users else PartCompiler, no_cpython_wrapper=True,
                      no_cfunc_wrapper=True, **options)(function)


_fix_index = arrayobj.fix_integer_index


def _index_as_it_is(context: Any, builder: Any, kind: Any, index: Any, size: Any) -> Any:
    """Cast an index of the engine's code; treat that of any other code as Numba does."""
    library = context.active_code_library
    if isinstance(library, EngineLibrary) and not library.counts_from_end and kind.signed:
        return context.cast(builder, index, kind, types.intp)
    return _fix_index(context, builder, kind, index, size)


arrayobj.fix_integer_index = _index_as_it_is
