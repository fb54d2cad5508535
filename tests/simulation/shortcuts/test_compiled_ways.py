"""Ways that depend on the tags of messages, in the compiled loop and on the plain path."""

from __future__ import annotations

import pytest
from random_ways import case_with_ways
from support.machines import one_collective, system

from simastra.config import NetworkConfig
from simastra.errors import InputError
from simastra.network.routing import ROUTERS, Ecmp
from simastra.network_graph.generators import fat_tree
from simastra.simulation import Options, Simulation, Tables
from simastra.trace import CollectiveType

pytest.importorskip("numba", reason="needs the extra fast")

from compiled_oracle import compare, compare_mostly_covered, compiled  # not before that

SEEDS = range(60)


def test_random_cases_take_the_ways_of_the_plain_path() -> None:
    compare_mostly_covered(case_with_ways(seed) for seed in SEEDS)


@pytest.mark.parametrize("backend", ["congestion-aware", "congestion-unaware"])
def test_more_ways_than_there_is_room_for_at_first(backend: str) -> None:
    """Each of 54 NPUs sends 53 others messages of 4 tags: 11,448 ways."""
    simulation = Simulation(
        one_collective(CollectiveType.ALL_TO_ALL),
        system(["direct"]),
        NetworkConfig(graph=fat_tree(6)),
        options=Options(backend),
    )
    assert simulation.experiment.platform.topology.multipath
    assert compare(simulation) is None


class Tiring(Ecmp):
    """Finds no way from NPU 3 but for the first chunk."""

    def route(self, src: int, dst: int, tag: int = 0) -> tuple[int, ...]:
        if src == 3 and tag:
            raise InputError("the router is tired")
        return super().route(src, dst, tag)


def test_what_a_router_raises_comes_out_of_the_loop() -> None:
    tiring = type(ROUTERS["ecmp"])(Tiring, ROUTERS["ecmp"].options)
    simulation = Simulation(
        one_collective(CollectiveType.ALL_REDUCE),
        system(["ring"]),
        NetworkConfig(graph=fat_tree(4)),
        options=Options(tables=Tables(routers={**ROUTERS, "ecmp": tiring})),
    )
    with pytest.raises(InputError, match="the router is tired"):
        compiled(simulation)
