"""Whether NPUs have anything to tell each other: without, their nodes are all that happens."""

from __future__ import annotations

from simastra.workload import Program, distinct_programs

from .collectives_of import collectives_of
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
    if program.messages.index:
        return False
    return not program.collectives or (
        platform.npus == 1
        and not any(map(platform.custom.prefix, collectives_of(program, platform.custom).distinct))
    )
