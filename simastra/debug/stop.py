"""Where a move of the stepper ended."""

from __future__ import annotations

from dataclasses import dataclass

from simastra.engine import ModelEvent
from simastra.units import Ns
from simastra.view.devices import DeviceNames

from .numbered_breakpoints import Hit
from .shown import shown

_NUMBERS = DeviceNames(0)


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a move ended, and why.

    Attributes:
        position: how many events have been executed.
        time: the simulated time.
        happened: what the last event did; what all events of the nanosecond did, after a `tick`.
        hits: the breakpoints that stopped it, none if the move came to where it was to end.
        upcoming: what the next event is, in words.
        ended: whether nothing can happen any more.
        interrupted: whether `Stepper.interrupt` was called.
        device_names: what devices are called.
    """

    position: int
    time: Ns
    happened: tuple[ModelEvent, ...]
    hits: tuple[Hit, ...]
    upcoming: str
    ended: bool
    interrupted: bool
    device_names: DeviceNames = _NUMBERS

    def _repr_html_(self) -> str:
        return shown(self)
