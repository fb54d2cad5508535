"""The kernel as machine code that is kept."""

from pathlib import Path
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.jit.function import KeptFunction
from simastra.jit.place import CachePlace

if TYPE_CHECKING:
    from . import kernel
else:  # which needs numba
    kernel = deferred("simastra.trace.columns.kernel")

_HERE = Path(__file__).parent

DECODE = KeptFunction(
    CachePlace("kernel", _HERE, (_HERE / "kernel.py", _HERE / "tables.py")),
    numbers=3,
    make=lambda: kernel.decode,
)
"""The kernel (`kernel.decode`)."""
