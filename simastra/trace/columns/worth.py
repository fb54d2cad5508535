"""Whether a trace's nodes are worth being columns: nothing of numba or numpy is loaded to know."""

from pathlib import Path

from simastra.jit.installed import is_installed, is_kept, is_off
from simastra.units import Bytes, MiB

LOADING: Bytes = 10 * MiB
"""Of so many bytes of files, some 100,000 nodes, objects take as long as it takes to load numba and
the kernel, some 0.4 s of processor time."""

COMPILING: Bytes = 64 * MiB
"""Of so many they take as long as it takes to compile the kernel, which is done once: some 3 s."""


def is_worth(size: Bytes) -> bool:
    """Whether files of so many bytes, all together, are worth it."""
    if size <= LOADING or not is_installed() or is_off():
        return False
    return size > COMPILING or is_kept(
        Path(__file__).with_name("kernel.py"), "_decode.locals.decode"
    )
