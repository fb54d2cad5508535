"""Examples of two NPUs (and a few more) whose every nanosecond can be counted by hand."""

import pytest
from npu_pairs import SIZE, late_sender, names, simulate, told
from support.machines import network, system

from simastra.config import MemoryConfig
from simastra.errors import DeadlockError, OptionError
from simastra.explain import Category, NodeWait
from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import Trace, TraceBuilder
from simastra.units import KiB

COMPUTE, ENDPOINT, REDUCTION = Category.COMPUTE, Category.ENDPOINT, Category.REDUCTION
LATENCY, SERIALISATION, MEMORY = Category.LATENCY, Category.SERIALISATION, Category.MEMORY
QUEUEING, PARTNER, UNIT = Category.QUEUEING, Category.PARTNER, Category.UNIT
BACKENDS = ("congestion-aware", "congestion-unaware")


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_receiver_waits_for_its_partner_and_then_for_the_message(backend: str) -> None:
    explanation = simulate(late_sender(), backend=backend).explain()
    spans = explanation.timeline(1)
    assert told(spans) == [
        (0, 2000, COMPUTE),
        (2000, 5000, PARTNER),
        (5000, 6220, SERIALISATION),
        (6220, 6720, LATENCY),
        (6720, 7720, COMPUTE),
    ]
    assert names(spans) == ["forward", "activations", "activations", "activations", "next"]
    assert [(span.npu, span.peer) for span in spans[1:4]] == [(1, 0), (0, 1), (0, 1)]
    assert explanation.attribution(1).partners == {0: 3000}


def test_a_sender_waits_for_its_message_and_is_idle_at_last() -> None:
    explanation = simulate(late_sender()).explain()
    assert told(explanation.timeline(0)) == [
        (0, 5000, COMPUTE),
        (5000, 6220, SERIALISATION),
        (6220, 6720, LATENCY),
    ]
    attribution = explanation.attribution(0)
    assert (attribution.finish, attribution.total) == (6720, 7720)
    assert attribution.times[Category.IDLE] == 1000


def test_the_critical_path_crosses_to_the_partner() -> None:
    explanation = simulate(late_sender()).explain()
    path = explanation.critical_path()
    assert explanation.last == 1
    assert told(path) == [
        (0, 5000, COMPUTE),
        (5000, 6220, SERIALISATION),
        (6220, 6720, LATENCY),
        (6720, 7720, COMPUTE),
    ]
    assert [span.npu for span in path] == [0, 0, 0, 1]
    assert names(path) == ["forward", "activations", "activations", "next"]
    assert explanation.critical_path(0) == path[:3]


def test_what_a_receiver_waits_for_is_only_what_is_left_of_a_message() -> None:
    explanation = simulate(late_sender(sender=1, receiver=2)).explain()
    assert told(explanation.timeline(1)) == [
        (0, 2000, COMPUTE),
        (2000, 2220, SERIALISATION),
        (2220, 2720, LATENCY),
        (2720, 3720, COMPUTE),
    ]


def test_a_message_that_is_there_already_is_not_waited_for() -> None:
    explanation = simulate(late_sender(sender=1, receiver=9)).explain()
    assert told(explanation.timeline(1)) == [(0, 9000, COMPUTE), (9000, 10000, COMPUTE)]


def test_a_ring_all_reduce_of_two() -> None:
    # 4 KiB a message: 76 ns on the wire, then 500 ns; its reduction takes 3 * 81 ns.
    npus = [TraceBuilder(0), TraceBuilder(1)]
    for npu, builder in enumerate(npus):
        before = builder.compute("forward", micros=5 - 3 * npu)
        builder.all_reduce("gradients", size=8 * KiB, after=before)
    explanation = simulate(npus).explain()
    assert told(explanation.timeline(1)) == [
        (0, 2000, COMPUTE),
        (2000, 2010, ENDPOINT),
        (2010, 5010, PARTNER),
        (5010, 5086, SERIALISATION),
        (5086, 5586, LATENCY),
        (5586, 5596, ENDPOINT),
        (5596, 5839, REDUCTION),
        (5839, 5849, ENDPOINT),
    ]
    path = explanation.critical_path()
    assert told(path) == [
        (0, 5000, COMPUTE),
        (5000, 5010, ENDPOINT),
        (5010, 5086, SERIALISATION),
        (5086, 5586, LATENCY),
        (5586, 5596, ENDPOINT),
        (5596, 5839, REDUCTION),
        (5839, 5915, SERIALISATION),
        (5915, 6415, LATENCY),
        (6415, 6425, ENDPOINT),
    ]
    assert [span.npu for span in path] == [0, 0, 0, 0, 1, 1, 1, 1, 0]
    assert set(names(path)) == {"forward", "gradients"}


def test_a_message_behind_another_is_queueing_on_its_link() -> None:
    # 0 and 1 send at once; the switch has one link to 2.
    npus = [TraceBuilder(npu) for npu in range(3)]
    npus[0].send("far", size=SIZE, to=2)
    npus[1].send("near", size=SIZE, to=2)
    npus[2].recv("near", size=SIZE, source=1)
    npus[2].recv("far", size=SIZE, source=0)
    explanation = simulate(
        npus, net=network(("Switch", 3)), dialect=dialect_named("master")
    ).explain()
    assert told(explanation.timeline(2)) == [
        (0, 1220, SERIALISATION),
        (1220, 1720, LATENCY),
        (1720, 2940, QUEUEING),
        (2940, 4160, SERIALISATION),
        (4160, 4660, LATENCY),
    ]
    waiting = explanation.timeline(2)[2]
    assert waiting.link == (3, 2)
    path = explanation.critical_path(2)
    assert path[2].category is QUEUEING
    assert path[2].link == (3, 2)


def test_a_handshake_is_waited_for_before_its_message() -> None:
    # The handshake of 8192 bytes takes 152 ns on the wire, then 500 ns.
    explanation = simulate(late_sender(sender=5, receiver=2), rendezvous=True).explain()
    assert told(explanation.timeline(0)) == [
        (0, 5000, COMPUTE),
        (5000, 6220, SERIALISATION),
        (6220, 6720, LATENCY),
    ]
    assert told(explanation.timeline(1)) == [
        (0, 2000, COMPUTE),
        (2000, 2152, SERIALISATION),
        (2152, 2652, LATENCY),
        (2652, 5000, PARTNER),
        (5000, 6220, SERIALISATION),
        (6220, 6720, LATENCY),
        (6720, 7720, COMPUTE),
    ]
    late = simulate(late_sender(sender=2, receiver=5), rendezvous=True).explain()
    assert told(late.timeline(0))[:4] == [
        (0, 2000, COMPUTE),
        (2000, 5000, PARTNER),
        (5000, 5152, SERIALISATION),
        (5152, 5652, LATENCY),
    ]


def test_a_memory_that_serves_another_npu_is_a_busy_unit() -> None:
    npus = [TraceBuilder(0), TraceBuilder(1)]
    for npu, builder in enumerate(npus):
        before = builder.compute("before", micros=1 + npu)
        builder.load("weights", tensor_size=10_000, after=before)
    pool = MemoryConfig.parse(
        {"memory-type": "MEMORY_POOL", "remote-mem-latency": 500, "remote-mem-bw": 10}
    )
    explanation = Simulation(Trace.of(npus), system(), network(("Ring", 2)), pool).explain()
    assert told(explanation.timeline(1)) == [
        (0, 2000, COMPUTE),
        (2000, 2500, UNIT),
        (2500, 4000, MEMORY),
    ]
    assert told(explanation.timeline(0)) == [(0, 1000, COMPUTE), (1000, 2500, MEMORY)]
    path = explanation.critical_path()
    assert [(span.npu, span.category) for span in path] == [
        (0, COMPUTE),
        (0, MEMORY),
        (1, MEMORY),
    ]


def test_what_the_own_unit_does_explains_what_waits_for_it() -> None:
    trace = TraceBuilder()
    trace.compute("first", micros=3)
    trace.compute("second", micros=4)
    explanation = Simulation(trace, system(), network(("Ring", 2))).explain()
    assert told(explanation.timeline(0)) == [(0, 3000, COMPUTE), (3000, 7000, COMPUTE)]
    assert explanation.node_waits(0) == (
        NodeWait(0, 1, "first", dependency=0, unit=0, running=3000),
        NodeWait(0, 2, "second", dependency=0, unit=3000, running=4000),
    )


def test_a_node_waits_for_what_it_depends_on() -> None:
    waits = simulate(late_sender()).explain().node_waits(1)
    assert waits[1] == NodeWait(1, 2, "activations", dependency=2000, unit=0, running=4720)
    assert waits[2] == NodeWait(1, 3, "next", dependency=6720, unit=0, running=1000)
    assert [wait.finished for wait in waits] == [2000, 6720, 7720]


def test_an_npu_without_nodes_is_idle() -> None:
    npus = [TraceBuilder(0), TraceBuilder(1)]
    npus[1].compute("alone", micros=2)
    explanation = simulate(npus).explain()
    assert explanation.timeline(0) == ()
    assert explanation.attribution(0).times[Category.IDLE] == 2000
    assert explanation.critical_path(0) == ()


def test_nothing_at_all_is_explained_too() -> None:
    explanation = Simulation(TraceBuilder(), system(), network(("Ring", 2))).explain()
    assert explanation.makespan == 0
    assert explanation.critical_path() == ()
    assert str(explanation)


def test_a_hang_has_no_explanation_but_its_own() -> None:
    npus = [TraceBuilder(0), TraceBuilder(1)]
    npus[1].recv("never sent", size=SIZE, source=0)
    with pytest.raises(DeadlockError, match="missing send"):
        simulate(npus).explain()


def test_an_npu_that_is_not_there_is_refused() -> None:
    explanation = simulate(late_sender()).explain()
    for ask in (
        explanation.timeline,
        explanation.attribution,
        explanation.critical_path,
        explanation.node_waits,
    ):
        with pytest.raises(OptionError, match="must be from 0 to 1, not 2"):
            ask(2)


def test_options_hold_for_the_explanation() -> None:
    options = Options(shortcuts="always")
    trace = TraceBuilder()
    trace.all_reduce("gradients", size=64 * KiB)
    simulation = Simulation(trace, system(), network(("Ring", 4)), options=options)
    assert simulation.run().makespan == simulation.explain().makespan


@pytest.mark.parametrize("early", [1, 2, 3])
def test_of_messages_alike_only_those_that_have_come_are_not_waited_for(early: int) -> None:
    """So many have come when 1 has computed; the last is sent later."""
    npus = [TraceBuilder(0), TraceBuilder(1)]
    for _ in range(early):
        npus[0].send("early", size=SIZE, to=1)
    late = npus[0].compute("forward", micros=20)
    npus[0].send("late", size=SIZE, to=1, after=late)
    received = npus[1].compute("forward", micros=10)
    for _ in range(early + 1):
        received = npus[1].recv("receive", size=SIZE, source=0, after=received)
    spans = simulate(npus).explain().timeline(1)
    assert told(spans) == [
        (0, 10_000, COMPUTE),
        (10_000, 20_000, PARTNER),
        (20_000, 21_220, SERIALISATION),
        (21_220, 21_720, LATENCY),
    ]
