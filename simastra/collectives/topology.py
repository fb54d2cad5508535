"""The logical topology of a collective: which algorithm runs along which NPUs (behaviour 3.3)."""

from collections.abc import Sequence
from math import prod

from simastra.units import NpuId

from .members import LogicalRing, line_of
from .plan import LogicalDimension
from .registry import AlgorithmChoice


def logical_dimensions(
    choices: Sequence[AlgorithmChoice], npus_count: Sequence[int], npu: NpuId
) -> tuple[LogicalDimension, ...]:
    """Dimensions of the logical topology that `npu` sees.

    One for each choice, along the network dimension of the same index; network dimensions beyond
    the choices take no part. A choice over all NPUs (``oneRing``) makes one dimension of everybody
    and ends the list, whatever follows it (behaviour 1.3).
    """
    dimensions = []
    for index, choice in enumerate(choices):
        if choice.over_all_npus:
            everybody = LogicalRing(range(prod(npus_count)), npu)
            dimensions.append(LogicalDimension(choice.algorithm, everybody))
            break
        stride = prod(npus_count[:index])
        dimensions.append(
            LogicalDimension(choice.algorithm, line_of(npu, npus_count[index], stride))
        )
    return tuple(dimensions)
