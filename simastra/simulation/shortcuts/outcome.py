"""What comes of trying the shortcuts."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from simastra.result import LinkRecord, NodeRecord, NpuFinish
from simastra.shortcut_use import ShortcutUse
from simastra.units import NpuId

if TYPE_CHECKING:
    from .fold import FoldedRun


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
        folded: the representatives' run, where the order of its events was taken down.
    """

    finishes: tuple[NpuFinish, ...]
    nodes: Sequence[Sequence[NodeRecord]]
    links: Sequence[LinkRecord]
    order_is_known: bool
    representative: Callable[[NpuId], NpuId] | None = None
    folded: FoldedRun | None = None


@dataclass(frozen=True, slots=True)
class ShortcutOutcome:
    """What came of trying the shortcuts.

    Attributes:
        outcome: of the simulation; None if all shortcuts were refused.
        uses: which were taken and which refused, and why.
    """

    outcome: ShortcutResult | None
    uses: tuple[ShortcutUse, ...]


class LazyNodes(Sequence[Sequence[NodeRecord]]):
    """For each NPU its nodes; the records are made when somebody looks at them.

    Args:
        npus: number of NPUs.
    """

    def __init__(self, npus: int) -> None:
        self._npus = npus

    def __len__(self) -> int:
        return self._npus

    @overload
    def __getitem__(self, index: int) -> Sequence[NodeRecord]: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Sequence[NodeRecord]]: ...

    def __getitem__(
        self, index: int | slice
    ) -> Sequence[NodeRecord] | Sequence[Sequence[NodeRecord]]:
        npus = range(len(self))[index]
        return self._of(npus) if isinstance(npus, int) else tuple(map(self._of, npus))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __reduce__(self) -> tuple[object, ...]:
        return tuple, (tuple(self),)  # what it is made from need not go with a result

    @abstractmethod
    def _of(self, npu: NpuId) -> Sequence[NodeRecord]:
        """The nodes of an NPU."""
