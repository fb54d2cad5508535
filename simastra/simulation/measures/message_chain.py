"""The longest chain of nodes across NPUs, which messages link."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from simastra.network import Topology
from simastra.simulation.scenario import Scenario
from simastra.units import Bytes, NpuId, Ns
from simastra.workload import Program, ReceiveOperation, SendOperation

_MOST_NODES = 50_000
"""Of all NPUs together: looking at more takes longer than a second."""


@dataclass(frozen=True, slots=True)
class MessageChain:
    """A chain of nodes, each of which waits for the one before, on its NPU or by a message.

    Attributes:
        time: from the start to its end, in ns, at the least.
        npu: where it ends.
    """

    time: Ns
    npu: NpuId


def message_chain(
    scenario: Scenario, least_times: Callable[[NpuId], Mapping[int, Ns]]
) -> MessageChain | None:
    """Return the longest chain; None where no message links NPUs for certain, or it is much work.

    A send and a receive belong together for certain if no others have their ends, size and tag.
    What is received is there one way's latency, and its time on the slowest link of that, after it
    was sent; all else takes as long as on its NPU.

    Args:
        scenario: what is simulated.
        least_times: what each node of an NPU takes at the least, by id; of a run, no more than it
            took.
    """
    programs = scenario.programs
    if sum(len(it.operations) for it in programs) > _MOST_NODES:
        return None
    pairs = {} if scenario.platform.topology.multipath else _pairs(programs)
    if not pairs:
        return None
    return _Chains(scenario, least_times, pairs).longest()


_Place = tuple[NpuId, int]
"""An NPU, and the index of one of its nodes."""


def _pairs(programs: tuple[Program, ...]) -> dict[_Place, _Place]:
    """The receive of each send."""
    sends: dict[tuple[int, ...], list[_Place]] = {}
    receives: dict[tuple[int, ...], list[_Place]] = {}
    for npu, program in enumerate(programs):
        for index in program.external_operations:
            match program.operations[index]:
                case SendOperation(dst, size, tag) if dst != npu:
                    sends.setdefault((npu, dst, size, tag), []).append((npu, index))
                case ReceiveOperation(src, size, tag) if src != npu:
                    receives.setdefault((src, npu, size, tag), []).append((npu, index))
                case _:
                    pass
    return {
        places[0]: receives[key][0]
        for key, places in sends.items()
        if len(places) == 1 == len(receives.get(key, ()))
    }


class _Chains:
    """Follows all chains. The nodes of all NPUs are numbered, one NPU's after the other's.

    Args:
        scenario: what has been simulated.
        least_times: as of `message_chain`.
        pairs: the receive of each send.
    """

    def __init__(
        self,
        scenario: Scenario,
        least_times: Callable[[NpuId], Mapping[int, Ns]],
        pairs: Mapping[_Place, _Place],
    ) -> None:
        programs = self._programs = scenario.programs
        self._topology = scenario.platform.topology
        first = self._first = [0, *accumulate(len(it.operations) for it in programs)]
        self._owners = [npu for npu, it in enumerate(programs) for _ in it.operations]
        self._times = [
            own.get(node.id, 0)
            for npu, it in enumerate(programs)
            for own in (least_times(npu),)
            for node in it.graph.nodes
        ]
        self._received = {
            first[npu] + index: first[to] + at for (npu, index), (to, at) in pairs.items()
        }
        self._starts, self._arrivals = [0] * first[-1], [0] * first[-1]
        self._waits_for = [count for it in programs for count in it.graph.parents]
        for receive in self._received.values():
            self._waits_for[receive] += 1

    def longest(self) -> MessageChain:
        """The chain that ends last."""
        ready = [place for place, count in enumerate(self._waits_for) if not count]
        latest = MessageChain(0, 0)
        for place in ready:  # which grows meanwhile
            end = max(self._starts[place] + self._times[place], self._arrivals[place])
            if end > latest.time:
                latest = MessageChain(end, self._owners[place])
            for after in self._let_go(place, end):
                self._waits_for[after] -= 1
                if not self._waits_for[after]:
                    ready.append(after)
        return latest

    def _let_go(self, place: int, end: Ns) -> Iterator[int]:
        """What waits for a node."""
        npu = self._owners[place]
        program, first = self._programs[npu], self._first[npu]
        for child in program.graph.children[place - first]:
            self._starts[first + child] = max(self._starts[first + child], end)
            yield first + child
        receive = self._received.get(place)
        if receive is not None:
            operation = program.operations[place - first]
            assert isinstance(operation, SendOperation)
            way = least_way(self._topology, npu, operation.dst, operation.size)
            self._arrivals[receive] = self._starts[place] + way
            yield receive


def least_way(topology: Topology, src: NpuId, dst: NpuId, size: Bytes) -> Ns:
    """How long a message is on its way at the least, in ns, whatever is cut to whole ns."""
    hops = topology.hops(src, dst)
    longest = max((hop.link[size][0] for hop in hops), default=0)
    return max(0, longest + int(sum(hop.link.latency for hop in hops)) - len(hops))
