"""A function that is compiled once, and then loaded in a twentieth of a second."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from simastra.deferred import deferred

from .installed import OFF, is_off
from .place import CachePlace

if TYPE_CHECKING:
    from . import emitting, native
else:  # which need llvmlite, and numba
    emitting = deferred("simastra.jit.emitting")
    native = deferred("simastra.jit.native")


class KeptFunction:
    """A function of whole numbers of 8 bytes, addresses for instance, that returns one.

    Args:
        place: where it is kept.
        numbers: how many it takes.
        make: makes it, by `emitting.lean`; only asked where nothing is kept. It must allocate
            nothing, and what it raises is told to nobody: the call fails.

    Attributes:
        place: where it is kept.
    """

    def __init__(self, place: CachePlace, numbers: int, make: Callable[[], Any]) -> None:
        self.place = place
        self._numbers = numbers
        self._make = make

    @property
    def is_kept(self) -> bool:
        """Whether it need not be compiled, as far as that is known without loading anything."""
        return self.place.is_kept()

    def load(self) -> None:
        """Have it ready.

        Raises:
            Exception: of any kind, where numba or its libraries are not what they should be.
        """
        _ = self._native

    def __call__(self, *numbers: int) -> int:
        """Call it.

        Raises:
            CallFailedError: if it raises something.
        """
        return self._native(*numbers)

    @cached_property
    def _native(self) -> native.Native:
        if is_off():
            raise ImportError(f"it is told to compile nothing ({OFF})")
        processor = native.processor()
        for kept in self.place.read(processor):
            code = native.Code.unpacked(kept)
            if code is not None:
                return native.linked(code, self._numbers)
        code = emitting.emitted(self._make(), self._numbers)
        self.place.keep(processor, code.packed())
        return native.linked(code, self._numbers)
