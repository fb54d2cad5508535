"""The bytes that an NPU has to send at the least, whatever the algorithm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from simastra.simulation.experiment import Experiment
from simastra.simulation.memberships import Memberships
from simastra.trace import CollectiveType
from simastra.units import NpuId
from simastra.workload import Collective, Program

from .communicating import ByKind, Communicating, MessageKind, communicating


def _once(_members: int) -> float:
    return 1


_Factors: TypeAlias = dict[CollectiveType, Callable[[int], float]]

_SENT: _Factors = {
    CollectiveType.ALL_REDUCE: lambda members: 2 * (members - 1) / members,
    CollectiveType.REDUCE_SCATTER: lambda members: (members - 1) / members,
    CollectiveType.ALL_TO_ALL: lambda members: (members - 1) / members,
    CollectiveType.ALL_GATHER: lambda members: members - 1,
}
"""What a member sends at least, by the size that its node gives (Thakur et al., IJHPCA 19(1))."""

_SENT_TO_SWITCHES: _Factors = {
    **_SENT,
    CollectiveType.ALL_REDUCE: _once,
    CollectiveType.ALL_GATHER: _once,
}
"""The same where switches may reduce and multicast: nothing goes out twice."""

_RECEIVED_OF_SWITCHES: _Factors = {
    **_SENT,
    CollectiveType.ALL_REDUCE: _once,
    CollectiveType.REDUCE_SCATTER: lambda members: 1 / members,
}
"""And what it receives then: what is reduced comes once."""


def _of_parts(operation: Collective, npu: NpuId, members: Sequence[NpuId]) -> tuple[float, float]:
    """What one member of an uneven collective sends and receives at the least, for certain."""
    parts = operation.parts
    assert parts is not None  # somebody asks only then
    place = members.index(npu)
    if operation.kind is CollectiveType.ALL_TO_ALL:
        return parts.sent(place), parts.received(place)
    own, others = parts.rows[0][place], sum(parts.rows[0]) - parts.rows[0][place]
    gathers = operation.kind is CollectiveType.ALL_GATHER
    return (own, others) if gathers else (others, own)


@dataclass(frozen=True, slots=True)
class LeastTraffic:
    """What nodes of a kind have to send and receive.

    Attributes:
        operation: the collective; None of a message.
        sent: bytes; of a collective, what each member sends at the least, on average.
        received: bytes, likewise.
        members: who communicates, the NPU itself among them.
        is_equal: whether this member sends that much for certain: a tree's leaves send less than
            its root.
        spread: how many messages may come for one that it sends, since switches multicast.
        forwarded: bytes beside `sent` that are its part of what all members send together: some
            member has to, but which one depends on the algorithm.
    """

    operation: Collective | None
    sent: float
    received: float
    members: Sequence[NpuId]
    is_equal: bool
    spread: int = 1
    forwarded: float = 0

    @property
    def due(self) -> float:
        """Bytes that are its part of what all members send together at the least."""
        return self.sent + self.forwarded


class TrafficBounds:
    """Knows the least traffic of nodes.

    Args:
        experiment: what is simulated.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._platform = experiment.platform
        self._memberships = Memberships(experiment.platform)
        self._communicating: dict[int, ByKind[Communicating]] = {}
        """By the identity of programs, which metrics and bounds both ask for."""

    def of(self, npu: NpuId, program: Program) -> ByKind[LeastTraffic]:
        """The nodes of an NPU that send or receive something, with their traffic."""
        known = self._communicating.get(id(program))
        if known is None:
            known = communicating(program, self._platform.custom)
            self._communicating[id(program)] = known
        return known.told(
            lambda it: (
                self._collective(npu, it) if isinstance(it, Collective) else _message(npu, it)
            )
        )

    def _collective(self, npu: NpuId, operation: Collective) -> LeastTraffic | None:
        question = self._memberships.asked(npu, operation)
        factor = _SENT.get(operation.kind)
        if factor is None or question is None or question[1].prefix is not None:
            return None  # nothing is sent, or what an ET says, or one member sends all
        members = self._memberships.members(npu, question[0])
        if operation.parts is not None:
            sent, received = _of_parts(operation, npu, members)
            gathers = operation.kind is CollectiveType.ALL_GATHER
            rest = received - sent if gathers else 0  # of which all together send as much as comes
            return LeastTraffic(operation, sent, received, members, is_equal=True, forwarded=rest)
        count, size, kind = len(members), operation.size, operation.kind
        algorithms = self._platform.algorithms(kind)
        is_equal = all(it.sends_evenly for it in algorithms)
        if any(it.uses_switches for it in algorithms):
            sent = size * _SENT_TO_SWITCHES[kind](count)
            received = size * _RECEIVED_OF_SWITCHES[kind](count)
            spread = count if kind is CollectiveType.ALL_GATHER else 1
            return LeastTraffic(operation, sent, received, members, is_equal, spread)
        sent = size * factor(count)
        return LeastTraffic(operation, sent, sent, members, is_equal)


def _message(npu: NpuId, it: MessageKind) -> LeastTraffic | None:
    if it.partner == npu:
        return None
    if it.is_send:
        return LeastTraffic(None, it.size, 0, (npu, it.partner), is_equal=True)
    return LeastTraffic(None, 0, it.size, (it.partner, npu), is_equal=True)
