"""How long it takes to find ways through networks of 65,536 NPUs, in seconds of CPU time."""

from collections.abc import Callable, Iterable
from random import Random
from time import process_time

from simastra.network.routing import ROUTERS, Router
from simastra.network_graph import NetworkGraph
from simastra.network_graph.generators import fat_tree, torus

from .record import Row

FAR = 35_000
"""Pairs drawn at random; with all neighbours in order of ranks, that makes 100,000 ways."""

NETWORKS: dict[str, Callable[[], NetworkGraph]] = {
    "fat tree of 65,536 NPUs": lambda: fat_tree(64),
    "torus of 16 x 16 x 256": lambda: torus("16x16x256"),
}


def measure() -> list[Row]:
    """Build each network, and ask both routers of shortest paths for 100,000 ways."""
    rows: list[Row] = []
    for name, make in NETWORKS.items():
        start = process_time()
        graph = make()
        print(f"  {name}: built in {process_time() - start:.1f} s")
        rows.extend(_measure(name, graph, router) for router in ("shortest-path", "ecmp"))
    return rows


def _measure(name: str, graph: NetworkGraph, router: str) -> Row:
    start = process_time()
    made = ROUTERS[router].build(graph)
    neighbours = ((npu, (npu + 1) % graph.npus) for npu in range(graph.npus))
    _seconds(made, neighbours)
    near = process_time() - start
    draw = Random(1)
    pairs = [(draw.randrange(graph.npus), draw.randrange(graph.npus)) for _ in range(FAR)]
    far = _seconds(made, pairs)
    print(f"    {router:14} {graph.npus:,} neighbours {near:5.1f} s, {FAR:,} far {far:5.1f} s")
    return {"network": name, "router": router, "neighbours": round(near, 2), "far": round(far, 2)}


def _seconds(router: Router, pairs: Iterable[tuple[int, int]]) -> float:
    start = process_time()
    for tag, (src, dst) in enumerate(pairs):
        router.route(src, dst, tag)
    return process_time() - start
