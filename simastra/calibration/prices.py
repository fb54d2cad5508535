"""What one run asks a calibration for: times at one edge of its bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import total_size
from simastra.units import Bytes, Ns

from .compute import ComputeModel
from .priced import BandEdge, CollectiveTime, Priced, whole_ns

_PENALTIES = {BandEdge.LOW: 0, BandEdge.MID: 1, BandEdge.HIGH: 2}


@runtime_checkable
class PricedTimes(Protocol):
    """What prices are taken from; a `simastra.calibration.Calibration`."""

    @property
    def compute(self) -> ComputeModel | None:
        """What is known of computations; None if nothing is."""

    @property
    def gpus_per_node(self) -> int:
        """So many consecutive NPUs are a node."""

    def collective(self, kind: CollectiveType, size: Bytes, npus: int, nodes: int = 1) -> Priced:
        """A collective's time with its band; `size` as nccl-tests counts it."""

    def parts(
        self,
        kind: CollectiveType,
        size: Bytes,
        npus: int,
        nodes: int = 1,
        edge: BandEdge = BandEdge.MID,
    ) -> CollectiveTime:
        """What its time at one edge consists of."""

    def send(self, size: Bytes, *, same_node: bool, edge: BandEdge = BandEdge.MID) -> Ns:
        """A message's time."""


@dataclass(frozen=True, slots=True)
class Prices:
    """A calibration at one edge of its bands.

    Attributes:
        times: the calibration.
        edge: which edge.
        computes: whether NPUs compute beside communicating, as in training.
    """

    times: PricedTimes
    edge: BandEdge = BandEdge.MID
    computes: bool = False

    @property
    def gpus_per_node(self) -> int:
        """So many consecutive NPUs are a node."""
        return self.times.gpus_per_node

    @property
    def peak_tflops(self) -> float | None:
        """What a GPU can do at most; None where nothing is known of computations."""
        known = self.times.compute
        return known.section.peak_tflops if known else None

    @property
    def contention_penalty(self) -> int:
        """What is lost to collectives that use the same links, in what equal parts of them cost.

        Nobody has published a measurement of that: between nothing and twice as much, then.
        """
        return _PENALTIES[self.edge]

    @property
    def _slowdown(self) -> float:
        """Factor on collectives: computations have a part of memory and of multiprocessors."""
        known = self.times.compute
        return known.section.collectives_in_training if known and self.computes else 1.0

    def at(self, edge: BandEdge) -> Prices:
        """The same at another edge."""
        return replace(self, edge=edge)

    def nodes_of(self, npus: Sequence[int]) -> int:
        """In how many nodes NPUs are."""
        return len({npu // self.gpus_per_node for npu in npus})

    def same_node(self, one: int, other: int) -> bool:
        """Whether two NPUs are in one node."""
        return one // self.gpus_per_node == other // self.gpus_per_node

    def priced(self, kind: CollectiveType, size: Bytes, npus: int, nodes: int) -> Priced:
        """A collective's time with its band, and how it is known.

        Args:
            kind: which collective.
            size: as its ET node gives it.
            npus: how many take part.
            nodes: in how many nodes they are.

        Raises:
            InputError: if the calibration knows nothing of such a collective.
        """
        return self.times.collective(kind, total_size(kind, size, npus), npus, nodes)

    def collective(
        self, kind: CollectiveType, size: Bytes, npus: int, nodes: int
    ) -> CollectiveTime:
        """What a collective's time at this edge consists of; arguments as of `priced`.

        Raises:
            InputError: as there.
        """
        total, factor = total_size(kind, size, npus), self._slowdown
        alone = self.times.parts(kind, total, npus, nodes, self.edge)
        return alone if factor == 1 else _times(alone, factor)

    def computation(self, duration: Ns) -> Ns:
        """A computation's time at this edge, of its middle one."""
        known = self.times.compute
        if known is None or self.edge is BandEdge.MID:
            return duration
        return whole_ns(duration * known.factor(self.edge))

    def roofline(self, num_ops: int, tensor_size: Bytes) -> Ns | None:
        """A computation's time of which that alone is known; None if nothing is of computations."""
        known = self.times.compute
        return None if known is None else known.roofline(num_ops, tensor_size)

    def send(self, src: int, dst: int, size: Bytes) -> Ns:
        """A message's time at this edge."""
        return self.times.send(size, same_node=self.same_node(src, dst), edge=self.edge)


def _times(alone: CollectiveTime, factor: float) -> CollectiveTime:
    """So many times as long, in all of its parts."""
    total = whole_ns(alone.total * factor)
    latency = min(whole_ns(alone.launch_and_hops * factor), total)
    protocol = min(whole_ns(alone.protocol * factor), total - latency)
    return CollectiveTime(total, latency, protocol, total - latency - protocol)
