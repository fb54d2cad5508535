"""Machine code: called by ctypes, and as it lies in a file."""

from __future__ import annotations

from collections.abc import Callable
from ctypes import CFUNCTYPE, byref, c_int32, c_int64, c_void_p
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias

from simastra.deferred import deferred

from .failed import CallFailedError

if TYPE_CHECKING:
    import llvmlite.binding as llvm  # type: ignore[import-untyped]  # it says none
else:
    llvm = deferred("llvmlite.binding")

_DIGEST = 32
"""Bytes of one."""

_SUCCESS = 0


Native: TypeAlias = Callable[..., int]
"""A function of whole numbers of 8 bytes.

Raises:
    CallFailedError: if it does.
"""


@dataclass(frozen=True, slots=True)
class Code:
    """An object file.

    Attributes:
        entry: the function's symbol.
        binary: the file.
    """

    entry: str
    binary: bytes

    def packed(self) -> bytes:
        """As it is kept: nobody should call code of which a part is missing."""
        content = self.entry.encode() + b"\0" + self.binary
        return sha256(content).digest() + content

    @classmethod
    def unpacked(cls, kept: bytes) -> Code | None:
        """What was kept; None if it is damaged."""
        digest, content = kept[:_DIGEST], kept[_DIGEST:]
        if sha256(content).digest() != digest:
            return None
        entry, _, binary = content.partition(b"\0")
        return cls(entry.decode(), binary)


def processor() -> str:
    """What code for this processor is good for."""
    return " ".join((llvm.get_process_triple(), llvm.get_host_cpu_name(), features()))


def features() -> str:
    """What this processor can do beyond its kind; empty where that can't be told."""
    try:
        found: str = llvm.get_host_cpu_features().flatten()
    except RuntimeError:
        return ""
    return found


def target_machine() -> Any:
    """What makes machine code for this process, as numba has it."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_triple(llvm.get_process_triple())
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=features(),
        opt=3,
        reloc="static" if target.name.startswith("x86") else "default",
        jit=True,
    )


def linked(code: Code, numbers: int) -> Native:
    """Make machine code callable, which lets other threads run meanwhile.

    Args:
        code: of a function that allocates nothing, by numba's own convention: it returns a status,
            and takes where its result goes, where what it raises goes, and its arguments.
        numbers: how many these are.
    """
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target_machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code.binary))
    engine.finalize_object()
    address = engine.get_function_address(code.entry)
    function = CFUNCTYPE(c_int32, c_void_p, c_void_p, *[c_int64] * numbers)(address)

    def call(*arguments: int) -> int:
        result, raised = c_int64(), c_void_p()
        if function(byref(result), byref(raised), *arguments) != _SUCCESS:
            raise CallFailedError
        return result.value

    call.__dict__["engine"] = engine  # the code is there for as long as it is
    return call
