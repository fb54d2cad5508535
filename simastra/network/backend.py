"""What a name of the table of backends stands for: how it is made, and what may be relied upon."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from simastra.config import NetworkConfig
from simastra.engine import Environment, Probe

from .base import Network
from .grid import Grid

MakeNetwork: TypeAlias = Callable[[Environment, NetworkConfig, Grid, Probe], Network]
"""Makes a backend for a network of that configuration and shape."""


class Queueing(Enum):
    """Where messages wait for each other. What is said here counts for all NPUs alike."""

    NOWHERE = auto()
    """What a message takes follows from its size and the links of its way."""

    AT_LINKS = auto()
    """At the links of their way, first come first served, and nowhere else."""


@dataclass(frozen=True, slots=True)
class Backend:
    """A network backend as the table has it. What it doesn't declare, nobody relies upon.

    Attributes:
        make: makes it.
        queueing: where messages wait for each other; None where that isn't known. Whatever may
            then be simulated is simulated event by event.
        is_exact: whether a message that meets no other takes just as long as the links of its way
            say; elsewhere it takes that long or longer.
    """

    make: MakeNetwork
    queueing: Queueing | None = None
    is_exact: bool = False

    @classmethod
    def of(cls, entry: Backend | MakeNetwork) -> Backend:
        """An entry of a table; of a bare function nothing is known but what it makes."""
        return entry if isinstance(entry, Backend) else cls(entry)
