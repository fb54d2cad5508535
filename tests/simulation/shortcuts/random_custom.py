"""Random collectives that are played from ETs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

from support.machines import network, system

from simastra.config import CommGroups
from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import CollectiveType, Node, NodeType, Trace, TraceBuilder, write_trace

KINDS = (CollectiveType.ALL_REDUCE, CollectiveType.ALL_GATHER)


def write_ets(prefix: Path, npus: int, rnd: Random) -> None:
    """Messages that are all sent and received, in an order in which nobody waits for ever."""
    ranks = [_Rank(rnd) for _ in range(npus)]
    for _ in range(rnd.randrange(4 * npus)):
        src, dst = rnd.sample(range(npus), 2)
        size, tag = rnd.choice((0, 1, 1000, 65536)), rnd.randrange(3)
        ranks[src].add(NodeType.COMM_SEND, comm_dst=dst, comm_size=size, comm_tag=tag)
        if rnd.random() < 0.5:
            ranks[rnd.randrange(npus)].add(NodeType.COMP, duration=rnd.choice((0, 1, 700)))
        ranks[dst].add(NodeType.COMM_RECV, comm_src=src, comm_size=size, comm_tag=tag)
    write_trace(prefix, Trace.of([tuple(rank.nodes) for rank in ranks]))


class _Rank:
    """The nodes of a rank; some have numbers out of order."""

    def __init__(self, rnd: Random) -> None:
        self.nodes: list[Node] = []
        self._rnd = rnd
        self._ids = list(range(1, 200))
        if rnd.random() < 0.5:
            rnd.shuffle(self._ids)

    def add(self, kind: NodeType, **attributes: int) -> None:
        rnd = self._rnd
        known = [node.id for node in self.nodes]
        by_data, by_control = (
            tuple(rnd.sample(known, min(len(known), rnd.randrange(3)))) for _ in range(2)
        )
        self.nodes.append(
            Node(
                self._ids[len(self.nodes)],
                kind.name,
                kind,
                by_data,
                ctrl_deps=by_control,
                **attributes,
            )
        )


@dataclass(frozen=True)
class Sizes:
    """How many NPUs there are, and process groups of some of them."""

    npus: int
    groups: dict[str, list[int]]


def _sizes(rnd: Random) -> Sizes:
    npus = rnd.choice((2, 3, 4, 6, 8))
    if npus < 4 or rnd.random() < 0.5:
        return Sizes(npus, {})
    members = rnd.sample(range(npus), npus)
    return Sizes(npus, {"1": members[: npus // 2], "2": members[npus // 2 :]})


def custom_case(seed: int, folder: Path) -> Simulation:
    """The case of that number; always the same."""
    rnd = Random(f"custom {seed}")
    sizes = _sizes(rnd)
    folder.mkdir(exist_ok=True)
    for size in {sizes.npus, *(len(members) for members in sizes.groups.values())}:
        for kind in KINDS:
            write_ets(folder / f"{kind.name}{size}", size, rnd)
    group_size = sizes.npus // 2 if sizes.groups else sizes.npus
    config = system(
        ["ring"],
        all_reduce_implementation_custom=[str(folder / f"ALL_REDUCE{group_size}")],
        all_gather_implementation_custom=[str(folder / f"ALL_GATHER{group_size}")],
        active_chunks_per_dimension=rnd.choice((1, 2, 3)),
        scheduling_policy=rnd.choice(("LIFO", "FIFO")),
        model_shared_bus=int(rnd.random() < 0.2),
    )
    return Simulation(
        Trace.of(_traces(rnd, sizes)),
        config,
        network((rnd.choice(("Ring", "Switch", "FullyConnected")), sizes.npus)),
        comm_groups=CommGroups.parse(sizes.groups) if sizes.groups else None,
        options=Options(
            rnd.choice(("congestion-aware", "congestion-unaware")),
            dialect=dialect_named("master"),
            rendezvous=rnd.random() < 0.3,
            queues_per_dimension=rnd.choice((1, 1, 2)),
        ),
    )


def _traces(rnd: Random, sizes: Sizes) -> list[tuple[Node, ...]]:
    plan = [
        (rnd.choice((*KINDS, CollectiveType.ALL_TO_ALL)), rnd.choice((0, 64, 4096)), rnd.random())
        for _ in range(rnd.randrange(1, 6))
    ]
    traces = []
    for npu in range(sizes.npus):
        group = next((int(it) for it, who in sizes.groups.items() if npu in who), None)
        trace = TraceBuilder(npu)
        before: list[Node] = []
        for number, (kind, size, chain) in enumerate(plan):
            own = [trace.compute(f"own {number}", micros=rnd.choice((0, 1, 2)))]
            after = own + (before[-1:] if chain < 0.5 else [])
            before.append(trace.collective(kind, f"{number}", size=size, group=group, after=after))
        traces.append(trace.nodes)
    return traces
