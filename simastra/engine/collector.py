"""Python's garbage collector, patient while a simulation runs."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_PATIENCE = 100_000
"""New objects after which the collector looks at them, in place of the usual 700 or so."""


@contextmanager
def patient_collector() -> Iterator[None]:
    """Look for reference cycles seldom; afterwards, whatever happens, it is as it was.

    The model's messages are freed without the collector, which would look at all those in flight
    whenever a few hundred more have been sent: a fifth of the run of a ring of 256 NPUs, and a
    fifth to a half of that of 512 on three dimensions.
    """
    young, *older = gc.get_threshold()
    if 0 < young < _PATIENCE:  # 0 is never
        gc.set_threshold(_PATIENCE, *older)
    try:
        yield
    finally:
        gc.set_threshold(young, *older)
