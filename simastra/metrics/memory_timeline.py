"""The local memory tracker: which tensors an NPU holds when (behaviour 5.3).

A node that finished reads its `inputs` and writes its `outputs` from its issue to its finish. A
tensor lives from its first use, a write, to the end of its last use. One that is read before it was
ever written was there already: it lives from 0. ASTRA-sim invents a write from 0 to 10 ns for it;
here there is none. ASTRA-sim keeps a tensor that nobody reads for ever; here it goes when its last
write ends. Tensors of size 0 are left out, and so is what skipped nodes use: they take no time.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from simastra.trace import Node, TensorUse
from simastra.units import Bytes, Ns

from .timed_node import TimedNode


@dataclass(frozen=True, slots=True)
class TensorAccess:
    """A node's read or write of a tensor.

    Attributes:
        node: id of the ET node.
        node_name: its name.
        size: bytes of the tensor, as this node has them.
        start: when the node was issued, in ns.
        end: when it finished, in ns.
    """

    node: int
    node_name: str
    size: Bytes
    start: Ns
    end: Ns


@dataclass(frozen=True, slots=True)
class TensorLife:
    """One tensor's life in local memory. There is at least one read or write.

    Attributes:
        name: the tensor.
        was_there: whether it was in memory already when the simulation began, because its first
            use is a read. A node that both reads and writes it reads it first.
        reads: in order of their starts.
        writes: in order of their starts.
    """

    name: str
    was_there: bool
    reads: tuple[TensorAccess, ...]
    writes: tuple[TensorAccess, ...]

    @property
    def size(self) -> Bytes:
        """Its bytes, as its first use has them."""
        return (self.reads if self.was_there else self.writes)[0].size

    @property
    def start(self) -> Ns:
        """When it comes into memory, in ns."""
        return 0 if self.was_there else self.writes[0].start

    @property
    def end(self) -> Ns:
        """When it leaves memory, in ns."""
        return max(use.end for use in self.reads + self.writes)

    @property
    def first_use(self) -> str:
        """Name of the node that writes it, or reads what was there."""
        return (self.reads if self.was_there else self.writes)[0].node_name

    @property
    def rewrites(self) -> tuple[TensorAccess, ...]:
        """The writes of what was in memory already. ASTRA-sim aborts at the first."""
        return self.writes if self.was_there else self.writes[1:]

    @property
    def resizes(self) -> tuple[TensorAccess, ...]:
        """The reads and writes that have another size than the first use."""
        return tuple(use for use in self.reads + self.writes if use.size != self.size)


@dataclass(frozen=True, slots=True)
class MemorySample:
    """From `time`, in ns, up to the next sample local memory holds `size` bytes."""

    time: Ns
    size: Bytes


@dataclass(frozen=True, slots=True)
class MemoryTimeline:
    """What one NPU's local memory holds when.

    Attributes:
        samples: one for each time at which a tensor comes or goes, ascending; before the first one
            nothing is held, and after the last one neither.
        tensors: in order of their coming.
        untracked: ids of the nodes that lack the attribute ``inputs`` or ``outputs``.
    """

    samples: tuple[MemorySample, ...]
    tensors: tuple[TensorLife, ...]
    untracked: tuple[int, ...]

    @property
    def peak(self) -> MemorySample:
        """The most bytes held, and when they were first reached."""
        nothing = MemorySample(0, 0)  # what is held before the first sample
        return max((nothing, *self.samples), key=lambda it: (it.size, -it.time))

    def tensors_at(self, time: Ns) -> tuple[TensorLife, ...]:
        """The tensors that are held from that ns on, in order of their coming."""
        return tuple(it for it in self.tensors if it.start <= time < it.end)


def memory_timeline(nodes: Iterable[Node], records: Iterable[TimedNode]) -> MemoryTimeline:
    """Track the local memory of one NPU.

    Args:
        nodes: its trace.
        records: those of its nodes that finished, in that order.
    """
    by_id = {node.id: node for node in nodes}
    tensors = tuple(sorted(_lives(by_id, records), key=lambda it: (it.start, it.name)))
    untracked = tuple(it.id for it in by_id.values() if it.inputs is None or it.outputs is None)
    return MemoryTimeline(_samples(tensors), tensors, untracked)


def _lives(nodes: Mapping[int, Node], records: Iterable[TimedNode]) -> Iterator[TensorLife]:
    reads: defaultdict[str, list[TensorAccess]] = defaultdict(list)
    writes: defaultdict[str, list[TensorAccess]] = defaultdict(list)
    was_there: dict[str, bool] = {}
    # Sorting keeps nodes that take no time in the order in which they finished.
    for record in sorted(records, key=lambda it: (it.issued, it.finished)):
        node = nodes[record.node]
        for accesses, uses in ((reads, node.inputs), (writes, node.outputs)):
            for use in dict.fromkeys(uses or ()):  # a tensor that is listed twice is used once
                if use.size:
                    was_there.setdefault(use.name, accesses is reads)
                    accesses[use.name].append(_access(record, use))
    for name, is_there in was_there.items():
        yield TensorLife(name, is_there, tuple(reads[name]), tuple(writes[name]))


def _access(record: TimedNode, use: TensorUse) -> TensorAccess:
    return TensorAccess(record.node, record.name, use.size, record.issued, record.finished)


def _samples(tensors: Iterable[TensorLife]) -> tuple[MemorySample, ...]:
    changes: defaultdict[Ns, Bytes] = defaultdict(int)
    for tensor in tensors:
        changes[tensor.start] += tensor.size
        changes[tensor.end] -= tensor.size
    held = 0
    samples = []
    for time, change in sorted(changes.items()):
        held += change
        samples.append(MemorySample(time, held))
    return tuple(samples)
