"""What operators communicate: found by `communication`, ordered and written by others."""

from dataclasses import dataclass

from simastra.trace import CollectiveType
from simastra.units import Bytes, NpuId

from .groups import ProcessGroup
from .names import Direction
from .operators import Operator


@dataclass(frozen=True, slots=True)
class Communication:
    """What one node communicates.

    Attributes:
        operator: which becomes the node: a kernel, or an operator of the host.
        request: the innermost request that led to it, where one is recorded.
        kind: a collective, or one side of a message.
        size: bytes, as an ET counts them (behaviour 2.4).
        group: process group.
        source: sender of a message, or root of a collective; None if it isn't recorded.
        destination: receiver of a message.
        tag: of a message.
        uneven: whether members may name different sizes, as of an all-to-all with parts of
            different sizes, of which nothing tells them.
        sizes: bytes for each member, where parts may differ and are known.
    """

    operator: Operator
    request: Operator | None
    kind: CollectiveType | Direction
    size: Bytes
    group: ProcessGroup
    source: NpuId | None
    destination: NpuId | None
    tag: int
    uneven: bool = False
    sizes: tuple[Bytes, ...] | None = None


@dataclass(frozen=True, slots=True)
class Communications:
    """The communications of a trace.

    Attributes:
        by_id: by the id of the operator that becomes the node.
        replayed: by its id, what a backend of the host did of which too little is told; it takes
            the recorded duration, beside the host's threads. Its size is 0.
        absorbed: ids of operators that did a part of what another's node stands for.
        unknown: kernels that communicate, but nothing tells what; they are replayed.
        without_size: kernels and operators of which nothing tells how much; they are replayed.
        guessed_size: kernels sized by the tensors of an operator that isn't about communication.
        without_group: operators whose group isn't recorded though there are several.
        without_peer: messages whose other side isn't recorded; they are replayed.
    """

    by_id: dict[int, Communication]
    replayed: dict[int, Communication]
    absorbed: frozenset[int]
    unknown: tuple[int, ...]
    without_size: tuple[int, ...]
    guessed_size: tuple[int, ...]
    without_group: tuple[int, ...]
    without_peer: tuple[int, ...]
