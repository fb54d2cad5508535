"""The bytes that nodes send for certain, and the time that ports need for them at the least.

Certain beyond rounding: ASTRA-sim cuts sizes to whole bytes where they don't divide, and the time
of each message on a link to whole ns (behaviour 3.3, 4.1), so that many small messages are faster
than their bytes. What may be lost so is left out here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import partial

from simastra.simulation.experiment import Experiment
from simastra.units import NpuId
from simastra.workload import Collective, Program

from .communicating import ByKind
from .plan import Planned, plan
from .ports import PortLoads, Span, ports_of
from .traffic import LeastTraffic, TrafficBounds


@dataclass(frozen=True, slots=True)
class CertainTraffic:
    """What nodes of a kind send and receive at the least, in bytes, less what rounding may hide.

    Attributes:
        sent: by the NPU.
        received: by it.
        span: the dimensions along which its messages go.
        least: the same traffic, as its bytes have it.
        planned: what its algorithm makes of a collective; None for a message.
    """

    sent: float
    received: float
    span: Span
    least: LeastTraffic
    planned: Planned | None


@dataclass(frozen=True, slots=True)
class _Hidden:
    """How many bytes rounding may hide of what each member of an uneven collective sends and
    receives."""

    sent: defaultdict[NpuId, float] = field(default_factory=lambda: defaultdict(float))
    received: defaultdict[NpuId, float] = field(default_factory=lambda: defaultdict(float))


class CertainTrafficOf:
    """Knows the certain traffic of messages, and of collectives whose members send evenly.

    Args:
        experiment: what is simulated.
        least: knows the least traffic of its nodes, where somebody has asked for that already.
    """

    def __init__(self, experiment: Experiment, least: TrafficBounds | None = None) -> None:
        self._platform = experiment.platform
        self._least = least or TrafficBounds(experiment)
        self._planned: dict[Hashable, Planned] = {}
        self._of_parts: dict[Hashable, _Hidden] = {}
        self.ports: PortLoads = ports_of(experiment.platform)

    def of(self, npu: NpuId, program: Program) -> ByKind[CertainTraffic]:
        """The nodes of an NPU that send or receive something for certain."""
        return self._least.of(npu, program).told(partial(self._certain, npu))

    def _certain(self, npu: NpuId, it: LeastTraffic) -> CertainTraffic | None:
        if not it.is_equal:
            return None
        operation, planned, sent, received = it.operation, None, it.sent, it.received
        if operation is not None:
            planned = self._plan(npu, operation, len(it.members))
            if operation.parts is None:  # sizes that don't divide are cut
                sent = min(sent, planned.size)
                received = min(received, planned.size * it.spread)
                lost = self._hidden(planned, it.spread)
            else:
                of_all = self._hidden_of_parts(operation, it.members)
                lost = of_all.sent[npu], of_all.received[npu]
        else:  # a message goes one way
            lost = (self.ports.hidden(round(it.sent + it.received)),) * 2
        least = max(0.0, sent - lost[0]), max(0.0, received - lost[1])
        return CertainTraffic(*least, self.ports.span(it.members), it, planned)

    def _hidden(self, planned: Planned, spread: int) -> tuple[float, float]:
        """How many bytes rounding may hide of what a member sends and receives."""
        lost = planned.chunks * sum(
            count * self.ports.hidden(size)
            for _, sends in planned.phases
            for (_, size), count in sends.messages.items()
        )
        return lost, lost * spread

    def _hidden_of_parts(self, operation: Collective, members: Sequence[NpuId]) -> _Hidden:
        """The same of all members where chunks differ: of every message what a link carries in a ns
        at the most. The last chunk has most messages, since its parts are the largest."""
        key = operation.parts, tuple(members)
        if key not in self._of_parts:
            hidden = self._of_parts[key] = _Hidden()
            for member in members:
                planned = plan(self._platform, member, operation, of_last_chunk=True)
                for _, sends in planned.phases:
                    for (to, size), count in sends.messages.items():
                        lost = planned.chunks * count * min(size, self.ports.fastest)
                        hidden.sent[member] += lost
                        hidden.received[to] += lost
        return self._of_parts[key]

    def _plan(self, npu: NpuId, operation: Collective, members: int) -> Planned:
        # All teams of a size do as much, where their algorithms send evenly, and parts are equal.
        alone = None if operation.parts is None else (operation.parts, npu)
        key = operation.kind, operation.size, operation.involved, members, alone
        planned = self._planned.get(key)
        if planned is None:
            planned = self._planned[key] = plan(self._platform, npu, operation)
        return planned

    def ports_need(self, npu: NpuId, traffic: ByKind[CertainTraffic]) -> float:
        """For how long the links of an NPU are busy with its traffic, in ns, at the least."""
        return max(self.needs(npu, traffic.kinds, traffic.which))

    def needs(
        self, npu: NpuId, traffic: Sequence[CertainTraffic], which: Sequence[int] | None = None
    ) -> tuple[float, float]:
        """The same of those that leave it, and of those that come to it.

        Along the dimensions where that is longest: what goes along some of them has no other links.

        Args:
            npu: whose.
            traffic: its kinds.
            which: of each node, the place of its kind; where it is left out, each kind has one.
        """
        each = range(len(traffic)) if which is None else which
        sums: dict[Span, list[float]] = {}
        for span in {it.span for it in traffic}:
            own = [it if it.span == span else None for it in traffic]
            sent = [0.0 if it is None else it.sent for it in own]
            received = [0.0 if it is None else it.received for it in own]
            sums[span] = [sum(map(it.__getitem__, each), 0.0) for it in (sent, received)]
        if not sums:
            return 0.0, 0.0
        needs = [
            self._needs(npu, span, [total for own, total in sums.items() if own <= span])
            for span in {*sums, frozenset[int]().union(*sums)}
        ]
        return max(sent for sent, _ in needs), max(received for _, received in needs)

    def _needs(
        self, npu: NpuId, span: Span, totals: Sequence[Sequence[float]]
    ) -> tuple[float, float]:
        sent, received = map(sum, zip(*totals, strict=True))
        return sent / self.ports.sending(npu, span), received / self.ports.receiving(npu, span)
