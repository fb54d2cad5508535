"""Whether a trace's nodes are worth being columns: nothing of numba or numpy is loaded to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.jit.installed import is_installed, is_off
from simastra.units import Bytes, MiB

if TYPE_CHECKING:
    from . import kept
else:  # short files ask for nothing that is kept
    kept = deferred("simastra.trace.columns.kept")

LOADING: Bytes = 2 * MiB
"""Of so many bytes of files, some 20,000 nodes, objects take as long as it takes to load NumPy and
the kernel, some 0.12 s of processor time."""

COMPILING: Bytes = 64 * MiB
"""Of so many they take as long as it takes to compile the kernel, which is done once: some 3 s."""


def is_worth(size: Bytes) -> bool:
    """Whether files of so many bytes, all together, are worth it."""
    if size <= LOADING or not is_installed() or is_off():
        return False
    return size > COMPILING or kept.DECODE.is_kept
