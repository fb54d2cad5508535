"""How large shares are of more replicas, or fewer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from simastra.errors import TraceError
from simastra.trace.annotations import Annotations
from simastra.trace.edit.scaling import scaled_number, scaled_work
from simastra.trace.nodes import CollectiveType, Node
from simastra.trace.purpose import Purpose
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


def resized_message(node: Node, counts: Iterable[int], ratio: Fraction) -> Node:
    """A message of another size if it says that it is one replica's share of something.

    Args:
        node: the message.
        counts: how many take part in collectives along the axis: of so many it may be a share.
        ratio: new over old number of replicas.
    """
    tensor, kind = shared_tensor(node), CollectiveType.ALL_GATHER  # which is given a share
    if tensor is None:
        return node
    before = next((it for it in counts if tensor.comm_size(kind, it) == node.comm_size), None)
    if before is None:
        return node
    return replace(node, comm_size=tensor.comm_size(kind, int(before * ratio)))


def resized_memory(said: Annotations, nodes: Sequence[Node], ratio: Fraction) -> Annotations:
    """What is said of an NPU's memory, where replicas share out the optimiser and maybe more.

    Gradients are shared out if there are fewer of them than weights; weights if they are gathered
    before they are used: those that are there in full at a time stay.

    Args:
        said: of the NPU.
        nodes: of the NPU.
        ratio: new over old number of replicas.
    """
    kept = said.optimizer_bytes
    said = replace(said, optimizer_bytes=kept and scaled_number(kept, 1 / ratio))
    weight = _bytes_of_element(nodes, CollectiveType.ALL_GATHER, Purpose.WEIGHTS)
    gradient = _bytes_of_element(nodes, CollectiveType.REDUCE_SCATTER, Purpose.GRADIENTS)
    weights, gradients = said.weight_bytes, said.gradient_bytes
    if not (weights and gradients and weight and gradient):
        return said
    own = round(gradients / gradient * weight)  # weights of these gradients
    if own >= weights:
        return said
    if _gathers_before_use(nodes):
        weights += scaled_number(own, 1 / ratio) - own
    return replace(said, weight_bytes=weights, gradient_bytes=scaled_number(gradients, 1 / ratio))


def _bytes_of_element(
    nodes: Sequence[Node], kind: CollectiveType, purpose: Purpose
) -> Fraction | None:
    """How large an element is of what is shared out, as the first such collective says."""
    tensors = (shared_tensor(it) for it in nodes if (it.comm_type, it.purpose) == (kind, purpose))
    tensor = next((it for it in tensors if it is not None), None)
    return None if tensor is None else Fraction(tensor.size, tensor.elements)


def _gathers_before_use(nodes: Sequence[Node]) -> bool:
    """Whether weights are gathered when they are needed, and not once the optimiser is done."""
    optimizers = {it.id for it in nodes if it.purpose == Purpose.OPTIMIZER}
    gathers = [it for it in nodes if it.comm_type is CollectiveType.ALL_GATHER]
    weights = [it for it in gathers if it.purpose == Purpose.WEIGHTS]
    return bool(weights) and not any(optimizers.intersection(it.data_deps) for it in weights)


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
    made = scaled_work(node, ratio)
    if not node.exact_duration:
        return made
    duration = scaled_number(node.exact_duration, ratio)
    micros = micros_to_ns(ns_to_whole_micros(duration))  # in the form in which generators have it
    return replace(made, duration=micros, duration_nanos=None if micros == duration else duration)
