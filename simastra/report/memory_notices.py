"""What is doubtful in the tensors of a trace, once it has been tracked (behaviour 5.3, 7.4 #10).

One notice for each kind of doubt, however many NPUs and nodes have it: it names the first.
"""

from collections.abc import Callable, Sequence

from simastra.metrics import MemoryTimeline, TensorAccess, TensorLife
from simastra.notices import Notice
from simastra.simulation import Simulation


def memory_notices(
    simulation: Simulation, timelines: Sequence[MemoryTimeline]
) -> tuple[Notice, ...]:
    """Tell of nodes without tensors, tensors written again, and tensors of several sizes.

    Args:
        simulation: tells what the NPUs' nodes are called.
        timelines: what `memory_timelines` returned for it.
    """
    named = tuple(zip(simulation.trace.sources, timelines, strict=True))
    nodes = sum(map(len, simulation.trace.npus))
    return (*_untracked(named, nodes), *_rewritten(named), *_resized(named))


_Named = Sequence[tuple[str, MemoryTimeline]]  # with what messages call the NPU's nodes


def _untracked(named: _Named, nodes: int) -> list[Notice]:
    found = [(source, node) for source, timeline in named for node in timeline.untracked]
    return [
        Notice(
            code="untracked-nodes",
            where=f"{source}, node {node}",
            message=f"the memory tracker leaves out {len(found)} of {nodes} nodes, which lack the "
            "attribute inputs or outputs; ASTRA-sim never finishes such a trace",
            fix="give each node both, as lists of tensor names and sizes in turn, or set "
            "track-local-mem to 0",
        )
        for source, node in found[:1]
    ]


def _rewritten(named: _Named) -> list[Notice]:
    found = _uses(named, lambda tensor: tensor.rewrites)
    return [
        Notice(
            code="tensor-rewritten",
            where=f"{source}, node {use.node}",
            message=f"writes tensor {tensor.name!r}, which is in memory already{_more(found)}; "
            "it counts as one tensor throughout, but ASTRA-sim aborts there",
            fix="give what is written a name of its own",
        )
        for source, tensor, use in found[:1]
    ]


def _resized(named: _Named) -> list[Notice]:
    found = _uses(named, lambda tensor: tensor.resizes)
    return [
        Notice(
            code="tensor-resized",
            where=f"{source}, node {use.node}",
            message=f"tensor {tensor.name!r} has {use.size} bytes here and {tensor.size} where it "
            f"is first used{_more(found)}; the latter is what counts",
            fix="give a tensor one size",
        )
        for source, tensor, use in found[:1]
    ]


def _uses(
    named: _Named, doubtful: Callable[[TensorLife], tuple[TensorAccess, ...]]
) -> list[tuple[str, TensorLife, TensorAccess]]:
    return [
        (source, tensor, use)
        for source, timeline in named
        for tensor in timeline.tensors
        for use in doubtful(tensor)
    ]


def _more(found: Sequence[object]) -> str:
    return f" (the first of {len(found)} such uses)" if len(found) > 1 else ""
