"""The machines in docs/networks run, with every collective on both analytical backends."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simastra import NetworkConfig, Options, Result, Simulation, SystemConfig, TraceBuilder
from simastra.config import load_network
from simastra.trace import CollectiveType

FILES = sorted((Path(__file__).parents[2] / "docs" / "networks").glob("*.yml"))
SIZE = 15 * 2**16  # divides among all of them
COLLECTIVES = (
    CollectiveType.ALL_REDUCE,
    CollectiveType.ALL_GATHER,
    CollectiveType.REDUCE_SCATTER,
    CollectiveType.ALL_TO_ALL,
)


def runs(network: NetworkConfig, backend: str) -> Iterator[tuple[CollectiveType, Result]]:
    for algorithm in ("ring", "direct"):
        system = SystemConfig(
            all_reduce_implementation=[algorithm] * network.dimensions,
            all_gather_implementation=[algorithm] * network.dimensions,
            reduce_scatter_implementation=[algorithm] * network.dimensions,
            all_to_all_implementation=[algorithm] * network.dimensions,
            preferred_dataset_splits=2,
        )
        for collective in COLLECTIVES:
            trace = TraceBuilder()
            trace.collective(collective, "x", size=SIZE)
            options = Options(backend=backend)
            yield collective, Simulation(trace, system, network, options=options).run()


@pytest.mark.parametrize("file", FILES, ids=lambda it: it.stem)
def test_all_collectives_run_where_messages_queue(file: Path) -> None:
    network = load_network(file)
    graph = network.graph
    assert graph is not None
    npus = graph.npus
    for collective, result in runs(network, "congestion-aware"):
        assert sorted(it.npu for it in result.finishes) == list(range(npus))
        received = [0] * graph.devices
        for link in result.links:
            rate = graph.link_between[link.src, link.dst].bytes_per_ns
            assert link.busy <= link.size / rate <= link.busy + link.messages
            assert link.busy <= result.makespan
            received[link.dst] += link.size
        least = SIZE * (npus - 1) / npus if collective is not CollectiveType.ALL_GATHER else SIZE
        assert npus == 1 or min(received[:npus]) >= int(least)


@pytest.mark.parametrize("file", FILES, ids=lambda it: it.stem)
def test_all_collectives_run_where_they_do_not(file: Path) -> None:
    network = load_network(file)
    for _, result in runs(network, "congestion-unaware"):
        assert sorted(it.npu for it in result.finishes) == list(range(network.npus))
        assert (result.makespan > 0) is (network.npus > 1)


def test_what_their_comments_say() -> None:
    graphs = {it.stem: load_network(it).graph for it in FILES}
    counts = {
        stem: (graph and graph.npus, graph and graph.devices) for stem, graph in graphs.items()
    }
    assert counts == {
        "blocking-switch": (8, 10),
        "dgx1": (8, 8),
        "dgx1-nvlink2": (8, 8),
        "four-and-six": (10, 11),
        "mesh": (16, 16),
        "one": (1, 1),
        "oversubscribed": (16, 22),
        "rails": (16, 41),
        "switch": (8, 9),
        "two-nics": (10, 32),
    }
    cube = graphs["dgx1"]
    assert cube is not None
    assert {len(links) for links in cube.out_links} == {4}
    tiers = graphs["oversubscribed"]
    assert tiers is not None
    leaf = tiers.numbers["leaf.0"]
    up = sum(it.bytes_per_ns for it in tiers.out_links[leaf] if it.dst >= tiers.npus)
    down = sum(it.bytes_per_ns for it in tiers.out_links[leaf] if it.dst < tiers.npus)
    assert (down, up) == (200.0, 100.0)
