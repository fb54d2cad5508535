"""Whether NPUs have anything to tell each other: without, their nodes are all that happens."""

from __future__ import annotations

from simastra.system import Collective
from simastra.workload import MemoryOperation, Program, distinct_programs

from .experiment import Experiment


def is_message_free(experiment: Experiment) -> bool:
    """Whether certainly no message is sent, and no chunk of a collective has a phase.

    A result then has all that happened in a run. It is so where each NPU computes, or accesses
    memory, for itself; on a single NPU collectives are over at once.
    """
    return all(
        _is_message_free(experiment, program) for program in distinct_programs(experiment.programs)
    )


def _is_message_free(experiment: Experiment, program: Program) -> bool:
    platform = experiment.platform
    for index in program.external_operations:
        match program.operations[index]:
            case MemoryOperation():
                pass
            case Collective() as alone if platform.npus == 1 and not platform.custom.prefix(alone):
                pass
            case _:
                return False
    return True
