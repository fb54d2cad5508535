"""What receives records of what the model does.

The model never prints, logs or counts. It tells a probe; reports, timelines and the debugger are
probes. All times are in ns.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from simastra.units import Bytes, NpuId, Ns

if TYPE_CHECKING:
    from simastra.trace import Node


class Probe:
    """Hears everything and does nothing with it: override what you want to hear."""

    def node_issued(self, npu: NpuId, node: Node, time: Ns) -> None:
        """`npu` began `node`. Nodes that take no time at all (skipped ones) are not told."""

    def node_finished(self, npu: NpuId, node: Node, time: Ns) -> None:
        """`npu` finished `node`."""

    def npu_finished(self, npu: NpuId, time: Ns) -> None:
        """`npu` has finished the last node of its trace."""

    def transmission(self, src: int, dst: int, size: Bytes, start: Ns, end: Ns) -> None:
        """The link from device `src` to device `dst` was busy with one message.

        Devices are NPUs, by their ids, and switches, numbered after the NPUs.
        """


class ProbeFan(Probe):
    """Tells each of several probes, in their order.

    Args:
        probes: those to tell from the start.
    """

    def __init__(self, probes: Iterable[Probe]) -> None:
        self.probes: list[Probe] = []
        for probe in probes:
            self.add(probe)

    def add(self, probe: Probe) -> None:
        """Tell `probe` too, from now on."""
        self.probes.append(probe)

    def node_issued(self, npu: NpuId, node: Node, time: Ns) -> None:
        """Tell all."""
        for probe in self.probes:
            probe.node_issued(npu, node, time)

    def node_finished(self, npu: NpuId, node: Node, time: Ns) -> None:
        """Tell all."""
        for probe in self.probes:
            probe.node_finished(npu, node, time)

    def npu_finished(self, npu: NpuId, time: Ns) -> None:
        """Tell all."""
        for probe in self.probes:
            probe.npu_finished(npu, time)

    def transmission(self, src: int, dst: int, size: Bytes, start: Ns, end: Ns) -> None:
        """Tell all."""
        for probe in self.probes:
            probe.transmission(src, dst, size, start, end)
