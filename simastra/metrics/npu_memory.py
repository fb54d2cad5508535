"""What an NPU's memory holds over a step: what is there all the time, and activations that come
and go.

An activation lives from the issue of the node that writes it (`outputs`) to the end of the last
node that reads it (`inputs`); what is there all the time, the annotations of the trace say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple, dataclass
from heapq import nlargest

from simastra.trace import Node
from simastra.units import Bytes

from .memory_timeline import MemorySample, memory_timeline
from .timed_node import TimedNode

_HOLDERS = 10


@dataclass(frozen=True, slots=True)
class StaticMemory:
    """Bytes that are in memory throughout the step.

    Attributes:
        weights: of the model's weights that the NPU has.
        gradients: of their gradients.
        optimizer: of what the optimiser keeps.
        activations: of activations that have no live range, as the workspace of an inference step.
        cache: of keys and values, in inference.
    """

    weights: Bytes = 0
    gradients: Bytes = 0
    optimizer: Bytes = 0
    activations: Bytes = 0
    cache: Bytes = 0

    @property
    def total(self) -> Bytes:
        """All of it."""
        return sum(astuple(self))


@dataclass(frozen=True, slots=True)
class MemoryHolder:
    """A tensor that is in memory at the peak.

    Attributes:
        name: of the tensor.
        node: name of the node that brought it.
        size: its bytes.
    """

    name: str
    node: str
    size: Bytes


@dataclass(frozen=True, slots=True)
class NpuMemory:
    """An NPU's memory over a step.

    Attributes:
        static: what is there all the time.
        samples: what is held in all, from each sample's time up to that of the next: the first is
            at 0.
        peak: the most that is held, and when that is first reached.
        holders: the largest tensors that are there at the peak, beside what is static.
        held: how many tensors that are in all.
    """

    static: StaticMemory
    samples: tuple[MemorySample, ...]
    peak: MemorySample
    holders: tuple[MemoryHolder, ...]
    held: int

    @property
    def activations(self) -> Bytes:
        """Bytes of what comes and goes, at the peak."""
        return self.peak.size - self.static.total

    def to_dict(self) -> dict[str, object]:
        """Plain numbers by name, ready for JSON; times in ns, sizes in bytes."""
        return {
            "static": asdict(self.static),
            "peak": asdict(self.peak),
            "holders": [asdict(holder) for holder in self.holders],
            "held": self.held,
            "samples": [[sample.time, sample.size] for sample in self.samples],
        }


def npu_memory(
    nodes: Iterable[Node], records: Sequence[TimedNode], static: StaticMemory
) -> NpuMemory:
    """Return what one NPU's memory holds.

    Args:
        nodes: its trace.
        records: those of its nodes that finished, in that order.
        static: what is there all the time.
    """
    users = {node.id: node for node in nodes if node.inputs or node.outputs}
    timeline = memory_timeline(users.values(), (it for it in records if it.node in users))
    base = static.total
    samples = [MemorySample(it.time, base + it.size) for it in timeline.samples]
    if not samples or samples[0].time:
        samples.insert(0, MemorySample(0, base))
    peak = max(samples, key=lambda it: (it.size, -it.time))
    holders = [
        MemoryHolder(it.name, it.first_use, it.size) for it in timeline.tensors_at(peak.time)
    ]
    largest = nlargest(_HOLDERS, holders, key=lambda it: it.size)
    return NpuMemory(static, tuple(samples), peak, tuple(largest), len(holders))
