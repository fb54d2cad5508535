"""What the methods of a TraceBuilder take by keyword."""

from collections.abc import Iterable, Sequence
from typing import NotRequired, TypedDict

from simastra.trace.nodes import Node
from simastra.units import Bytes


class CollectiveOptions(TypedDict):
    """What the methods for collectives take by keyword; `size` or `sizes` must be given.

    Attributes:
        size: bytes on each NPU: the buffer of an all-reduce, the input of a reduce-scatter or an
            all-to-all, the shard that goes into an all-gather (behaviour 2.4).
        sizes: bytes for each member, by position, where the parts of an all-to-all, an all-gather
            or a reduce-scatter differ in size: what this NPU sends to each, each one's shard, or
            the part that each gets. All members list some. Left out: the parts are equal.
        dims: for each network dimension, innermost first, whether it takes part. Left out: every
            one, on networks of up to 4 dimensions.
        priority: larger goes first, under the scheduling policy EXPLICIT. Left out: 0.
        group: number of the process group. Left out: all NPUs.
        after: the node, or nodes, that must be complete first.
        purpose: what it is for, for statistics (`Purpose`). Left out: nothing is said.
    """

    size: NotRequired[Bytes | None]
    sizes: NotRequired[Sequence[Bytes] | None]
    dims: NotRequired[Sequence[bool] | None]
    priority: NotRequired[int]
    group: NotRequired[int | None]
    after: NotRequired[Node | Iterable[Node]]
    purpose: NotRequired[str | None]


class AnnotationOptions(TypedDict, total=False):
    """What `TraceBuilder.annotate` takes: see `Annotations`."""

    tokens: int
    model_flops: int
    weight_bytes: Bytes
    gradient_bytes: Bytes
    optimizer_bytes: Bytes
    activation_bytes: Bytes
    cache_bytes: Bytes
