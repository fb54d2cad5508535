"""What larger searches by random cases found, cut down; each once came out wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from random_case import ONE_BYTE_PER_NS
from shortcut_oracle import Compared, compare_simulation
from support.machines import KEYS, network, one_collective, system

from simastra.config import CommGroups, NetworkConfig
from simastra.dialect import HOTI2024, MASTER
from simastra.shortcut_use import Shortcut
from simastra.simulation import Options, Simulation
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import MiB

MASTER_ALWAYS = Options(shortcuts="always", dialect=MASTER)
AT_ONCE = {"endpoint_delay": 0, "local_mem_bw": 0}


def compared(simulation: Simulation, *taken: Shortcut) -> Compared:
    """The same both ways, with the order known, and by these shortcuts."""
    outcome = compare_simulation(simulation)
    assert outcome.differences == ()
    assert {use.shortcut for use in outcome.shortcuts if use.taken} == set(taken)
    return outcome


def two_by_two(*, receive: bool) -> Simulation:
    """0 sends to 3, 1 to 0, 2 to 1, 3 to 2: every other message has two hops; links take no time.

    Turning the outer dimension leaves this as it is; 0 and 1 stand for all.
    """
    builders = [TraceBuilder(npu) for npu in range(4)]
    for npu, builder in enumerate(builders):
        builder.send("to the one before", size=8, to=(npu - 1) % 4, tag=1)
    if receive:
        for npu, builder in enumerate(builders):
            builder.recv("from the next", size=8, source=(npu + 1) % 4, tag=1)
    shape = network(("Ring", 2), ("Ring", 2), bandwidth=1000 * ONE_BYTE_PER_NS, latency=1)
    return Simulation(Trace.of(builders), system(("ring", "ring")), shape, options=MASTER_ALWAYS)


def test_an_npu_that_ends_by_an_event_of_its_receivers() -> None:
    """A send ends when the message arrives: in another place than the NPU that ends."""
    assert compared(two_by_two(receive=False), Shortcut.FOLD).order_is_known


def test_sender_and_receiver_that_end_in_one_event_end_in_that_order() -> None:
    assert compared(two_by_two(receive=True), Shortcut.FOLD).order_is_known


def test_chunks_for_another_queue_start_first_while_one_is_about_to_leave_its_own() -> None:
    """The second all-reduce was looked up; the third collective's chunks then started otherwise."""
    trace = TraceBuilder()
    trace.all_reduce("first", size=MiB)
    trace.all_reduce("second", size=MiB)
    trace.reduce_scatter("third", size=6)
    shape = network(("Switch", 6), bandwidth=3.7, latency=1)
    two_chunks = system(scheduling_policy="FIFO", preferred_dataset_splits=2, **AT_ONCE)
    options = replace(MASTER_ALWAYS, queues_per_dimension=2)
    compared(Simulation(trace, two_chunks, shape, options=options), Shortcut.FOLD)


def test_a_shared_bus_remembers_when_it_was_last_used() -> None:
    """So a collective's time depends on the gap before it, and none is looked up."""
    trace = TraceBuilder()
    before: Any = ()
    for micros in (0, 1, 0, 2, 0):
        before = trace.all_reduce("gradients", size=6000, after=before)
        before = trace.compute("gap", micros=micros, num_ops=1, after=before)
    bus = {"model_shared_bus": 1, "L": 5, "o": 3, "g": 4000, "G": 0.01}
    shape = network(("Ring", 3), latency=1)
    compared(Simulation(trace, system(**bus), shape, options=MASTER_ALWAYS), Shortcut.FOLD)


def test_a_process_that_is_refused_is_missed_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """SimPy holds its refusal back; what else the NPU waited for came first."""
    monkeypatch.setattr("simastra.simulation.shortcuts.attempt._MOST_SPARED", 0)
    monkeypatch.setattr("simastra.engine.Agenda.times", ())  # nobody looks ahead
    trace = TraceBuilder()
    first = trace.reduce_scatter("first", size=4)
    trace.reduce_scatter("second", size=4)
    nodes = (*trace.nodes, replace(trace.compute("beside", micros=0, after=first), duration=16))
    slow_endpoint = system(endpoint_delay=3, local_mem_bw=1, preferred_dataset_splits=1)
    shape = network(("Ring", 2), bandwidth=ONE_BYTE_PER_NS, latency=2)
    simulation = Simulation(Trace.uniform(nodes, 2), slow_endpoint, shape, options=MASTER_ALWAYS)
    outcome = compare_simulation(simulation)
    assert outcome.differences == ()
    assert Shortcut.MEMO in {use.shortcut for use in outcome.shortcuts if not use.taken}


def test_rivals_are_found_after_an_earlier_phase_with_the_same_tag() -> None:
    """All of it happens at 0 ns; messages of the second dimension come in an order by number."""
    settings = {key: ["ring", "ring"] for key in KEYS.values()}
    settings["all-reduce-implementation"] = ["halvingDoubling", "direct2"]
    config = system(
        ("ring", "ring"), preferred_dataset_splits=1, collective_optimization="baseline", **AT_ONCE
    ).model_copy(update={"all_reduce_implementation": ("halvingDoubling", "direct2")})
    shape = NetworkConfig.parse(
        {
            "topology": ["Ring", "Ring"],
            "npus_count": [2, 3],
            "bandwidth": [50.0, 3.7],
            "latency": [0, 0],
        }
    )
    options = replace(MASTER_ALWAYS, backend="congestion-unaware")
    trace = one_collective(CollectiveType.ALL_REDUCE, 1)
    outcome = compared(Simulation(trace, config, shape, options=options), Shortcut.FOLD)
    assert outcome.order_is_known  # it is made out, NPU by NPU


def test_messages_whose_tags_are_those_of_streams() -> None:
    """In hoti2024 the second all-reduce takes the message for its own: both have tag 1."""
    builders = [TraceBuilder(npu) for npu in range(2)]
    for npu, builder in enumerate(builders):
        node = builder.send("tag 1", size=500, to=1 - npu, tag=1)
        node = builder.all_reduce("stream 0", size=1000, after=node)
        gap = builder.compute("gap", micros=3, after=node)
        node = builder.all_reduce("stream 1", size=1000, after=gap)
        builder.recv("tag 1", size=500, source=1 - npu, tag=1, after=node)
    one_chunk = system(preferred_dataset_splits=1)
    options = Options(shortcuts="always")
    simulation = Simulation(Trace.of(builders), one_chunk, network(("Ring", 2)), options=options)
    outcome = compare_simulation(simulation)
    assert outcome.differences == ()


def test_a_group_of_all_npus_that_collectives_need_not_name_heeds_no_dimensions() -> None:
    """In hoti2024 `direct` ran in it, too; halving-doubling's exchanges turn its sends round."""
    trace = TraceBuilder()
    first = trace.reduce_scatter("direct", size=4, dims=[False])
    second = trace.reduce_scatter("direct again", size=4, dims=[False], after=first)
    trace.all_gather("halving", size=4, after=second)
    settings = {"all_gather_implementation": ["halvingDoubling"], "preferred_dataset_splits": 1}
    simulation = Simulation(
        trace,
        system(("direct",), **settings),
        network(("Switch", 4)),
        comm_groups=CommGroups.parse({"0": [0, 1, 2, 3]}),
        options=Options("congestion-unaware", dialect=HOTI2024, shortcuts="always"),
    )
    outcome = compared(simulation, Shortcut.FOLD)
    assert outcome.order_is_known
    assert "exchange" not in outcome.shortcuts[0].reason
