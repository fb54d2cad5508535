"""Lets a move stop between two events while somebody waits: a request, or who looks at progress."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from simastra.debug.stepper import Stepper

from .client import Progress
from .inbox import Inbox

_SECONDS_BETWEEN_LOOKS = 0.02


@contextmanager
def interrupting(
    stepper: Stepper, inbox: Inbox, progress: Progress | None = None, *, urgent: bool = False
) -> Iterator[None]:
    """Interrupt moves of a stepper meanwhile.

    Args:
        stepper: whose.
        inbox: for what arrives there.
        progress: for it to be updated when it is time; None for nobody.
        urgent: whether only for requests that end what is being done.
    """
    over = Event()

    def look() -> None:
        while not over.wait(_SECONDS_BETWEEN_LOOKS):
            is_due = progress is not None and progress.is_due
            if stepper.can_be_interrupted and (is_due or inbox.has(urgent=urgent)):
                stepper.interrupt()

    watcher = Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
