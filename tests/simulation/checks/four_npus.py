"""Simulations of four NPUs, and what is told of them."""

from collections.abc import Mapping, Sequence

from support.machines import network, system

from simastra.config import CommGroups
from simastra.notices import Notice, Severity
from simastra.result import Result
from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import CollectiveType, Node, Trace, TraceBuilder
from simastra.units import KiB

NPUS = 4
A2A, RS, AG = CollectiveType.ALL_TO_ALL, CollectiveType.REDUCE_SCATTER, CollectiveType.ALL_GATHER
DIRECT = system(["direct"])
"""Its all-to-alls and reduce-scatters send messages of the same sizes."""


def simulated(
    npus: Sequence[TraceBuilder | Sequence[Node]],
    dialect: str = "hoti2024",
    groups: Mapping[str, Sequence[int]] | None = None,
    shortcuts: str = "off",
    shape: tuple[tuple[str, int], ...] = (("FullyConnected", NPUS),),
) -> Simulation:
    return Simulation(
        Trace.of(npus),
        system(["direct"] * len(shape)),
        network(*shape),
        comm_groups=CommGroups.parse(groups) if groups else None,
        options=Options(
            dialect=dialect_named(dialect, extended_collectives=True), shortcuts=shortcuts
        ),
    )


def builders() -> list[TraceBuilder]:
    """Each with something to do."""
    made = [TraceBuilder(npu) for npu in range(NPUS)]
    for builder in made:
        builder.compute("idle", micros=1)
    return made


def warnings(notices: Sequence[Notice]) -> dict[str, Notice]:
    return {it.code: it for it in notices if it.severity is Severity.WARNING}


def chains(*kinds: Sequence[CollectiveType], size: int = 16 * KiB) -> list[TraceBuilder]:
    """For each NPU its collectives, one after the other."""
    made = builders()
    for builder, own in zip(made, kinds, strict=True):
        last: Node | tuple[()] = ()
        for kind in own:
            last = builder.collective(kind, kind.name, size=size, after=last)
    return made


def finished(simulation: Simulation) -> Result:
    result = simulation.run()
    assert len(result.finishes) == NPUS
    return result
