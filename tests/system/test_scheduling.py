"""Streams in an NPU's queues: how many run, and in which order (behaviour 3.4)."""

from functools import partial

import pytest
from simpy.events import Event
from support.machines import all_reduce_on_ring_of_8, network, one_collective, system

from simastra.simulation import Options, Simulation
from simastra.system import Collective
from simastra.trace import CollectiveType, Node, NodeType, Trace
from simastra.units import MiB

AR = CollectiveType.ALL_REDUCE
CHUNK = 29445  # a quarter of section 7's all-reduce, alone


def makespan(*, active: int, queues: int = 1, optimization: str = "baseline") -> int:
    """Four chunks on a network without contention."""
    return (
        Simulation(
            one_collective(AR),
            system(active_chunks_per_dimension=active, collective_optimization=optimization),
            network(("Ring", 8)),
            options=Options(backend="congestion-unaware", queues_per_dimension=queues),
        )
        .run()
        .makespan
    )


@pytest.mark.parametrize(
    ("active", "queues", "optimization", "rounds"),
    [
        (1, 1, "baseline", 4),
        (2, 1, "baseline", 2),
        (3, 1, "baseline", 2),
        (4, 1, "baseline", 1),
        (9, 1, "baseline", 1),
        (1, 2, "baseline", 2),  # one in each queue: the limit is rounded up
        (2, 2, "baseline", 2),
        (4, 2, "baseline", 1),
        (1, 4, "baseline", 1),
        (3, 2, "localBWAware", 2),  # only the lower half of the queues is used: two at a time
        (4, 2, "localBWAware", 2),
        (4, 3, "localBWAware", 2),
        (4, 4, "localBWAware", 2),  # two lower queues, one chunk each
    ],
)
def test_so_many_rounds_of_chunks(active: int, queues: int, optimization: str, rounds: int) -> None:
    assert makespan(active=active, queues=queues, optimization=optimization) == rounds * CHUNK


def test_chunks_follow_each_other_within_the_tick() -> None:
    single = all_reduce_on_ring_of_8(preferred_dataset_splits=1)
    assert single.run().makespan < all_reduce_on_ring_of_8().run().makespan == 4 * CHUNK


def ends_of_two_collectives(policy: str, priorities: tuple[int, int]) -> tuple[int, int]:
    """When each of two all-reduces ends that every NPU begins at 0, the first one first."""
    config = system(scheduling_policy=policy)
    run = Simulation(Trace.uniform([], 8), config, network(("Ring", 8))).start()
    ends = [0, 0]
    node = Node(1, "all-reduce", NodeType.COMM_COLL)

    def note(number: int, _event: Event) -> None:
        ends[number] = run.env.now

    for process in run.processes:
        for number, priority in enumerate(priorities):
            event = process.npu.run_collective(Collective(node, AR, MiB, priority=priority))
            event.callbacks.append(partial(note, number))
    run.env.run()
    return ends[0], ends[1]


@pytest.mark.parametrize(
    ("policy", "priorities", "chunks"),
    [
        ("FIFO", (0, 0), (4, 8)),
        ("FIFO", (1, 9), (4, 8)),  # a node's own priority counts under EXPLICIT only
        ("LIFO", (0, 0), (8, 5)),  # the first chunk of the first has begun already
        ("LIFO", (9, 1), (8, 5)),
        ("EXPLICIT", (5, 5), (4, 8)),
        ("EXPLICIT", (5, 4), (4, 8)),
        ("EXPLICIT", (5, 6), (8, 5)),
    ],
)
def test_policies_order_the_chunks_of_collectives_in_flight(
    policy: str, priorities: tuple[int, int], chunks: tuple[int, int]
) -> None:
    expected = tuple(count * CHUNK for count in chunks)
    assert ends_of_two_collectives(policy, priorities) == expected
