"""Collectives with a root are folded where roots go to roots; barriers where a ring is turned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from shortcut_oracle import Compared, compare_simulation
from support.machines import network, system

from simastra.config import CommGroups
from simastra.shortcut_use import Shortcut
from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import KiB

OPTIONS = Options(dialect=dialect_named("master", extended_collectives=True), shortcuts="always")
ROOTED = (
    CollectiveType.BROADCAST,
    CollectiveType.REDUCE,
    CollectiveType.GATHER,
    CollectiveType.SCATTER,
)


def tensor_and_data_parallel(
    kind: CollectiveType, root: Callable[[int], int] = lambda _group: 0
) -> Simulation:
    """Ranks 0 to 3 and so on all-reduce; those 4 apart have a collective of that kind.

    Args:
        kind: of what data-parallel ranks do first.
        root: of each of those groups, numbered from 0, the rank in it that is the root.
    """
    listed = [range(base, base + 4) for base in range(0, 16, 4)]
    listed += [range(base, 16, 4) for base in range(4)]
    traces = []
    for npu in range(16):
        own = [number for number, members in enumerate(listed, 1) if npu in members]
        builder = TraceBuilder(npu)
        first = builder.collective(kind, "weights", size=4 * KiB, group=own[1])
        reduced = builder.all_reduce("tensor", size=64 * KiB, group=own[0], after=first)
        its_root = listed[own[1] - 1][root(own[1] - 5)]
        traces.append((replace(first, comm_src=its_root), reduced))
    groups = CommGroups.parse({str(n): list(g) for n, g in enumerate(listed, 1)})
    shape = network(("FullyConnected", 4), ("FullyConnected", 4))
    machine = system(("ring", "ring"))
    return Simulation(Trace.of(traces), machine, shape, comm_groups=groups, options=OPTIONS)


def how(outcome: Compared) -> str:
    """What the fold did, or why it didn't."""
    assert outcome.differences == ()
    (fold,) = (use for use in outcome.shortcuts if use.shortcut is Shortcut.FOLD)
    return fold.reason


@pytest.mark.parametrize("kind", ROOTED)
def test_roots_that_correspond_are_folded_along_what_takes_them_to_each_other(
    kind: CollectiveType,
) -> None:
    for rank in (0, 3):
        simulation = tensor_and_data_parallel(kind, lambda _group, rank=rank: rank)
        assert how(compare_simulation(simulation)).startswith(
            "16 NPUs as 4, by rotation of 4 NPUs at stride 1"
        )


def test_roots_at_different_places_are_unlike() -> None:
    simulation = tensor_and_data_parallel(CollectiveType.BROADCAST, lambda group: group % 2)
    assert how(compare_simulation(simulation)).startswith(
        "16 NPUs as 8, by rotation by 2 of 4 NPUs at stride 1"
    )
    simulation = tensor_and_data_parallel(CollectiveType.BROADCAST, lambda group: group // 3)
    assert "BROADCAST has a root, which is unlike the other NPUs" in how(
        compare_simulation(simulation)
    )


def test_a_barrier_among_all_of_a_ring_is_folded() -> None:
    trace = TraceBuilder()
    before = trace.collective(CollectiveType.BARRIER, "all here", size=0)
    trace.all_reduce("gradients", size=64 * KiB, after=before)
    simulation = Simulation(trace, system(), network(("Ring", 6)), options=OPTIONS)
    assert how(compare_simulation(simulation)).startswith("6 NPUs as 1")


def test_a_barrier_over_two_dimensions_is_folded_along_the_outer_one() -> None:
    """In round k the partner is 2^k numbers on, so that all may be moved by a line's length."""
    trace = TraceBuilder()
    trace.collective(CollectiveType.BARRIER, "all here", size=0)
    shape = network(("Ring", 3), ("Ring", 4))
    outcome = compare_simulation(Simulation(trace, system(("ring",) * 2), shape, options=OPTIONS))
    assert how(outcome).startswith("12 NPUs as 3, by rotation of 4 NPUs at stride 3")


def test_along_one_dimension_it_is_and_so_is_a_broadcast_across_it() -> None:
    trace = TraceBuilder()
    first = trace.collective(CollectiveType.BARRIER, "a line", size=0, dims=[False, True])
    trace.collective(CollectiveType.BARRIER, "again", size=0, dims=[False, True], after=first)
    shape = network(("Ring", 3), ("Ring", 4))
    machine = system(("ring",) * 2)
    along = compare_simulation(Simulation(trace, machine, shape, options=OPTIONS))
    assert how(along).startswith("12 NPUs as 1")
    trace.collective(CollectiveType.BROADCAST, "from the first", size=KiB, dims=[False, True])
    across = compare_simulation(Simulation(trace, machine, shape, options=OPTIONS))
    assert how(across).startswith("12 NPUs as 4, by rotation of 3 NPUs at stride 1")
