"""What a client's ``launch`` comes to: whoever starts the adapter says how inputs are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from simastra.simulation import Simulation
from simastra.trace import LoadingWatch

from .framing import JsonObject


@dataclass(frozen=True, slots=True)
class Launched:
    """What is to be debugged, and how.

    Attributes:
        simulation: it.
        notices: what is doubtful in its inputs, to be shown.
        commands: of the prompt, carried out before anything happens.
        stop_on_entry: whether to stop before the first event.
        stop_at_end: whether to stay at the end, from where one can go back.
    """

    simulation: Simulation
    notices: Sequence[str] = ()
    commands: Sequence[str] = ()
    stop_on_entry: bool = True
    stop_at_end: bool = True


Launch: TypeAlias = Callable[[JsonObject, LoadingWatch], Launched]
"""Reads what a client gives for ``launch``; raises InputError. Is told how far loading is."""
