"""No run is faster than its bound on a network whose links carry no more than their bandwidth."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.machines import network, system

from simastra import DeadlockError, NetworkConfig, Options, Simulation, Trace, TraceBuilder
from simastra.metrics import BoundPart
from simastra.network import BACKENDS
from simastra.network_graph import GraphAssembly, LinkAttributes, RoutingChoice
from simastra.network_graph.model import NPU
from simastra.network_graph.reduction import let_switches_reduce
from simastra.simulation.measures.overload import overloads
from simastra.trace import Node

PHYSICAL = [name for name, entry in BACKENDS.items() if entry.respects_bandwidth]
ALGORITHMS = st.sampled_from(["ring", "direct", "direct2", "oneRing", "oneDirect"])
SIZES = st.one_of(st.integers(1, 3_000), st.integers(1, 40).map(lambda it: it * 10_007))


@st.composite
def graphs(draw: st.DrawFn) -> NetworkConfig:
    """NPUs at some switches, which hang together as a tree, with a link or two across."""
    rates = st.sampled_from([1.0, 12.5, 46.6, 100.0])
    latencies = st.sampled_from([0.0, 1.5, 300.0])

    def link() -> LinkAttributes:
        return LinkAttributes(draw(rates), draw(latencies))

    npus, switches = draw(st.integers(2, 5)), draw(st.integers(1, 3))
    assembly = GraphAssembly()
    for npu in range(npus):
        assembly.add_node(f"npu.{npu}", NPU)
        assembly.add_link(f"npu.{npu}", f"s.{draw(st.integers(0, switches - 1))}", link())
        if draw(st.booleans()):
            assembly.add_link(f"npu.{npu}", f"npu.{(npu + 1) % npus}", link(), both_ways=False)
    for switch in range(1, switches):
        assembly.add_link(f"s.{switch}", f"s.{draw(st.integers(0, switch - 1))}", link())
    router = RoutingChoice(draw(st.sampled_from(["shortest-path", "ecmp"])))
    return NetworkConfig(graph=assembly.graph(router))


@st.composite
def products(draw: st.DrawFn) -> NetworkConfig:
    names = st.sampled_from(["Ring", "FullyConnected", "Switch"])
    shape = draw(st.lists(st.tuples(names, st.integers(2, 4)), min_size=1, max_size=2))
    rate, latency = draw(st.sampled_from([1.0, 50.0])), draw(st.sampled_from([0.0, 0.7, 500.0]))
    return network(*shape, bandwidth=rate, latency=latency)


def uneven(builder: TraceBuilder, kind: str, size: int, after: Sequence[Node], npus: int) -> Node:
    """A collective whose parts differ in size, some of nothing."""
    own = builder.npu or 0
    unequal = [size * (3 * npu % 4) for npu in range(npus)]
    if kind == "V":
        return builder.all_to_all("v", sizes=[*unequal[own:], *unequal[:own]], after=after)
    collective = builder.all_gather if kind == "H" else builder.reduce_scatter
    return collective("v", sizes=unequal, after=after)


def add(
    builder: TraceBuilder,
    kind: str,
    size: int,
    ends: tuple[int, int],
    after: Sequence[Node],
    npus: int,
) -> Node | None:
    """A node of a kind; a message only at its ends."""
    src, dst = ends
    if kind in "VHS":
        return uneven(builder, kind, size, after, npus)
    collectives = {"R": builder.all_reduce, "G": builder.all_gather, "A": builder.all_to_all}
    if kind in collectives:
        return collectives[kind]("c", size=size, after=after)
    if kind == "W":
        return builder.compute("w", micros=3, after=after)
    if builder.npu == src:
        return builder.send("m", size=size, to=dst, tag=7, after=after)
    if builder.npu == dst:
        return builder.recv("m", size=size, source=src, tag=7, after=after)
    return None


@st.composite
def work(draw: st.DrawFn, npus: int) -> Trace:
    """The same for all, but for computations of their own and messages between pairs."""
    alike = draw(st.booleans())
    kinds = draw(st.lists(st.sampled_from("CRGAMWVHS"), min_size=1, max_size=5))
    sizes = [draw(SIZES) for _ in kinds]
    chained = [draw(st.booleans()) for _ in kinds]
    ends = [draw(st.permutations(range(npus)))[:2] for _ in kinds]
    builders = [TraceBuilder(npu) for npu in range(npus)]
    for builder in builders:
        last = builder.compute("begin", micros=1 if alike else draw(st.integers(0, 30)))
        for kind, size, waits, (src, dst) in zip(kinds, sizes, chained, ends, strict=True):
            last = add(builder, kind, size, (src, dst), [last] if waits else [], npus) or last
    return Trace.of(builders)


def bounded(
    shape: NetworkConfig, trace: Trace, algorithm: str, backend: str, chunks: tuple[int, int]
) -> None:
    config = system(
        [algorithm] * shape.dimensions,
        local_mem_bw=10_000,
        endpoint_delay=1,
        preferred_dataset_splits=chunks[0],
        active_chunks_per_dimension=chunks[1],
    )
    options = Options(backend=backend, shortcuts="off")
    simulation = Simulation(trace, config, shape, options=options)
    try:
        result = simulation.run()
    except DeadlockError:  # a message waits behind a collective, which waits for its end
        return
    bound, before = result.bound, simulation.lower_bound()
    assert bound.time <= bound.makespan, bound
    assert before.time <= bound.makespan, before
    assert not list(overloads(simulation.experiment, result.nodes.__getitem__))
    assert BoundPart.LINKS in bound.parts or not bound.parts[BoundPart.PORTS]


@pytest.mark.filterwarnings("ignore::simastra.SimastraWarning")
@pytest.mark.parametrize("backend", PHYSICAL)
@settings(max_examples=40)
@given(st.data())
def test_no_run_on_a_graph_is_faster(backend: str, data: st.DataObject) -> None:
    shape = data.draw(graphs())
    trace, chunks = data.draw(work(shape.npus)), data.draw(st.tuples(*[st.integers(1, 4)] * 2))
    bounded(shape, trace, data.draw(st.sampled_from(["ring", "direct"])), backend, chunks)


@pytest.mark.filterwarnings("ignore::simastra.SimastraWarning")
@pytest.mark.parametrize("backend", PHYSICAL)
@settings(max_examples=40)
@given(st.data())
def test_no_run_on_a_product_of_dimensions_is_faster(backend: str, data: st.DataObject) -> None:
    shape = data.draw(products())
    trace, chunks = data.draw(work(shape.npus)), data.draw(st.tuples(*[st.integers(1, 4)] * 2))
    bounded(shape, trace, data.draw(ALGORITHMS), backend, chunks)


@pytest.mark.filterwarnings("ignore::simastra.SimastraWarning")
@pytest.mark.parametrize("backend", PHYSICAL)
@settings(max_examples=40)
@given(st.data())
def test_no_run_in_which_switches_reduce_is_faster(backend: str, data: st.DataObject) -> None:
    graph = data.draw(graphs()).graph
    assert graph is not None
    shape = NetworkConfig(graph=let_switches_reduce(graph))
    kinds = data.draw(st.lists(st.sampled_from(["all_reduce", "reduce_scatter", "all_gather"])))
    sizes = [data.draw(SIZES) for _ in kinds]
    builders = [TraceBuilder(npu) for npu in range(shape.npus)]
    for builder in builders:
        builder.compute("begin", micros=data.draw(st.integers(0, 30)))
        for kind, size in zip(kinds, sizes, strict=True):
            getattr(builder, kind)(kind, size=size)
    chunks = data.draw(st.tuples(*[st.integers(1, 4)] * 2))
    bounded(shape, Trace.of(builders), "sharp", backend, chunks)
