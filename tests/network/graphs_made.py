"""Graphs for tests of routers, and what the best ways cost in them."""

from __future__ import annotations

import heapq
import random

from simastra.network_graph import GraphAssembly, LinkAttributes, NetworkGraph

PLAIN = LinkAttributes(bytes_per_ns=50.0, latency=500.0)


def linked(*names: tuple[str, str], npus: int, directed: bool = False) -> NetworkGraph:
    """NPUs npu.0 to npu.(npus-1), and these links."""
    assembly = GraphAssembly()
    for number in range(npus):
        assembly.add_node(f"npu.{number}", "npu")
    for src, dst in names:
        assembly.add_link(src, dst, PLAIN, both_ways=not directed)
    return assembly.graph()


def random_graph(seed: int, *, directed: bool) -> NetworkGraph:
    """A ring of NPUs and switches with chords, and NPUs that hang from some; all are connected."""
    draw = random.Random(seed)
    assembly = GraphAssembly()
    npus, switches = draw.randint(2, 8), draw.randint(0, 6)
    names = [*(f"npu.{number}" for number in range(npus)), *(f"s.{n}" for n in range(switches))]
    for name in names[:npus]:
        assembly.add_node(name, "npu")
    latencies = [100.0] if draw.random() < 0.3 else [0.1, 0.25, 100.0, 300.0]
    order = draw.sample(names, len(names))
    core = order[: draw.randint(1, len(order))]
    ends = [*zip(core, core[1:] + core[:1], strict=True)] if len(core) > 1 else []
    ends += [(draw.choice(names), draw.choice(names)) for _ in range(draw.randint(0, 12))]
    for src, dst in ends:
        if src != dst:
            attributes = LinkAttributes(50.0, draw.choice(latencies))
            assembly.add_link(src, dst, attributes, both_ways=not directed)
    for number, name in enumerate(order[len(core) :]):
        owner = draw.choice(order[: len(core) + number])
        assembly.add_link(name, owner, LinkAttributes(50.0, draw.choice(latencies)))
    return assembly.graph()


def best_costs(graph: NetworkGraph, dst: int, *, least_latency: bool = True) -> dict[int, object]:
    """Of each device the fewest hops to `dst` and the least latency of these, by Dijkstra."""
    best: dict[int, object] = {}
    waiting: list[tuple[int, float, int]] = [(0, 0.0, dst)]
    while waiting:
        hops, latency, at = heapq.heappop(waiting)
        if at in best:
            continue
        best[at] = (hops, latency)
        for link in graph.in_links[at]:
            further = latency + (link.latency * 20 if least_latency else 0)  # 20 x 0.05 is whole
            heapq.heappush(waiting, (hops + 1, further, link.src))
    return best
