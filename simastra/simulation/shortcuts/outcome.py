"""What comes of trying the shortcuts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simastra.result import LinkRecord, NodeRecord, NpuFinish
from simastra.shortcut_use import ShortcutUse
from simastra.units import NpuId


@dataclass(frozen=True, slots=True)
class ShortcutResult:
    """The outcome of a simulation, as a shortcut found it.

    Attributes:
        finishes: as of a Result.
        nodes: as of a Result.
        links: as of a Result.
        order_is_known: whether NPUs that finish in the same nanosecond are in ASTRA-sim's order.
        representative: the NPU that stands for an NPU, which does the same at the same times; None
            where every NPU may do otherwise.
    """

    finishes: tuple[NpuFinish, ...]
    nodes: Sequence[tuple[NodeRecord, ...]]
    links: Sequence[LinkRecord]
    order_is_known: bool
    representative: Callable[[NpuId], NpuId] | None = None


@dataclass(frozen=True, slots=True)
class ShortcutOutcome:
    """What came of trying the shortcuts.

    Attributes:
        outcome: of the simulation; None if all shortcuts were refused.
        uses: which were taken and which refused, and why.
    """

    outcome: ShortcutResult | None
    uses: tuple[ShortcutUse, ...]
