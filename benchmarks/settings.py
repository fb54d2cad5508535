"""What the command line asks of a benchmark."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """How to measure.

    Attributes:
        quick: whether small sizes, measured once, will do.
        works: names of works or of families of works; empty for all.
        reference: ASTRA-sim's binaries, by backend: ``aware`` and ``unaware``; and those of its
            master, which alone reads process groups: ``master-aware`` and ``master-unaware``.
        time_limit: seconds after which a run is given up.
    """

    quick: bool = False
    works: tuple[str, ...] = ()
    reference: Mapping[str, Path] = field(default_factory=dict)
    time_limit: float = 600
