"""Shares of a tensor that replicas have each of: how large they are, padded to come out even."""

from dataclasses import dataclass

from simastra.trace.nodes import CollectiveType, Node
from simastra.units import Bytes

SHARE_MULTIPLE = 128
"""Elements that a share is a multiple of, as in Megatron-LM's distributed optimiser, so that it can
in turn be cut evenly into chunks."""


def share(elements: int, count: int) -> int:
    """Return the elements of each of `count` equal shares of a tensor, padded.

    >>> share(1000, 3)
    384
    """
    return -(-elements // (count * SHARE_MULTIPLE)) * SHARE_MULTIPLE


@dataclass(frozen=True, slots=True)
class SharedTensor:
    """What a collective shares out, or gathers the shares of; or of what a message is a share.

    A node says it by ``num_ops``, the elements, and ``tensor_size``, their bytes, both before
    padding; neither has an effect on a communication.

    Attributes:
        elements: in all.
        size: bytes of all of them.
    """

    elements: int
    size: Bytes

    def comm_size(self, kind: CollectiveType, count: int) -> Bytes:
        """What a reduce-scatter or an all-gather among so many NPUs is given."""
        each = share(self.elements, count) * self.size // self.elements
        return each if kind is CollectiveType.ALL_GATHER else each * count


def shared_tensor(node: Node) -> SharedTensor | None:
    """What a communication says of what is shared out; None for nothing."""
    if not node.num_ops or not node.tensor_size:
        return None
    return SharedTensor(node.num_ops, node.tensor_size)
