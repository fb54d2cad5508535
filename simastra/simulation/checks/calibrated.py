"""How what a workload asks for is known: where nobody has measured it, and bands are wide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from simastra.calibration.priced import Knowledge
from simastra.notices import Notice, Severity
from simastra.units import NpuId
from simastra.workload import Collective

from .context import Context

if TYPE_CHECKING:
    from simastra.calibration.priced import Priced


def situation_notices(context: Context) -> Iterator[Notice]:
    """For each collective and number of members that isn't measured: how wide its band is."""
    if context.platform.prices is None:
        return
    worst: dict[tuple[str, int, int], tuple[Priced, Collective]] = {}
    for npu, operation in _different(context):
        priced = context.platform.priced(npu, operation)
        if priced is None or priced.situation.is_measured:
            continue
        members = context.platform.participants(npu, operation).members
        nodes = context.platform.nodes_of(members)
        key = operation.kind.name, len(members), nodes
        if key not in worst or _width(priced) > _width(worst[key][0]):
            worst[key] = priced, operation
    for (_, npus, nodes), (priced, operation) in worst.items():
        yield _notice(priced, operation, npus, nodes)


def situation_code(situation: Knowledge) -> str:
    """The code of the notice that something is known so."""
    return f"calibration-{situation.value}"


def _different(context: Context) -> Iterator[tuple[NpuId, Collective]]:
    """The collectives, one of those that cost the same."""
    seen: set[tuple[object, ...]] = set()
    platform = context.platform
    for npu, program in context.distinct:
        for operation in context.collectives(program).distinct:
            group = platform.listed(npu, operation.group)
            members = npu if group is None else id(group)
            key = platform.kind(operation), operation.size, members
            if key not in seen:
                seen.add(key)
                yield npu, operation


def _width(priced: Priced) -> float:
    return priced.high / max(priced.low, 1)


def _notice(priced: Priced, operation: Collective, npus: int, nodes: int) -> Notice:
    below = 100 * (1 - priced.low / priced.mid) if priced.mid else 0
    above = 100 * (priced.high / priced.mid - 1) if priced.mid else 0
    where = "1 node" if nodes == 1 else f"{nodes} nodes"
    known, severity = _KNOWN_BY[priced.situation]
    return Notice(
        situation_code(priced.situation),
        f"{operation.kind.name} among {npus} NPUs in {where}",
        f"nobody has measured this: its time is known by {known}; up to "
        f"{below:.0f} % less or {above:.0f} % more for {operation.size:,} bytes, in nine of ten",
        "measure it with nccl-tests, and give its log to 'simastra calibrate' too",
        severity,
    )


_KNOWN_BY: Mapping[Knowledge, tuple[str, Severity]] = MappingProxyType(
    {
        Knowledge.N_BETWEEN: ("fewer NPUs and more", Severity.INFO),
        Knowledge.SIZE_GAP: ("sizes far from it", Severity.INFO),
        Knowledge.N_BEYOND: ("other numbers of NPUs, all on one side", Severity.WARNING),
        Knowledge.OTHER_COLLECTIVE: ("this system's other collectives", Severity.WARNING),
        Knowledge.RELATIVE: ("other systems of its generation", Severity.WARNING),
        Knowledge.DATASHEET: ("its bandwidth alone", Severity.WARNING),
    }
)
"""What a time is known by, and whether that is to be warned of."""
