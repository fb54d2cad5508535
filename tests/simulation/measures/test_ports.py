"""What the links at an NPU carry, and what rounding may hide of a message."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.machines import network, system

from simastra import NetworkConfig, Options, Simulation, TraceBuilder
from simastra.network import LinkTiming, build_dimensions
from simastra.network.topology import BasicTopology
from simastra.simulation.measures.ports import (
    DimensionPorts,
    GraphPorts,
    hidden_bytes,
    link_bandwidth,
    ports_of,
)

ALONG = frozenset((0,))


class Tail(BasicTopology):
    """NPU 0 has a link to each; the others reach each other over it. It promises nothing."""

    def route(self, src: int, dst: int) -> tuple[int, ...]:
        return (src, dst) if 0 in {src, dst} else (src, 0, dst)


@given(st.integers(0, 10**9), st.floats(0.01, 1000))
def test_what_is_left_of_a_message_takes_as_long_as_the_link_says(size: int, rate: float) -> None:
    on_wire, _ = LinkTiming(0.0, rate)[size]
    left = size - hidden_bytes(size, [rate])
    assert left / rate <= on_wire + 1e-6
    assert size - hidden_bytes(size, [rate, rate / 2]) <= left + rate * 1e-6


def test_dimensions_add_up_and_members_span_those_in_which_they_differ() -> None:
    shape = network(("FullyConnected", 4), ("Ring", 4), ("Switch", 3))
    ports, rate = DimensionPorts(build_dimensions(shape)), shape.bytes_per_ns[0]
    spans = [ports.span(members) for members in ((0, 3), (1, 13), (0, 32), (5, 22))]
    assert spans == [{0}, {1}, {2}, {0, 2}]
    assert [ports.sending(7, span) / rate for span in spans] == pytest.approx([3, 2, 1, 4])
    assert ports.receiving(7, spans[3]) == ports.sending(7, spans[3])
    assert ports.latency == 500


def test_the_npu_with_most_links_counts_where_nothing_is_promised() -> None:
    rate = LinkTiming(300.0, 10.0)
    assert DimensionPorts([Tail(4, rate)]).sending(3, ALONG) == 30
    assert math.isinf(DimensionPorts([Tail(65, rate)]).sending(3, ALONG))


def test_npus_of_a_graph_have_ports_of_their_own() -> None:
    links = [
        {"from": "npu[0:2]", "to": "a", "bandwidth": 50, "latency": 300},
        {"from": "npu.0", "to": "npu.2", "bandwidth": 20, "latency": 100},
        {"from": "a", "to": "npu.2", "bandwidth": 7, "latency": 400, "directed": True},
    ]
    shape = NetworkConfig.parse({"graph": {"links": links}})
    assert shape.graph is not None
    ports = GraphPorts(shape.graph)
    assert [ports.sending(npu, ALONG) for npu in range(3)] == [70, 50, 20]
    assert [ports.receiving(npu, ALONG) for npu in range(3)] == [70, 50, 27]
    assert ports.latency == 100
    assert ports.hidden(1000) == 50
    assert link_bandwidth(shape, ()) == 20


def test_a_machine_has_the_ports_of_its_network() -> None:
    graph = {"links": [{"from": "npu[0:2]", "to": "s", "bandwidth": 3, "latency": 1}]}
    config, trace = system(), TraceBuilder()
    trace.compute("c", micros=1)
    for shape, rate in (
        (NetworkConfig.parse({"graph": graph}), 3.0),
        (network(("Switch", 2), bandwidth=3), 3 * 2**30 / 1e9),
    ):
        simulation = Simulation(trace, config, shape, options=Options())
        assert ports_of(simulation.platform).sending(1, ALONG) == pytest.approx(rate)
