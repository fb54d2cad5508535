"""Which collectives take an algorithm, which need none, and which may be uneven."""

from simastra.trace import CollectiveType

FOUR_COLLECTIVES = (
    CollectiveType.ALL_REDUCE,
    CollectiveType.REDUCE_SCATTER,
    CollectiveType.ALL_GATHER,
    CollectiveType.ALL_TO_ALL,
)
"""The collectives that have an ``...-implementation`` key in the system JSON."""

UNEVEN_COLLECTIVES = (
    CollectiveType.ALL_TO_ALL,
    CollectiveType.ALL_GATHER,
    CollectiveType.REDUCE_SCATTER,
)
"""Those whose parts may differ in size."""

EXTENDED_COLLECTIVES = (
    CollectiveType.BROADCAST,
    CollectiveType.REDUCE,
    CollectiveType.GATHER,
    CollectiveType.SCATTER,
    CollectiveType.BARRIER,
)
"""The collectives that run without an algorithm in the system JSON."""

ROOTED_COLLECTIVES = tuple(it for it in EXTENDED_COLLECTIVES if it is not CollectiveType.BARRIER)
"""Those in which one member, the root, does otherwise than the others."""
