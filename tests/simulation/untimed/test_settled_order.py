"""The order of communication that no timing changes, against runs with all sorts of timings."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.machines import network, system

from simastra import Node, NodeType, Options, Simulation, Trace, TraceBuilder
from simastra.dialect import HOTI2024, MASTER, Dialect
from simastra.errors import DeadlockError
from simastra.simulation.untimed.settled import settled_orders
from simastra.workload import Program, Resource

NPUS = 2
RING = network(("Ring", NPUS))


def simulated(npus: Sequence[Sequence[Node]], dialect: Dialect) -> Simulation:
    options = Options(dialect=dialect, shortcuts="off")
    return Simulation(Trace.of(list(npus)), system(), RING, options=options)


def settled_order(program: Program, *, at_once: bool) -> Sequence[int]:
    return settled_orders(program, at_once=at_once)[Resource.GPU_COMMUNICATION]


def comp(index: int, micros: int, deps: Sequence[int]) -> Node:
    kind = NodeType.COMP
    return Node(index, "c", kind, tuple(deps), duration=1000 * micros, is_cpu_op=False)


def send(index: int, tag: int, deps: Sequence[int], to: int) -> Node:
    return Node(
        index,
        "s",
        NodeType.COMM_SEND,
        tuple(deps),
        is_cpu_op=False,
        comm_dst=to,
        comm_size=1 + 7000 * (tag % 3),
        comm_tag=1_000_000 + tag,
    )


def receive(index: int, tag: int, deps: Sequence[int], source: int) -> Node:
    other = send(index, tag, deps, 0)
    return replace(other, name="r", type=NodeType.COMM_RECV, comm_dst=None, comm_src=source)


@st.composite
def graphs(draw: st.DrawFn) -> list[tuple[str, tuple[int, ...]]]:
    """Kinds of nodes, and which each waits for; ids aren't always in order of dependencies."""
    count = draw(st.integers(2, 9))
    kinds = draw(
        st.lists(st.sampled_from(["comp", "send", "skip"]), min_size=count, max_size=count)
    )
    return [
        (kind, tuple(draw(st.sets(st.integers(0, place - 1), max_size=2)) if place else ()))
        for place, kind in enumerate(kinds)
    ]


@pytest.mark.parametrize("dialect", [HOTI2024, MASTER], ids=lambda it: it.name)
@given(data=st.data())
def test_every_run_begins_with_the_settled_order(dialect: Dialect, data: st.DataObject) -> None:
    graph = data.draw(graphs())
    ids = data.draw(st.permutations(range(1, len(graph) + 1)))
    begun: list[list[int]] = []
    for _ in range(4):
        nodes = []
        for place, (kind, deps) in enumerate(graph):
            waits_for = [ids[it] for it in deps]
            if kind == "send":
                nodes.append(send(ids[place], place, waits_for, 1))
            elif kind == "skip":
                nodes.append(
                    Node(ids[place], "m", NodeType.METADATA, tuple(waits_for), is_cpu_op=False)
                )
            else:
                micros = data.draw(st.integers(1, 30))
                nodes.append(comp(ids[place], micros, waits_for))
        simulation = simulated([nodes, []], dialect)
        records = simulation.run().nodes[0]
        begun.append(
            [it.node for it in sorted(records, key=lambda it: it.issued) if it.name == "s"]
        )
    program = simulation.experiment.programs[0]
    settled = settled_order(program, at_once=dialect.issues_freed_nodes_at_once)
    sent = [it for it in (program.graph.nodes[place] for place in settled) if it.name == "s"]
    for order in begun:
        assert order[: len(sent)] == [it.id for it in sent]


def order_of(builder: TraceBuilder) -> list[str]:
    simulation = Simulation(Trace.uniform(builder, NPUS), system(), RING)
    program = simulation.experiment.programs[0]
    needed = [it is Resource.GPU_COMMUNICATION for it in program.resources]
    assert sum(needed) >= len(settled_order(program, at_once=True))
    return [program.graph.nodes[it].name for it in settled_order(program, at_once=True)]


def test_a_chain_and_roots_are_settled_whole() -> None:
    builder = TraceBuilder()
    roots = [builder.all_reduce(f"root {number}", size=64) for number in range(3)]
    work = builder.compute("work", micros=1, after=roots[0])
    last = builder.all_reduce("after work", size=64, after=work)
    builder.all_reduce("last", size=64, after=last)
    assert order_of(builder) == ["root 0", "root 1", "root 2", "after work", "last"]


def test_gradients_in_the_order_of_a_backward_pass_are_settled() -> None:
    builder, before = TraceBuilder(), ()
    names = []
    for layer in range(50):
        before = builder.compute("backward", micros=1, after=before)  # type: ignore[assignment]
        builder.all_reduce(f"gradient {layer}", size=64, after=before)
        names.append(f"gradient {layer}")
    assert order_of(builder) == names


@pytest.mark.parametrize(("on_cpu", "settled"), [(False, ["first", "a", "b"]), (True, ["first"])])
def test_what_computations_of_two_units_race_for_is_not_settled(
    on_cpu: bool,  # noqa: FBT001  # pytest gives it
    settled: list[str],
) -> None:
    builder = TraceBuilder()
    builder.all_reduce("first", size=64)
    builder.all_reduce("a", size=64, after=builder.compute("x", micros=1))
    builder.all_reduce("b", size=64, after=builder.compute("y", micros=9, on_cpu=on_cpu))
    assert order_of(builder) == settled


def test_a_collective_too_many_hangs_whatever_the_order_is() -> None:
    def member(count: int) -> TraceBuilder:
        builder = TraceBuilder()
        for number in range(count):
            work = builder.compute("x", micros=1 + number, on_cpu=bool(number % 2))
            builder.all_reduce("a", size=64, after=work)
        return builder

    trace = Trace.of([member(4), member(3)])
    simulation = Simulation(trace, system(), RING)
    found = simulation.certain_deadlock()
    assert found is not None
    with pytest.raises(DeadlockError) as ran:
        simulation.run()
    assert found.waits == ran.value.waits
    even = Simulation(Trace.of([member(4), member(4)]), system(), RING)
    assert even.certain_deadlock() is None
    assert even.run().makespan


@pytest.mark.parametrize("dialect", [HOTI2024, MASTER], ids=lambda it: it.name)
@given(data=st.data())
def test_what_is_said_to_hang_hangs_whatever_anything_takes(
    dialect: Dialect, data: st.DataObject
) -> None:
    """Random sends and receives, some unmatched, some in another order, some after computations."""
    count = data.draw(st.integers(1, 4))
    kinds = [data.draw(st.permutations(range(count))) for _ in range(NPUS)]
    shapes = [
        [
            (
                data.draw(st.sampled_from(["message", "comp"])),
                data.draw(st.sets(st.integers(0, place - 1), max_size=1)) if place else set(),
            )
            for place in range(2 * count)
        ]
        for _ in range(NPUS)
    ]
    verdicts, hangs = [], []
    for _ in range(3):
        npus = []
        for npu in range(NPUS):
            nodes = []
            for place, (kind, deps) in enumerate(shapes[npu]):
                waits_for = [it + 1 for it in sorted(deps)]
                if kind == "comp":
                    nodes.append(comp(place + 1, data.draw(st.integers(1, 20)), waits_for))
                    continue
                tag = kinds[npu][place % count]
                half = send if (tag + npu) % 2 else receive
                nodes.append(half(place + 1, tag, waits_for, 1 - npu))
            npus.append(nodes)
        simulation = simulated(npus, dialect)
        verdicts.append(simulation.certain_deadlock() is not None)
        try:
            simulation.run()
            hangs.append(False)
        except DeadlockError:
            hangs.append(True)
    assert len(set(verdicts)) == 1  # it knows no times
    if verdicts[0]:
        assert all(hangs)
