"""From a function that numba has compiled to machine code of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from numba import njit, types
from numba.extending import intrinsic
from numba.np import arrayobj

from simastra.deferred import deferred

from .native import Code, target_machine

if TYPE_CHECKING:
    import llvmlite.binding as llvm  # type: ignore[import-untyped]  # it says none
else:
    llvm = deferred("llvmlite.binding")

Function = TypeVar("Function", bound=Callable[..., object])

_OF_EVERY_PROCESS = ("llvm.", "memset", "memcpy", "memmove")
"""How the names of those begin that any machine code may call."""


def lean(function: Function, **further: object) -> Function:
    """Let numba compile a function for machine code alone: Python can't call it, nor holds it up.

    Errors of numbers are NumPy's, not exceptions. To compile it takes a sixth less.

    Args:
        function: which.
        further: settings of numba's.
    """
    settings: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, **further}
    made: Function = njit(nogil=True, error_model="numpy", **settings)(function)
    return made


def array_at(dtype: types.Type, dimensions: int) -> Callable[..., Any]:
    """What a compiled function has arrays by: of an address and of how large each dimension is.

    Args:
        dtype: numba's, of their items.
        dimensions: how many, one or two.
    """
    kind = types.Array(dtype, dimensions, "C")
    arrays: Any = arrayobj  # which has no types

    def at(_typing: Any, _address: Any, _rows: Any, _columns: Any) -> Any:
        def code(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
            array, shape = arrays.make_array(kind)(context, builder), args[1 : 1 + dimensions]
            size = context.get_constant(
                types.intp, context.get_abi_sizeof(context.get_data_type(dtype))
            )
            strides = [builder.mul(size, shape[-1]), size][-dimensions:]
            data = builder.inttoptr(args[0], context.get_data_type(dtype).as_pointer())
            arrays.populate_array(array, data, shape, strides, size, meminfo=None)
            return array._getvalue()

        return kind(types.int64, types.int64, types.int64), code

    made: Any = intrinsic(at)  # numba's types forget what it does
    making: Callable[..., Any] = made
    return making


def emitted(function: Any, numbers: int) -> Code:
    """Compile a function for numbers of 8 bytes.

    Args:
        function: by `lean`, not compiled yet.
        numbers: how many it takes.

    Raises:
        ImportError: if its code needs something that numba has in memory.
    """
    signature = (types.int64,) * numbers
    function.compile(signature)
    module = llvm.parse_assembly(function.inspect_llvm(signature))
    for called in module.functions:
        if called.is_declaration and not called.name.startswith(_OF_EVERY_PROCESS):
            raise ImportError(f"what it compiles needs {called.name}")
    entry = function.overloads[signature].fndesc.llvm_func_name
    return Code(entry, target_machine().emit_object(module))
