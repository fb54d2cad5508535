"""What memory holds when, by hand; and what is expected of it before a run."""

from dataclasses import dataclass

import pytest

from simastra.metrics import MemorySample, StaticMemory, npu_memory
from simastra.simulation.measures.planned_memory import planned_peak
from simastra.trace import Node, NodeType, TensorUse
from simastra.units import Ns
from simastra.workload import Activity


@dataclass(frozen=True)
class Record:
    """A node that has finished."""

    node: int
    name: str
    issued: Ns
    finished: Ns
    activity: Activity = Activity.COMPUTE


def node(
    id: int, reads: dict[str, int] | None = None, writes: dict[str, int] | None = None
) -> Node:
    inputs = tuple(TensorUse(*it) for it in (reads or {}).items())
    outputs = tuple(TensorUse(*it) for it in (writes or {}).items())
    return Node(id, f"n{id}", NodeType.COMP, inputs=inputs or None, outputs=outputs or None)


NODES = (
    node(1, writes={"a": 10}),
    node(2),
    node(3, writes={"b": 7}),
    node(4, reads={"b": 7}),
    node(5, reads={"a": 10, "w": 3}),
)
RECORDS = [Record(id, f"n{id}", 10 * id, 10 * id + 10) for id in range(1, 6)]


def test_samples_lie_above_what_is_there_throughout() -> None:
    memory = npu_memory(NODES, RECORDS, StaticMemory(weights=100, cache=1))
    assert memory.samples == (
        MemorySample(0, 104),  # w, which is read before anybody writes it
        MemorySample(10, 114),
        MemorySample(30, 121),
        MemorySample(50, 114),
        MemorySample(60, 101),
    )
    assert memory.peak == MemorySample(30, 121)
    assert (memory.static.total, memory.activations) == (101, 20)
    held = [(it.name, it.node, it.size) for it in memory.holders]
    assert held == [("a", "n1", 10), ("b", "n3", 7), ("w", "n5", 3)]
    assert memory.held == 3


def test_the_first_sample_is_at_the_start() -> None:
    memory = npu_memory(NODES[:1], RECORDS[:1], StaticMemory(gradients=5))
    assert memory.samples == (MemorySample(0, 5), MemorySample(10, 15), MemorySample(20, 5))


def test_memory_without_tensors_is_level() -> None:
    memory = npu_memory(NODES[1:2], RECORDS[1:2], StaticMemory(optimizer=5))
    assert (memory.samples, memory.peak) == ((MemorySample(0, 5),), MemorySample(0, 5))
    assert (memory.held, memory.holders) == (0, ())


def test_of_many_holders_the_largest_are_named() -> None:
    many = {f"t{size}": size for size in range(1, 31)}
    memory = npu_memory([node(1, writes=many)], [Record(1, "n1", 0, 5)], StaticMemory())
    assert [it.size for it in memory.holders] == list(range(30, 20, -1))
    assert memory.held == 30


def test_the_planned_peak_is_that_of_nodes_one_by_one() -> None:
    assert planned_peak(NODES) == npu_memory(NODES, RECORDS, StaticMemory()).peak.size == 20
    assert planned_peak(NODES[::-1]) == 20  # by id, whatever the order of the file
    assert planned_peak(()) == 0


@pytest.mark.parametrize(("first", "peak"), [({"a": 5}, 9), ({}, 4)])
def test_a_tensor_that_is_read_first_was_there_from_the_start(
    first: dict[str, int], peak: int
) -> None:
    assert planned_peak([node(1, writes={"b": 4}), node(2, reads=first)]) == peak


def test_what_has_ended_makes_room() -> None:
    nodes = [node(1, writes={"a": 5}), node(2, reads={"a": 5}), node(3, writes={"b": 6})]
    assert planned_peak(nodes) == 6
