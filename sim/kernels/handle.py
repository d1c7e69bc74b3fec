"""A handle: many arrays that compiled code receives as one address.

Numba hands a tuple of arrays from function to function as hundreds of separate values, and every
small rule would be compiled with all of them. A handle is one integer, the address of a table of
addresses and shapes; ``w.orgs`` is read from it where it is used. In plain Python (JIT off) it is
an object with the same attributes.

A field is an array (C order), a NumPy record, a 64-bit word or a bool. The kinds of a class of
handles are fixed by the first one that is made; another kind in the same field is a TypeError.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.imputils import impl_ret_borrowed
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import NativeValue, lower_getattr_generic, register_model, typeof_impl, unbox
from numba.np.arrayobj import make_array, populate_array

WORD = ir.IntType(64)
WORDS = 5  # of each field in the table: address (or value), two of shape, two of strides


class HandleType(types.Type):
    """Numba's type of one class of handles: the names and types of its fields."""

    def __init__(self, fields: tuple[tuple[str, Any], ...]) -> None:
        self.fields = fields
        text = " ".join(f"{name}:{kind}" for name, kind in fields)
        super().__init__(name=f"Handle_{hashlib.sha256(text.encode()).hexdigest()[:16]}")

    def find(self, name: str) -> tuple[int, Any]:
        """Return place and type of a field, or (-1, None)."""
        for place, (field, kind) in enumerate(self.fields):
            if field == name:
                return place, kind
        return -1, None


class Handle:
    """Base of handles; a subclass sets ``_fields``. Values are given in that order."""

    _fields: tuple[str, ...] = ()
    _kind: HandleType | None = None
    _shapes: tuple[tuple[Any, ...], ...] = ()

    def __init__(self, *values: Any) -> None:
        cls = type(self)
        shapes = tuple(_shape(value) for value in values)
        if cls._kind is None:
            kinds = tuple((name, numba.typeof(value)) for name, value in zip(cls._fields, values, strict=True))
            cls._kind, cls._shapes = HandleType(kinds), shapes
        if shapes != cls._shapes:
            wrong = [name for name, a, b in zip(cls._fields, shapes, cls._shapes, strict=True) if a != b]
            raise TypeError(f"{cls.__name__}: another kind of array than before in {', '.join(wrong)}")
        self._numba_type_ = cls._kind
        self.values = values
        self._table = np.zeros((len(values), WORDS), np.uint64)
        for row, name, value in zip(self._table, cls._fields, values, strict=True):
            setattr(self, name, value)
            _enter(row, value)
        self._address = self._table.ctypes.data


def _shape(value: Any) -> tuple[Any, ...]:
    if isinstance(value, np.ndarray):
        return value.ndim, value.dtype.itemsize, value.dtype.kind, value.flags.c_contiguous
    return (type(value).__name__, value.dtype.itemsize) if isinstance(value, np.void) else (type(value).__name__,)


def _enter(row: Any, value: Any) -> None:
    """Write the address and shape of an array, the address of a record, or a word."""
    if isinstance(value, np.ndarray):
        row[0] = value.ctypes.data
        row[1 : 1 + value.ndim] = value.shape
        row[3 : 3 + value.ndim] = value.strides
    elif isinstance(value, np.void):
        owner: Any = value.base  # the array of one row that the record is a view of
        row[0] = owner.ctypes.data
    else:
        row[0] = int(value)


@typeof_impl.register(Handle)
def _typeof(value: Handle, context: Any) -> Any:
    return value._numba_type_


@register_model(HandleType)
class _Model(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, WORD)


@unbox(HandleType)
def _unbox(kind: Any, value: Any, c: Any) -> Any:
    address = c.pyapi.object_getattr_string(value, "_address")
    native = c.pyapi.long_as_longlong(address)
    c.pyapi.decref(address)
    return NativeValue(native, is_error=cgutils.is_not_null(c.builder, c.pyapi.err_occurred()))


@infer_getattr
class _Attributes(AttributeTemplate):
    key = HandleType

    def generic_resolve(self, kind: Any, name: str) -> Any:
        return kind.find(name)[1]


@lower_getattr_generic(HandleType)
def _getattr(context: Any, builder: Any, kind: Any, value: Any, name: str) -> Any:
    place, field = kind.find(name)
    table = builder.inttoptr(value, WORD.as_pointer())

    def word(number: int) -> Any:
        loaded = builder.load(builder.gep(table, [ir.Constant(WORD, place * WORDS + number)]))
        loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
        return loaded

    if isinstance(field, types.Array):
        result = _array(context, builder, field, word)
    elif isinstance(field, types.Record):
        result = builder.inttoptr(word(0), context.get_value_type(field))
    elif isinstance(field, types.Boolean):
        result = builder.trunc(word(0), ir.IntType(1))
    else:
        result = word(0)
    return impl_ret_borrowed(context, builder, field, result)


def _array(context: Any, builder: Any, field: Any, word: Any) -> Any:
    array = make_array(field)(context, builder)
    size = context.get_abi_sizeof(context.get_data_type(field.dtype))
    populate_array(array, data=builder.inttoptr(word(0), array.data.type),
                   shape=[word(1 + axis) for axis in range(field.ndim)],
                   strides=[word(3 + axis) for axis in range(field.ndim)],
                   itemsize=context.get_constant(types.intp, size),
                   meminfo=None)
    return array._getvalue()
