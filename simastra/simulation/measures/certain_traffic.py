"""The bytes that nodes send for certain, and the time that ports need for them at the least.

Certain beyond rounding: ASTRA-sim cuts sizes to whole bytes where they don't divide, and the time
of each message on a link to whole ns (behaviour 3.3, 4.1), so that many small messages are faster
than their bytes. What may be lost so is left out here.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from simastra.simulation.experiment import Experiment
from simastra.trace import Node
from simastra.units import NpuId
from simastra.workload import Collective, Program

from .plan import Planned, plan
from .ports import Ports, Span, ports_of
from .traffic import LeastTraffic, TrafficBounds


@dataclass(frozen=True, slots=True)
class CertainTraffic:
    """What a node sends and receives at the least, in bytes, less what rounding may hide.

    Attributes:
        node: which.
        sent: by the NPU.
        received: by it.
        span: the dimensions along which its messages go.
        least: the same traffic, as its bytes have it.
        planned: what its algorithm makes of a collective; None for a message.
    """

    node: Node
    sent: float
    received: float
    span: Span
    least: LeastTraffic
    planned: Planned | None


class CertainTrafficOf:
    """Knows the certain traffic of messages, and of collectives whose members send evenly.

    Args:
        experiment: what is simulated.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._platform = experiment.platform
        self._least = TrafficBounds(experiment)
        self._planned: dict[Hashable, Planned] = {}
        self.ports: Ports = ports_of(experiment.platform)

    def of(self, npu: NpuId, program: Program) -> Iterator[CertainTraffic]:
        """The nodes of an NPU that send or receive something for certain."""
        for it in self._least.of(npu, program):
            if not it.is_equal:
                continue
            operation = program.operations[program.graph.index_of(it.node)]
            planned, sent, received = None, it.sent, it.received
            if isinstance(operation, Collective):
                planned = self._plan(npu, operation, len(it.members))
                if operation.parts is None:  # sizes that don't divide are cut
                    sent = min(sent, planned.size)
                    received = min(received, planned.size * it.spread)
            lost = self._hidden(it, planned)
            yield CertainTraffic(
                it.node,
                max(0.0, sent - lost),
                max(0.0, received - lost * it.spread),
                self.ports.span(it.members),
                it,
                planned,
            )

    def _hidden(self, it: LeastTraffic, planned: Planned | None) -> float:
        """How many bytes rounding may hide."""
        if planned is None:
            return self.ports.hidden(round(it.sent + it.received))  # a message goes one way
        return planned.chunks * sum(
            count * self.ports.hidden(size)
            for _, sends in planned.phases
            for (_, size), count in sends.messages.items()
        )

    def _plan(self, npu: NpuId, operation: Collective, members: int) -> Planned:
        # All teams of a size do as much, where their algorithms send evenly, and parts are equal.
        alone = None if operation.parts is None else (operation.parts, npu)
        key = operation.kind, operation.size, operation.involved, members, alone
        planned = self._planned.get(key)
        if planned is None:
            planned = self._planned[key] = plan(self._platform, npu, operation)
        return planned

    def ports_need(self, npu: NpuId, traffic: Iterable[CertainTraffic]) -> float:
        """For how long the links of an NPU are busy with its traffic, in ns, at the least."""
        return max(self.needs(npu, traffic))

    def needs(self, npu: NpuId, traffic: Iterable[CertainTraffic]) -> tuple[float, float]:
        """The same of those that leave it, and of those that come to it.

        Along the dimensions where that is longest: what goes along some of them has no other links.
        """
        sums: dict[Span, list[float]] = {}
        for it in traffic:
            total = sums.setdefault(it.span, [0.0, 0.0])
            total[0] += it.sent
            total[1] += it.received
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
