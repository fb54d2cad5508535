"""The collectives of a program, of which those that are played alike count once."""

from __future__ import annotations

from simastra.system import CustomCollectives
from simastra.workload import Collective, Collectives, Program


def collectives_of(program: Program, custom: CustomCollectives) -> Collectives:
    """Return a program's collectives; those with ETs of their own are like no others.

    Args:
        program: of an NPU.
        custom: what is played from ETs.
    """
    known = program.columns.collectives
    if not custom.has_overrides:
        return known
    each = ((place, program.operations[index]) for place, index in enumerate(known.index))
    return known.apart(
        {place: it for place, it in each if isinstance(it, Collective) and custom.is_overridden(it)}
    )
