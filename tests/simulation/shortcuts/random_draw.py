"""Draws random cases, most of them full of coincidences: small numbers, and multiples of them.

A case is drawn for all NPUs at once: NPUs are digits of a mesh, tasks are the same on all of them,
peers are so many places further on along a digit. A twist may then spoil the symmetry.
"""

from __future__ import annotations

from math import prod
from random import Random
from typing import Any

from random_case import ONE_BYTE_PER_NS, RandomCase
from random_mesh import draw_groups, draw_mesh
from random_tasks import SMALL, RandomTasks
from random_wishes import Wishes

TOPOLOGIES = ("Ring", "Switch", "FullyConnected")
IMPLEMENTATIONS = {
    "all-reduce-implementation": ("ring", "direct", "direct1", "direct2", "halvingDoubling"),
    "all-gather-implementation": ("ring", "direct", "direct2", "halvingDoubling"),
    "reduce-scatter-implementation": ("ring", "direct", "direct1", "halvingDoubling"),
    "all-to-all-implementation": ("ring", "direct", "direct1", "direct2"),
}


def draw(rnd: Random, wishes: Wishes) -> RandomCase:
    """Draw a case."""
    dimensions = _shape(rnd, wishes)
    npus = prod(size for _, size in dimensions)
    tight = rnd.random() < wishes.tight
    dialect = rnd.choice(wishes.dialects)
    mesh = draw_mesh(rnd, npus)
    groups, axes = draw_groups(rnd, wishes, mesh, dialect)
    system = _system(rnd, wishes, dimensions, tight=tight)
    memory = _memory(rnd, wishes, npus)
    drawer = RandomTasks(rnd, wishes, mesh, axes if dialect == "master" else {})
    kinds = (*wishes.tasks, "access") if memory else wishes.tasks
    tasks = drawer.draw(kinds, tight=tight)
    options: dict[str, Any] = {
        "backend": rnd.choice(wishes.backends),
        "dialect": dialect,
        "queues_per_dimension": rnd.choice(wishes.queues),
    }
    network = _network(rnd, wishes, dimensions, tight=tight)
    return RandomCase(network, system, tasks, options, memory, groups)


def _shape(rnd: Random, wishes: Wishes) -> tuple[tuple[str, int], ...]:
    if wishes.shapes:
        return rnd.choice(wishes.shapes)
    while True:
        count = rnd.choice(wishes.dimensions)
        shape = tuple(
            (rnd.choice(TOPOLOGIES), rnd.choice((2, 2, 3, 4, 4, 5, 6, 8, 8, 16)))
            for _ in range(count)
        )
        if prod(size for _, size in shape) <= wishes.largest:
            return shape


def _network(
    rnd: Random, wishes: Wishes, dimensions: tuple[tuple[str, int], ...], *, tight: bool
) -> dict[str, Any]:
    network: dict[str, Any] = {
        "topology": [topology for topology, _ in dimensions],
        "npus_count": [size for _, size in dimensions],
    }
    if tight:
        rates = [ONE_BYTE_PER_NS * rnd.choice((0.5, 1, 1, 2, 4, 1000)) for _ in dimensions]
        latencies = [rnd.choice(SMALL) for _ in dimensions]
    else:
        rates = [rnd.choice((3.7, 50.0, 12.5, 400.0)) for _ in dimensions]
        latencies = [rnd.choice((500.0, 20.5, 0.0, 33.3)) for _ in dimensions]
    if rnd.random() < 0.5 or wishes.like_dimensions:
        rates, latencies = [rates[0]] * len(rates), [latencies[0]] * len(rates)
    return {**network, "bandwidth": rates, "latency": latencies}


def _system(
    rnd: Random, wishes: Wishes, dimensions: tuple[tuple[str, int], ...], *, tight: bool
) -> dict[str, Any]:
    system: dict[str, Any] = {
        "scheduling-policy": rnd.choice(("LIFO", "FIFO", "EXPLICIT")),
        "endpoint-delay": rnd.choice(SMALL if tight else (10, 1, 0, 137)),
        "active-chunks-per-dimension": rnd.choice(wishes.active),
        "preferred-dataset-splits": rnd.choice(wishes.chunks),
        "collective-optimization": rnd.choice(wishes.optimizations),
        "local-mem-bw": rnd.choice((0, 1, 2, 1000) if tight else (50, 7.3, 0)),
    }
    for key, known in IMPLEMENTATIONS.items():
        wanted = [name for name in known if not wishes.algorithms or name in wishes.algorithms]
        system[key] = [_algorithm(rnd, wanted or ["ring"], size) for _, size in dimensions]
        if wishes.like_dimensions:
            system[key] = [min(system[key])] * len(dimensions)
    if rnd.random() < wishes.bus:
        system |= {"model-shared-bus": 1, "L": rnd.choice((0, 2, 5)), "o": rnd.choice((0, 1, 3))}
        system |= {"g": rnd.choice((0, 1, 4)), "G": rnd.choice((0, 0.01, 0.5))}
    if rnd.random() < wishes.roofline:
        system |= {"roofline-enabled": 1, "peak-perf": rnd.choice((0.001, 0.01, 1))}
        system |= {"local-mem-bw": rnd.choice((1, 2, 50))}
    return system


def _algorithm(rnd: Random, wanted: list[str], npus: int) -> str:
    possible = [name for name in wanted if name != "halvingDoubling" or not npus & (npus - 1)]
    return rnd.choice(possible or ["ring"])


def _memory(rnd: Random, wishes: Wishes, npus: int) -> dict[str, Any] | None:
    if rnd.random() >= wishes.memory:
        return None
    kind = rnd.choice(("PER_NPU", "PER_NPU", "PER_NODE", "POOL"))
    memory = {"remote-mem-latency": rnd.choice(SMALL), "remote-mem-bw": rnd.choice((0, 1, 2, 50))}
    if kind == "POOL":
        return {"memory-type": "MEMORY_POOL", **memory}
    if kind == "PER_NODE":
        memory |= {"num-nodes": npus, "num-npus-per-node": rnd.choice((1, 2))}
    return {"memory-type": f"{kind}_MEMORY_EXPANSION", **memory}
