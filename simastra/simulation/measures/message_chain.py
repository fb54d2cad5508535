"""The longest chain of nodes, on one NPU or across several, which messages link."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TypeAlias

from simastra.network import Topology
from simastra.simulation.experiment import Experiment
from simastra.units import Bytes, NpuId, Ns
from simastra.workload import Program, ReceiveOperation, SendOperation

from .lone_chain import Alike, MessageChain, longest_alone

_MOST_NODES = 50_000
"""Of all NPUs together: looking at more takes longer than a second."""


Place: TypeAlias = tuple[NpuId, int]
"""An NPU, and the index of one of its nodes."""


def paired_messages(experiment: Experiment) -> Mapping[Place, Place]:
    """The receive of each send, where that is certain: no others have their ends, size and tag.

    Empty where messages may take several ways, or there are very many nodes.
    """
    programs = experiment.programs
    too_many = sum(len(it.operations) for it in programs) > _MOST_NODES
    return {} if too_many or experiment.platform.topology.multipath else _pairs(programs)


def message_chain(
    experiment: Experiment, alike: Sequence[Alike], pairs: Mapping[Place, Place]
) -> MessageChain:
    """Return the longest chain.

    What is received is there one way's latency, and its time on the slowest link of that, after it
    was sent; all else takes as long as it is said to. NPUs that are alike have one chain: each
    node as early as it can be on any of them. A message counts if all of them get it from the same
    node of NPUs that are alike.

    Args:
        experiment: what is simulated.
        alike: all NPUs.
        pairs: as of `paired_messages`.
    """
    graphs = [experiment.programs[it.npus[0]].graph for it in alike]
    if not pairs and all(graph.children.come_later for graph in graphs):
        return longest_alone(alike, graphs)
    return _Chains(experiment, alike, pairs).longest()


def _pairs(programs: tuple[Program, ...]) -> dict[Place, Place]:
    sends: dict[tuple[int, ...], list[Place]] = {}
    receives: dict[tuple[int, ...], list[Place]] = {}
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
    """Follows all chains. Nodes of NPUs that are alike are numbered, one such set after another.

    Args:
        experiment: what is simulated.
        alike: all NPUs.
        pairs: the receive of each send.
    """

    def __init__(
        self, experiment: Experiment, alike: Sequence[Alike], pairs: Mapping[Place, Place]
    ) -> None:
        self._alike = alike
        self._graphs = [experiment.programs[it.npus[0]].graph for it in alike]
        self._first = [0, *accumulate(len(graph.nodes) for graph in self._graphs)]
        self._ways = self._found_ways(experiment, pairs)
        self._starts, self._arrivals = [0] * self._first[-1], dict[int, Ns]()
        self._waits_for = [count for graph in self._graphs for count in graph.parents]
        for ways in self._ways.values():
            for receive, _ in ways:
                self._waits_for[receive] += 1

    def _found_ways(
        self, experiment: Experiment, pairs: Mapping[Place, Place]
    ) -> Mapping[int, Sequence[tuple[int, Ns]]]:
        """Of each send, its receives, and how long the shortest way is to one."""
        owner = {npu: at for at, it in enumerate(self._alike) for npu in it.npus}
        topology, first = experiment.platform.topology, self._first
        found: dict[tuple[int, int], list[Ns]] = {}
        for (npu, index), (to, at) in pairs.items():
            operation = experiment.programs[npu].operations[index]
            assert isinstance(operation, SendOperation)
            way = least_way(topology, npu, to, operation.size)
            ends = first[owner[npu]] + index, first[owner[to]] + at
            found.setdefault(ends, []).append(way)
        ways: dict[int, list[tuple[int, Ns]]] = {}
        for (send, receive), each in found.items():
            if len(each) == len(self._alike[self._owner(receive)].npus):
                ways.setdefault(send, []).append((receive, min(each)))
        return ways

    def longest(self) -> MessageChain:
        """The chain that ends last."""
        ready = [place for place, count in enumerate(self._waits_for) if not count]
        latest = MessageChain(0, self._alike[0].npus[0])
        for place in ready:  # which grows meanwhile
            owner = self._owner(place)
            time = self._alike[owner].times[place - self._first[owner]]
            end = max(self._starts[place] + time, self._arrivals.get(place, 0))
            if end > latest.time:
                latest = MessageChain(end, self._alike[owner].npus[0])
            for after in self._let_go(place, owner, end):
                self._waits_for[after] -= 1
                if not self._waits_for[after]:
                    ready.append(after)
        return latest

    def _owner(self, place: int) -> int:
        """Whose a node is: the place of those NPUs that are alike."""
        return bisect_right(self._first, place) - 1

    def _let_go(self, place: int, owner: int, end: Ns) -> Iterator[int]:
        """What waits for a node."""
        first = self._first[owner]
        for child in self._graphs[owner].children[place - first]:
            self._starts[first + child] = max(self._starts[first + child], end)
            yield first + child
        for receive, way in self._ways.get(place, ()):
            self._arrivals[receive] = self._starts[place] + way
            yield receive


def least_way(topology: Topology, src: NpuId, dst: NpuId, size: Bytes) -> Ns:
    """How long a message is on its way at the least, in ns, whatever is cut to whole ns."""
    hops = topology.hops(src, dst)
    longest = max((hop.link[size][0] for hop in hops), default=0)
    return max(0, longest + int(sum(hop.link.latency for hop in hops)) - len(hops))
