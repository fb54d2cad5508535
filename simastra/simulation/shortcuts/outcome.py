"""What comes of trying the shortcuts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simastra.result import LinkRecord, NodeRecord, NpuFinish
from simastra.shortcut_use import ShortcutUse


@dataclass(frozen=True, slots=True)
class ShortcutResult:
    """The outcome of a simulation, as a shortcut found it.

    Attributes:
        finishes: as of a Result.
        nodes: as of a Result.
        links: as of a Result.
        order_is_known: whether NPUs that finish in the same nanosecond are in ASTRA-sim's order.
    """

    finishes: tuple[NpuFinish, ...]
    nodes: Sequence[tuple[NodeRecord, ...]]
    links: Sequence[LinkRecord]
    order_is_known: bool


@dataclass(frozen=True, slots=True)
class ShortcutOutcome:
    """What came of trying the shortcuts.

    Attributes:
        outcome: of the simulation; None if all shortcuts were refused.
        uses: which were taken and which refused, and why.
    """

    outcome: ShortcutResult | None
    uses: tuple[ShortcutUse, ...]
