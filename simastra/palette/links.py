"""What kinds of links look like: files name them as they like, so colours go by place."""

from collections.abc import Sequence

from simastra.view.colours import Shades
from simastra.workload.kind_of_work import KindOfWork

from .kinds import KINDS

LINK_SHADES: Sequence[Shades] = tuple(
    KINDS[kind]
    for kind in (
        KindOfWork.FORWARD,
        KindOfWork.ALL_REDUCE,
        KindOfWork.ALL_TO_ALL,
        KindOfWork.SEND,
        KindOfWork.REDUCE_SCATTER,
        KindOfWork.ALL_GATHER,
        KindOfWork.HOST,
        KindOfWork.OTHER,
    )
)
"""In the order in which kinds appear; these of `KINDS` are told apart by everybody."""
