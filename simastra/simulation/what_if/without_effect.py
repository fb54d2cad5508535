"""What a scenario says that changes nothing, as nobody there does it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from simastra.notices import Notice
from simastra.scenario import ScenarioConfig
from simastra.scenario.conditions import USUAL_SPEED
from simastra.trace import NodeType
from simastra.units import NpuId
from simastra.workload import Program, ReplayOperation, RooflineOperation


def idle_speeds(
    config: ScenarioConfig, programs: Sequence[Program], groups: Mapping[str, Sequence[NpuId]]
) -> Iterator[Notice]:
    """Say of speeds that are of NPUs without any computation.

    Args:
        config: the scenario, whose selectors have been followed.
        programs: what each NPU does.
        groups: members of process groups, by name.
    """
    computing: dict[int, bool] = {}
    for index, entry in enumerate(config.npus):
        if entry.compute in {None, USUAL_SPEED}:  # the usual speed changes nothing anywhere
            continue
        for npu in entry.npus.npus(len(programs), groups):
            program = programs[npu]
            if id(program) not in computing:
                computing[id(program)] = _computes(program)
            if computing[id(program)]:
                break
        else:
            yield Notice(
                "speed-without-computation",
                f"{config.source}: npus[{index}].compute",
                "none of these NPUs computes anything in this workload: it changes nothing",
                "leave it out, or give the nodes of the trace computations",
            )


def _computes(program: Program) -> bool:
    return any(
        node.type is NodeType.COMP and isinstance(operation, ReplayOperation | RooflineOperation)
        for node, operation in program
    )
