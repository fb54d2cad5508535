"""When Python's garbage collector looks for reference cycles, and when it needn't.

The collector looks at all young objects whenever a few hundred more have been made. Where many are
made that stay, or that are freed without it, it finds nothing, and takes a fair part of the time.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_PATIENCE = 100_000
"""New objects after which the collector looks at them, in place of the usual 700 or so."""


@contextmanager
def collector_paused(*, freezing: bool = False) -> Iterator[None]:
    """Collect no reference cycles meanwhile; afterwards, whatever happens, it is as it was.

    For what makes many objects that stay: a million nodes load in half the time.

    Args:
        freezing: whether all objects that there are by then are never looked at again, not even
            when Python ends: for modules, whose content stays.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if freezing:
            gc.freeze()
        gc.enable()


@contextmanager
def patient_collector() -> Iterator[None]:
    """Look for reference cycles seldom; afterwards, whatever happens, it is as it was.

    For a run, whose messages are freed without the collector, which would look at all those in
    flight whenever a few hundred more have been sent: a fifth of the run of a ring of 256 NPUs, and
    a fifth to a half of that of 512 on three dimensions.
    """
    young, *older = gc.get_threshold()
    if not 0 < young < _PATIENCE:  # 0 is never; or it is patient for another thread, which ends it
        yield
        return
    gc.set_threshold(_PATIENCE, *older)
    try:
        yield
    finally:
        gc.set_threshold(young, *older)
