"""What members hold while they exchange data: for each block, whose contributions are in it.

Blocks have the numbers of `PhaseMachine.blocks`. A simulation moves bytes, whatever they mean; the
conformance suite and animations follow the data beside it.
"""

from typing import TypeAlias

from simastra.trace import CollectiveType

Block: TypeAlias = int
Contributions: TypeAlias = frozenset[int]
"""The positions of the members whose data are in a block."""
Holdings: TypeAlias = dict[Block, Contributions]
"""What one member holds."""

REDUCING = frozenset(
    {CollectiveType.ALL_REDUCE, CollectiveType.REDUCE_SCATTER, CollectiveType.REDUCE}
)
"""Collectives in which a block is complete when every member has contributed to it."""


def initial_holdings(
    collective: CollectiveType, npus: int, position: int, root: int = 0
) -> Holdings:
    """What a member holds at the beginning: what it contributes.

    Args:
        collective: the one that is performed.
        npus: number of members.
        position: the member's.
        root: the root's position, where there is one.

    >>> initial_holdings(CollectiveType.ALL_GATHER, 4, 2)
    {2: frozenset({2})}
    """
    match collective:
        case CollectiveType.ALL_GATHER | CollectiveType.GATHER:
            blocks = range(position, position + 1)
        case CollectiveType.ALL_TO_ALL:  # block origin * npus + destination
            blocks = range(position * npus, (position + 1) * npus)
        case CollectiveType.REDUCE:
            blocks = range(1)
        case CollectiveType.BROADCAST:
            blocks = range(position == root)
        case CollectiveType.SCATTER:
            blocks = range(npus if position == root else 0)
        case CollectiveType.BARRIER:
            blocks = range(0)
        case _:
            blocks = range(npus)
    return dict.fromkeys(blocks, frozenset({position}))
