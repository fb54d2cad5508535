"""How large shares are of more replicas, or fewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from simastra.errors import TraceError
from simastra.trace.edit.scaling import scaled_number
from simastra.trace.nodes import CollectiveType, Node
from simastra.trace.shares import share, shared_tensor
from simastra.units import Bytes, micros_to_ns, ns_to_whole_micros

_SHARING = (CollectiveType.ALL_GATHER, CollectiveType.REDUCE_SCATTER)


def resized_size(node: Node, before: int, after: int) -> Bytes | None:
    """What a collective is given among so many NPUs, rather than as many as before.

    Raises:
        TraceError: it lists a size for each member.
    """
    if node.comm_sizes is not None:
        problem = f"{node.name!r} lists a size for each replica, and there are others then"
        raise TraceError(problem, source="resize", node=node.id)
    tensor, kind = shared_tensor(node), node.comm_type
    if tensor is not None and kind in _SHARING and kind is not None:
        return tensor.comm_size(kind, after)
    if node.comm_size and kind is CollectiveType.ALL_GATHER:
        return -(-node.comm_size * before // after)
    return node.comm_size


def share_ratio(scatters: Sequence[tuple[Node, int]], ratio: Fraction) -> Fraction:
    """By how much the shares change that reduce-scatters give an NPU.

    Args:
        scatters: each with the number of its members.
        ratio: new over old number of replicas.
    """
    known = [(it, count) for node, count in scatters if (it := shared_tensor(node)) is not None]
    if not known:
        return 1 / ratio
    old = sum(share(it.elements, count) for it, count in known)
    new = sum(share(it.elements, int(count * ratio)) for it, count in known)
    return Fraction(new, old)


def resized_work(node: Node, ratio: Fraction) -> Node:
    """A computation on a share of another size."""
    made = replace(
        node,
        num_ops=node.num_ops and scaled_number(node.num_ops, ratio),
        tensor_size=node.tensor_size and scaled_number(node.tensor_size, ratio),
    )
    if not node.exact_duration:
        return made
    duration = scaled_number(node.exact_duration, ratio)
    micros = micros_to_ns(ns_to_whole_micros(duration))  # in the form in which generators have it
    return replace(made, duration=micros, duration_nanos=None if micros == duration else duration)
