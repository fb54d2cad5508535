"""The laws of routers, for every one in the table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product

import pytest

from simastra.network.routing import ROUTERS, Router, RouterEntry
from simastra.network_graph import NetworkGraph
from simastra.network_graph.generators import dgx1_cube, fat_tree, mesh, rail, torus

GRAPHS = {
    "torus": torus("3x4"),
    "mesh": mesh("2x3x2"),
    "fat-tree": fat_tree(4),
    "dgx1-cube": dgx1_cube(),
    "rail": rail(2),
}
NEEDS_DIMENSIONS = ("dimension-order",)


def routers() -> Iterator[tuple[str, str]]:
    for router, graph in product(ROUTERS, GRAPHS):
        if router not in NEEDS_DIMENSIONS or graph in ("torus", "mesh"):
            yield router, graph


def made(name: str, graph: NetworkGraph) -> Router:
    entry = RouterEntry.of(ROUTERS[name])
    if name != "static" or entry.options is None:
        return entry.build(graph)
    shortest = ROUTERS["shortest-path"].build(graph).route(0, 1)
    between = [graph.nodes[device].name for device in shortest[1:-1]]
    routes = [{"from": "npu.0", "to": "npu.1", "by": between}]
    return entry.build(graph, entry.options.parse({"routes": routes}))


@pytest.mark.parametrize(("name", "kind"), list(routers()))
def test_a_way_is_one_of_links_and_the_same_again(name: str, kind: str) -> None:
    graph = GRAPHS[kind]
    router, again = made(name, graph), made(name, graph)
    npus = range(graph.npus)
    ways = {
        (src, dst, tag): router.route(src, dst, tag)
        for src in npus
        for dst in npus
        for tag in (0, 5)
    }
    for (src, dst, _), way in ways.items():
        assert (way[0], way[-1]) == (src, dst)
        assert len(set(way)) == len(way)  # so that from an NPU to itself it is that NPU
        assert all(ends in graph.link_between for ends in pairwise(way))
        if not router.multipath:
            assert way == ways[src, dst, 0]
    for ends in reversed(ways):  # in another order
        assert again.route(*ends) == ways[ends]
