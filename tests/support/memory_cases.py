"""Traces with tensors, in a line each."""

from hypothesis import strategies as st

from simastra.metrics import MemoryTimeline, memory_timeline
from simastra.result import NodeRecord
from simastra.trace import Node, NodeType, TensorUse
from simastra.workload import Activity

Uses = dict[str, int]
Step = tuple[int, int, Uses, Uses]
"""A node: its start, its end, sizes of its inputs and of its outputs."""


def tensors(uses: Uses) -> tuple[TensorUse, ...]:
    return tuple(TensorUse(name, size) for name, size in uses.items())


def tracked(*steps: Step) -> MemoryTimeline:
    """The timeline of nodes 0, 1, ..., which finish in the order in which they are given."""
    nodes = [
        Node(index, f"n{index}", NodeType.COMP, inputs=tensors(inputs), outputs=tensors(outputs))
        for index, (_, _, inputs, outputs) in enumerate(steps)
    ]
    records = [
        NodeRecord(index, f"n{index}", Activity.COMPUTE, start, end)
        for index, (start, end, _, _) in enumerate(steps)
    ]
    return memory_timeline(nodes, records)


_USES = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 100), max_size=3)

STEPS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 10), _USES, _USES).map(
        lambda it: (it[0], it[0] + it[1], it[2], it[3])
    ),
    max_size=6,
).map(lambda steps: sorted(steps, key=lambda step: step[1]))  # a Result has them as they finish
