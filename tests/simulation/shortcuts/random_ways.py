"""Random cases on graphs on which the way of a message depends on its tag."""

from __future__ import annotations

from math import prod
from random import Random

from random_families import case_of

from simastra.config import NetworkConfig
from simastra.simulation import Simulation

FAMILIES = ("messages", "hybrid", "queues", "groups", "direct on a ring", "shared bus and groups")


def case_with_ways(seed: int) -> Simulation:
    """A case of some family, on leafs and spines in place of its network."""
    rnd = Random(f"ways {seed}")
    case = case_of(rnd.choice(FAMILIES), seed)
    npus = prod(case.network["npus_count"])
    leafs, spines = rnd.randrange(1, 4), rnd.randrange(2, 5)
    price = {"bandwidth": rnd.choice((7, 50)), "latency": rnd.choice((0, 10, 500))}
    links = [
        {"from": f"npu.{npu}", "to": f"leaf.{npu % leafs}", **price} for npu in range(npus)
    ] + [
        {"from": f"leaf.{leaf}", "to": f"spine.{spine}", **price}
        for leaf in range(leafs)
        for spine in range(spines)
    ]
    network = NetworkConfig(
        topology=["Ring"] * len(case.network["npus_count"]),
        npus_count=case.network["npus_count"],
        graph={"links": links, "routing": {"name": "ecmp", "seed": seed}},
    )
    return case.simulation().with_(network=network)
