"""Messages without queues that may take several ways: each is told by the way that it took."""

from dataclasses import replace

from support.machines import one_collective, system

from simastra.config import NetworkConfig
from simastra.engine import Category
from simastra.explain import Explanation
from simastra.network_graph import RoutingChoice
from simastra.network_graph.generators import fat_tree
from simastra.simulation import Options, Simulation
from simastra.trace import CollectiveType, Trace, TraceBuilder

SIZE = 50_000  # 1,000 ns at 50 GB/s
SLOW = {  # the second spine has half the bandwidth, at the same latency
    "links": [
        {"from": "npu[0:2]", "to": "leaf[0:2]", "bandwidth": 50, "latency": 500},
        {"from": "leaf[0:2]", "to": "spine.0", "bandwidth": 50, "latency": 500},
        {"from": "leaf[0:2]", "to": "spine.1", "bandwidth": 25, "latency": 500},
    ],
    "routing": "ecmp",
}


def explained(workload: Trace | TraceBuilder, network: NetworkConfig) -> Explanation:
    unaware = Options("congestion-unaware")
    return Simulation(workload, system(), network, options=unaware).explain()


def test_ways_that_cost_the_same_are_told_as_the_one_way_is() -> None:
    trace = one_collective(CollectiveType.ALL_REDUCE)
    tree = fat_tree(4)
    told = explained(trace, NetworkConfig(graph=tree)).attributions
    one = replace(tree, routing=RoutingChoice("shortest-path"))
    assert told == explained(trace, NetworkConfig(graph=one)).attributions
    assert all(it.times[Category.SERIALISATION] > 0 for it in told)


def test_a_message_is_on_the_wire_for_as_long_as_its_own_way_takes() -> None:
    npus = [TraceBuilder(0), TraceBuilder(1)]
    before = None
    for tag in range(8):
        after = [] if before is None else [before]
        before = npus[0].send(f"to {tag}", to=1, size=SIZE, tag=tag, after=after)
        npus[1].recv(f"from {tag}", source=0, size=SIZE, tag=tag)
    spans = explained(Trace.of(npus), NetworkConfig(graph=SLOW)).timeline(0)
    told = [(it.category, it.duration) for it in spans]
    assert set(told[::2]) == {(Category.SERIALISATION, 1000), (Category.SERIALISATION, 2000)}
    assert set(told[1::2]) == {(Category.LATENCY, 2000)}
