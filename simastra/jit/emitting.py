"""From a function that numba has compiled to machine code of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from numba import njit, types

from simastra.deferred import deferred

from .native import Code, target_machine

if TYPE_CHECKING:
    import llvmlite.binding as llvm  # type: ignore[import-untyped]  # it says none
else:
    llvm = deferred("llvmlite.binding")

Function = TypeVar("Function", bound=Callable[..., object])

_OF_EVERY_PROCESS = ("llvm.", "memset", "memcpy", "memmove")
"""How the names of those begin that any machine code may call."""


def lean(function: Function) -> Function:
    """Let numba compile a function for machine code alone: Python can't call it, nor holds it up.

    Errors of numbers are NumPy's, not exceptions. To compile it takes a sixth less.
    """
    settings: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    made: Function = njit(nogil=True, error_model="numpy", **settings)(function)
    return made


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
