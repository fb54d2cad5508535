"""Collectives and nothing else: what to measure a network and its algorithms with."""

from collections.abc import Sequence

from simastra.errors import TraceError
from simastra.trace import CollectiveType, Node, Trace, TraceBuilder
from simastra.units import Bytes, NpuId


def collective_trace(
    kind: CollectiveType, sizes: Sequence[Bytes], npus: int, *, group_size: int | None = None
) -> Trace:
    """Return a trace of collectives, each of which waits for the one before.

    Args:
        kind: the collective.
        sizes: bytes of each, as `TraceBuilder.collective` takes them.
        npus: number of NPUs.
        group_size: NPUs of each process group, which are neighbours; None for all NPUs, and no
            groups. `collective_groups` returns the groups.

    Raises:
        TraceError: a number is out of its range.
    """
    if group_size is None:
        return Trace.uniform(_builder(kind, sizes, None), npus)
    groups = collective_groups(npus, group_size)
    return Trace.of(
        [_builder(kind, sizes, group) for group, members in groups.items() for _ in members]
    )


def collective_groups(npus: int, group_size: int) -> dict[int, tuple[NpuId, ...]]:
    """Return the process groups, by number, that `collective_trace` names.

    >>> collective_groups(4, 2)
    {1: (0, 1), 2: (2, 3)}

    Raises:
        TraceError: the NPUs can't be divided into groups of this size.
    """
    if npus < 1 or group_size < 1 or npus % group_size:
        raise TraceError(
            f"{npus} NPUs can't be divided into groups of {group_size}; "
            "a divisor of the number of NPUs is wanted"
        )
    starts = range(0, npus, group_size)
    # From 1: ASTRA-sim has no group of the number 0.
    return {index: tuple(range(start, start + group_size)) for index, start in enumerate(starts, 1)}


def _builder(kind: CollectiveType, sizes: Sequence[Bytes], group: int | None) -> TraceBuilder:
    builder = TraceBuilder()
    after: tuple[Node, ...] = ()
    for index, size in enumerate(sizes):
        name = f"{kind.name}_{index}_{size}B"
        after = (builder.collective(kind, name, size=size, group=group, after=after),)
    return builder
