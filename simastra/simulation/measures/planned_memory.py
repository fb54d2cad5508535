"""What traces say of memory, before anything runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, count

from simastra.metrics import StaticMemory
from simastra.on_demand import OnDemand
from simastra.simulation.experiment import Experiment
from simastra.trace import NOT_ANNOTATED, Annotations, Node, NodeMark, Trace, marked
from simastra.trace.renamed import RenamedNodes
from simastra.units import Bytes, NpuId


def static_memory(annotations: Annotations) -> StaticMemory | None:
    """Return what is in memory throughout, None if a trace says nothing of it."""
    said = (
        annotations.weight_bytes,
        annotations.gradient_bytes,
        annotations.optimizer_bytes,
        annotations.activation_bytes,
        annotations.cache_bytes,
    )
    if all(size is None for size in said):
        return None
    return StaticMemory(*(size or 0 for size in said))


def tensor_users(trace: Trace) -> list[tuple[Node, ...]]:
    """Return, for each NPU, the nodes that read or write tensors in local memory.

    Nodes that are made for it are one and the same where they are equal, as they are where files
    are loaded as objects, of which the first shares with none.
    """
    known: dict[int, tuple[Node, ...]] = {}
    # Whom nodes name has no part in it.
    each = [it.template.nodes if isinstance(it, RenamedNodes) else it for it in trace.npus]
    are_made = any(isinstance(nodes, OnDemand) for nodes in each)
    equal: dict[Node, Node] = {}
    for nodes in each:
        if id(nodes) not in known:
            users = _users(nodes)
            is_shared = are_made and bool(known)
            known[id(nodes)] = tuple(
                (equal.setdefault(node, node) for node in users) if is_shared else users
            )
    return [known[id(nodes)] for nodes in each]


def planned_peak(users: Sequence[Node]) -> Bytes:
    """Return the most bytes of tensors at a time, if nodes run one by one in order of their ids.

    So they do in traces that simastra generates. A tensor lives as in a run: from the node that
    writes it, or from the start if it is read first, to the last that uses it.
    """
    ordered = sorted(users, key=lambda node: node.id)
    size: dict[str, Bytes] = {}
    begin: dict[str, int] = {}
    end: dict[str, int] = {}
    for place, node in enumerate(ordered):
        for uses, written in ((node.inputs, False), (node.outputs, True)):
            for use in uses or ():
                size.setdefault(use.name, use.size)
                begin.setdefault(use.name, place if written else 0)
                end[use.name] = place
    changes: defaultdict[int, Bytes] = defaultdict(int)
    for name, bytes_held in size.items():
        changes[begin[name]] += bytes_held
        changes[end[name] + 1] -= bytes_held
    held = most = 0
    for _, change in sorted(changes.items()):
        held += change
        most = max(most, held)
    return most


@dataclass(frozen=True, slots=True)
class MemoryNeed:
    """What an NPU's memory has to hold at the most, about.

    Attributes:
        npu: whose.
        static: what is there throughout.
        activations: what comes and goes, at the most (`planned_peak`).
    """

    npu: NpuId
    static: StaticMemory
    activations: Bytes

    @property
    def total(self) -> Bytes:
        """All of it."""
        return self.static.total + self.activations


def largest_need(experiment: Experiment) -> MemoryNeed:
    """Return what the NPU needs that needs most; 0 bytes where traces say nothing of memory."""
    return max(_needs(experiment), key=lambda need: need.total)


def _needs(experiment: Experiment) -> Iterator[MemoryNeed]:
    """One NPU of each kind: those with one template hold the same tensors."""
    annotations = experiment.trace.annotations
    seen = set()
    for npu, program in enumerate(experiment.programs):
        said = annotations[npu] if annotations else NOT_ANNOTATED
        key = id(program.template), said
        if key not in seen:
            seen.add(key)
            users = list(_users(program.graph.nodes))
            yield MemoryNeed(npu, static_memory(said) or StaticMemory(), planned_peak(users))


def _users(nodes: Sequence[Node]) -> Iterator[Node]:
    """The nodes that read or write tensors."""
    return map(nodes.__getitem__, compress(count(), marked(nodes, NodeMark.USING)))
