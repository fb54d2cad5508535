"""Each reason against a shortcut, by the smallest case that has it; and the plain path then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from random_case import ONE_BYTE_PER_NS
from shortcut_oracle import compare_simulation
from support.machines import network, one_collective, system

from simastra.config import CommGroups, MemoryConfig
from simastra.dialect import MASTER
from simastra.errors import DeadlockError
from simastra.network import BACKENDS, Network
from simastra.network.topology import TOPOLOGIES, LineSymmetry, RingTopology
from simastra.shortcut_use import Shortcut, ShortcutUse
from simastra.simulation import Options, Simulation
from simastra.simulation.shortest import shortest_run
from simastra.simulation.tables import Tables
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import KiB

ALWAYS = Options(shortcuts="always")
MASTER_ALWAYS = Options(shortcuts="always", dialect=MASTER)
EXTENDED = replace(MASTER_ALWAYS, dialect=replace(MASTER, extended_collectives=True))
ALL_REDUCE = one_collective(CollectiveType.ALL_REDUCE, 8 * KiB)


def considered(simulation: Simulation) -> dict[Shortcut, ShortcutUse]:
    """What was considered; checked against the plain path."""
    assert compare_simulation(simulation).differences == ()
    return {use.shortcut: use for use in simulation.run().shortcuts}


def refusal(simulation: Simulation, shortcut: Shortcut = Shortcut.FOLD) -> str:
    use = considered(simulation)[shortcut]
    assert not use.taken
    return use.reason


def skewed(npus: int = 4) -> Trace:
    """Computations of their own, then an all-reduce."""
    builders = [TraceBuilder(npu) for npu in range(npus)]
    for npu, builder in enumerate(builders):
        own = builder.compute("own", micros=1 + npu)
        builder.all_reduce("gradients", size=8 * KiB, after=own)
    return Trace.of(builders)


def simulation(
    trace: Trace | TraceBuilder,
    *dimensions: tuple[str, int],
    algorithms: Sequence[str] = ("ring",),
    options: Options = ALWAYS,
    **more: Any,
) -> Simulation:
    inputs = {key: more.pop(key) for key in ("memory", "comm_groups") if key in more}
    shape = network(*(dimensions or (("Ring", 4),)))
    return Simulation(trace, system(algorithms, **more), shape, options=options, **inputs)


# -- what no shortcut understands ------------------------------------------------------------------


@pytest.mark.parametrize("shortcut", [Shortcut.FOLD, Shortcut.SKEW])
def test_handshakes(shortcut: Shortcut) -> None:
    options = replace(ALWAYS, rendezvous=True)
    assert refusal(simulation(skewed(), options=options), shortcut) == (
        "messages are preceded by handshakes"
    )


@pytest.mark.parametrize("shortcut", [Shortcut.FOLD, Shortcut.SKEW])
def test_a_backend_of_ones_own(shortcut: Shortcut) -> None:
    def mine(*machine: Any) -> Network:
        return BACKENDS["congestion-unaware"].make(*machine)

    tables = Tables(backends={**BACKENDS, "mine": mine})
    options = Options(shortcuts="always", backend="mine", tables=tables)
    assert refusal(simulation(ALL_REDUCE, options=options), shortcut) == (
        "nothing is known about the network backend 'mine'"
    )


@pytest.mark.parametrize("shortcut", [Shortcut.FOLD, Shortcut.SKEW])
def test_a_memory_that_npus_queue_for(shortcut: Shortcut) -> None:
    trace = TraceBuilder()
    trace.load("weights", tensor_size=KiB)
    pool = MemoryConfig(memory_type="MEMORY_POOL", remote_mem_bw=1)
    assert refusal(simulation(trace, memory=pool), shortcut) == "NPUs queue for remote memory"


def test_a_shared_memory_that_nobody_uses_is_no_obstacle() -> None:
    pool = MemoryConfig(memory_type="MEMORY_POOL", remote_mem_bw=1)
    assert considered(simulation(ALL_REDUCE, memory=pool))[Shortcut.FOLD].taken


def test_a_root() -> None:
    trace = TraceBuilder()
    trace.broadcast("weights", size=KiB)
    assert refusal(simulation(trace, options=EXTENDED)) == (
        "no rotation of 4 NPUs at stride 1: NPU 1 isn't to its neighbours what NPU 0 is: "
        "BROADCAST has a root, which is unlike the other NPUs"
    )


# -- what rules out folding ------------------------------------------------------------------------


def test_an_npu_that_does_something_else() -> None:
    with_one_more = TraceBuilder()
    with_one_more.compute("more", micros=1)
    trace = Trace.of([*[TraceBuilder()] * 3, with_one_more])
    reason = refusal(simulation(trace))
    assert reason.startswith("no rotation of 4 NPUs at stride 1: NPU 3 isn't to its neighbours")


def test_a_message_that_goes_nowhere_else() -> None:
    builders = [TraceBuilder(npu) for npu in range(2)]
    builders[0].send("a", size=8, to=1)
    builders[1].recv("a", size=8, source=0)
    assert "NPU 1 isn't to its neighbours what NPU 0 is" in refusal(
        simulation(Trace.of(builders), ("Ring", 2))
    )


def test_halving_doubling_on_a_physical_ring() -> None:
    """Its partners are mapped to partners by exchanges, a ring's links to links by rotations: half
    of the way round is both."""
    case = simulation(ALL_REDUCE, ("Ring", 8), algorithms=("halvingDoubling",))
    assert considered(case)[Shortcut.FOLD].reason == (
        "8 NPUs as 4, by rotation by 4 of 8 NPUs at stride 1"
    )
    odd = simulation(ALL_REDUCE, ("Ring", 2), ("Ring", 8), algorithms=("ring", "halvingDoubling"))
    assert compare_simulation(odd).differences == ()


def test_double_binary_tree() -> None:
    for topology in TOPOLOGIES:
        case = simulation(ALL_REDUCE, (topology, 8), algorithms=("doubleBinaryTree",))
        assert "doubleBinaryTree would exchange with other NPUs" in refusal(case)


def test_a_topology_that_promises_nothing() -> None:
    class Unpromising(RingTopology):  # type: ignore[misc]
        @property
        def symmetry(self) -> LineSymmetry:
            return LineSymmetry.NONE

    tables = Tables(topologies={**TOPOLOGIES, "Unpromising": Unpromising})
    options = replace(ALWAYS, tables=tables)
    shape = network(("Ring", 4)).model_copy(update={"topology": ("Unpromising",)})
    case = Simulation(ALL_REDUCE, system(), shape, options=options)
    assert refusal(case) == (
        "no rotation of 4 NPUs at stride 1: links of a Unpromising don't go to links"
    )


def test_an_algorithm_over_all_npus_of_several_dimensions() -> None:
    case = simulation(
        ALL_REDUCE,
        ("Switch", 4),
        ("Switch", 2),
        algorithms=("oneHalvingDoubling", "oneHalvingDoubling"),
    )
    assert refusal(case) == (
        "no rotation of 4 NPUs at stride 1: "
        "oneHalvingDoubling runs over all NPUs, whatever the dimensions"
    )


def test_process_groups_that_do_not_correspond() -> None:
    groups = CommGroups.parse({"1": [0, 1, 2], "2": [3]})
    assert "their process groups don't correspond" in refusal(
        simulation(ALL_REDUCE, comm_groups=groups)
    )


def test_a_tie_that_only_the_numbers_of_npus_decide() -> None:
    """NPUs 0 and 2 have each sent to NPU 1 by 8 ns; both messages want the link down to it.

    NPU 0's is its first, and NPU 2's its second, so they go back to the starts of NPUs 0 and 2: it
    is NPU 0's turn. At NPU 0 it is the turn of NPU 1, whose message there is its second.
    """
    shape = network(("Switch", 3), bandwidth=ONE_BYTE_PER_NS, latency=0)
    without_delays = system(
        ("direct",), endpoint_delay=0, local_mem_bw=0, preferred_dataset_splits=1
    )
    trace = one_collective(CollectiveType.ALL_TO_ALL, 3 * 4)
    assert refusal(Simulation(trace, without_delays, shape, options=ALWAYS)) == (
        "at 8 ns the numbers of the NPUs decide what comes first "
        "at link 1 of the way from NPU 0 to NPU 1"
    )
    later = system(("direct",), endpoint_delay=1, local_mem_bw=0, preferred_dataset_splits=1)
    apart = network(("FullyConnected", 3), bandwidth=ONE_BYTE_PER_NS, latency=0)
    assert considered(Simulation(trace, later, apart, options=ALWAYS))[Shortcut.FOLD].taken


# -- what rules out computing rings whose members start at different times -------------------------


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"active_chunks_per_dimension": 2},
            "several chunks of a collective are under way at once",
        ),
        ({"model_shared_bus": 1}, "packets share a bus"),
        ({"algorithms": ("direct",)}, "direct isn't a ring"),
        (
            {"options": replace(ALWAYS, queues_per_dimension=2)},
            "several chunks of a collective are under way at once",
        ),
        (
            {"comm_groups": CommGroups.parse({"1": [0, 1], "2": [2, 3]})},
            "there are process groups",
        ),
    ],
    ids=["chunks", "bus", "algorithm", "queues", "groups"],
)
def test_what_is_no_ring_of_one_chunk_at_a_time(changes: dict[str, Any], reason: str) -> None:
    assert refusal(simulation(skewed(), **changes), Shortcut.SKEW) == reason


def test_several_dimensions() -> None:
    case = simulation(skewed(), ("Ring", 2), ("Ring", 2), algorithms=("ring", "ring"))
    assert refusal(case, Shortcut.SKEW) == "the network has several dimensions"


def test_messages_beside_collectives() -> None:
    builders = [TraceBuilder(npu) for npu in range(4)]
    builders[0].send("a", size=8, to=1)
    builders[1].recv("a", size=8, source=0)
    for builder in builders:
        builder.all_reduce("gradients", size=KiB)
    case = simulation(Trace.of(builders), options=MASTER_ALWAYS)
    assert refusal(case, Shortcut.SKEW) == "NPUs send messages beside collectives"


def test_a_collective_and_a_computation_that_end_together() -> None:
    """NPU 0's computation is as long as all that comes before its collective's end."""
    builders = [TraceBuilder(npu) for npu in range(4)]
    for npu, builder in enumerate(builders):
        own = builder.compute("own", micros=1 + npu)
        builder.all_reduce("gradients", size=4 * 1000, after=own)
    fast = {"local_mem_bw": 0, "endpoint_delay": 0, "preferred_dataset_splits": 1}
    shape = network(("Ring", 4), bandwidth=ONE_BYTE_PER_NS, latency=0)
    apart = Simulation(Trace.of(builders), system(**fast), shape, options=MASTER_ALWAYS)
    assert considered(apart)[Shortcut.SKEW].taken
    end = apart.run().cycles[0]
    assert end == 10_000  # the last start at 4 us, and six steps of 1 us
    builders[0].compute("as long", micros=9, after=builders[0].nodes[0])
    together = Simulation(Trace.of(builders), system(**fast), shape, options=MASTER_ALWAYS)
    assert refusal(together, Shortcut.SKEW) == (
        "at 10000 ns a collective and another node end together on NPU 0"
    )


def test_different_collectives_at_once() -> None:
    builders = [TraceBuilder(npu) for npu in range(2)]
    builders[0].all_reduce("a", size=64)
    builders[0].all_gather("b", size=64)
    builders[1].all_gather("b", size=64)
    builders[1].all_reduce("a", size=64)
    case = simulation(Trace.of(builders), ("Ring", 2))
    assert compare_simulation(case).deadlock
    run = shortest_run(case.experiment)
    with pytest.raises(DeadlockError):
        run.run()
    assert [use.reason for use in run.result().shortcuts if use.shortcut is Shortcut.SKEW] == [
        "NPUs are in different collectives at once"
    ]


# -- what rules out looking collectives up ---------------------------------------------------------


def repeated(between: int | None = None) -> TraceBuilder:
    """Three all-reduces one after the other; the second beside a computation of so many us."""
    trace = TraceBuilder()
    first = trace.all_reduce("first", size=2 * 1000)
    gap = trace.compute("gap", micros=1, after=first)
    second = trace.all_reduce("second", size=2 * 1000, after=gap)
    if between is not None:
        trace.compute("beside", micros=between, after=gap)
    gap = trace.compute("gap", micros=1, after=second)
    trace.all_reduce("third", size=2 * 1000, after=gap)
    return trace


def repeated_on_two(between: int | None = None, **changes: Any) -> Simulation:
    """Steps of 1 us at the endpoint or on a link: an all-reduce is five of them long."""
    options = replace(MASTER_ALWAYS, **changes)
    fast = system(local_mem_bw=0, endpoint_delay=1000, preferred_dataset_splits=1)
    shape = network(("Ring", 2), bandwidth=ONE_BYTE_PER_NS, latency=0)
    return Simulation(repeated(between), fast, shape, options=options)


def test_a_collective_is_looked_up_the_next_time() -> None:
    assert considered(repeated_on_two())[Shortcut.MEMO].reason == "2 of 3 collectives"


def test_a_node_that_ends_just_when_a_collective_would_do_something() -> None:
    """That collective is simulated."""
    assert considered(repeated_on_two(between=1))[Shortcut.MEMO].reason == "1 of 3 collectives"


def test_nothing_is_looked_up_where_nodes_often_end_just_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each time, all begins anew."""
    monkeypatch.setattr("simastra.simulation.shortcuts.attempt._MOST_SPARED", 0)
    monkeypatch.setattr("simastra.engine.Agenda.times", ())  # nobody looks ahead
    uses = considered(repeated_on_two(between=1))
    assert uses[Shortcut.MEMO] == ShortcutUse(
        Shortcut.MEMO,
        taken=False,
        reason="at 7000 ns another node ends just when a collective would do something",
    )
    assert uses[Shortcut.FOLD].taken


def test_a_node_that_ends_between_is_no_obstacle() -> None:
    trace = repeated()
    trace.compute("beside", num_ops=0, micros=0, after=trace.nodes[1])  # 1 ns, as master has it
    fast = system(local_mem_bw=0, endpoint_delay=0, preferred_dataset_splits=1)
    shape = network(("Ring", 2), bandwidth=ONE_BYTE_PER_NS, latency=0)
    case = Simulation(trace, fast, shape, options=MASTER_ALWAYS)
    assert considered(case)[Shortcut.MEMO].reason == "2 of 3 collectives"


def test_several_queues_are_not_looked_up() -> None:
    """A chunk that ends leaves its queue only after the next collective has begun."""
    assert Shortcut.MEMO not in considered(repeated_on_two(queues_per_dimension=2))
