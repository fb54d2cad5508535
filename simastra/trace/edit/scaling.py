"""Numbers of nodes times a factor: durations, operations, bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from simastra.errors import TraceError
from simastra.trace.edit.mapping import changed_nodes, edited
from simastra.trace.edit.selection import EVERYTHING, Selection
from simastra.trace.nodes import (
    COMMUNICATION_TYPES,
    CollectiveType,
    Node,
    NodeType,
    uneven_size,
)
from simastra.trace.shares import shared_tensor
from simastra.trace.trace import Trace
from simastra.units import Ns, micros_to_ns, ns_to_whole_micros

Factor: TypeAlias = Fraction | float
"""What numbers are multiplied by, more than 0; a float counts as its decimal digits say."""


_LARGEST = Fraction(10**12)


class ScaledQuantity(StrEnum):
    """A number that nodes have; the values are the attributes' names."""

    DURATION = "duration"
    """How long it takes, in ns."""
    OPERATIONS = "num_ops"
    """Operations of a computation."""
    TOUCHED = "tensor_size"
    """Bytes that a computation or a memory access touches."""
    MESSAGE = "comm_size"
    """Bytes of a collective or a message."""


@dataclass(frozen=True, slots=True)
class _Scaled:
    """How a quantity is scaled.

    Attributes:
        types: of nodes that are meant, unless others are asked for.
        scaled: the node with the quantity times a factor.
    """

    types: frozenset[NodeType]
    scaled: Callable[[Node, Fraction], Node]


def scale(
    trace: Trace,
    factor: Factor,
    where: Selection = EVERYTHING,
    quantity: ScaledQuantity = ScaledQuantity.DURATION,
) -> Trace:
    """Multiply a number of the selected nodes; halves are rounded up, and nothing becomes 0.

    Durations and operations are those of computations, bytes touched also those of memory accesses.
    A whole factor and then its reciprocal give back the same trace.

    >>> from simastra.trace import TraceBuilder
    >>> step = TraceBuilder()
    >>> forward = step.compute("forward", micros=50)
    >>> scale(Trace.uniform(step, 2), 0.5).npus[0][0].duration
    25000

    Args:
        trace: what is edited.
        factor: by which it is multiplied.
        where: which nodes.
        quantity: what.

    Raises:
        TraceError: the factor isn't more than 0.
    """
    exact = exact_factor(factor)
    if exact == 1:
        return trace
    kind = _SCALED[quantity]
    selection = where.within(kind.types)
    npus = changed_nodes(trace, selection, lambda node: kind.scaled(node, exact))
    return edited(trace, npus, f"scale {quantity}={shown_factor(exact)}", where)


def scale_each(
    trace: Trace,
    ratio: Callable[[Node], Factor | None],
    where: Selection = EVERYTHING,
    why: str = "each by its own factor",
) -> Trace:
    """Multiply the durations of computations, each by its own factor.

    For another machine, for instance: the ratio of what a roofline, or a calibration, says of it
    and of the one that the trace is of.

    Args:
        trace: what is edited.
        ratio: tells the factor of a node; None leaves it as it is.
        where: which nodes.
        why: what the log says.

    Raises:
        TraceError: a factor isn't more than 0.
    """

    def scaled(node: Node) -> Node:
        factor = ratio(node)
        return node if factor is None else scaled_duration(node, exact_factor(factor))

    npus = changed_nodes(trace, where.within(_COMPUTATIONS), scaled)
    return edited(trace, npus, f"scale duration {why}", where)


def exact_factor(factor: Factor) -> Fraction:
    """A factor as a ratio of whole numbers.

    Raises:
        TraceError: it isn't a number, or isn't more than 0.
    """
    try:
        exact = Fraction(str(factor))
    except (ValueError, ZeroDivisionError):
        exact = Fraction(0)
    if exact <= 0:
        raise TraceError(f"the factor is {factor}; a number above 0 is wanted", source="scale")
    if not 1 / _LARGEST <= exact <= _LARGEST:
        problem = f"the factor is {factor}; one from 10^-12 to 10^12 is wanted"
        raise TraceError(problem, source="scale")
    return exact


def shown_factor(factor: Fraction) -> str:
    """A factor for people, such that it is read again as the same."""
    as_float = float(factor)
    return f"{as_float:g}" if Fraction(f"{as_float:g}") == factor else str(factor)


def scaled_number(number: int, factor: Fraction) -> int:
    """A number times a factor, halves rounded up; what was more than 0 is 1 or more.

    >>> scaled_number(3, Fraction(1, 2)), scaled_number(1, Fraction(1, 8))
    (2, 1)
    """
    rounded = (2 * number * factor.numerator + factor.denominator) // (2 * factor.denominator)
    return rounded or min(number, 1)


def _with_duration(node: Node, duration: Ns) -> Node:
    """The node with another duration: in whole µs and exact ns if it has both, as from a file."""
    if node.duration_nanos is None:
        return replace(node, duration=duration)
    micros = micros_to_ns(ns_to_whole_micros(duration))
    return replace(node, duration=micros, duration_nanos=duration)


def scaled_duration(node: Node, factor: Fraction) -> Node:
    """A node that takes its duration times a factor."""
    duration = node.exact_duration
    return _with_duration(node, scaled_number(duration, factor)) if duration else node


def _scaled_operations(node: Node, factor: Fraction) -> Node:
    return replace(node, num_ops=scaled_number(node.num_ops, factor)) if node.num_ops else node


def _scaled_touched(node: Node, factor: Fraction) -> Node:
    if not node.tensor_size:
        return node
    return replace(node, tensor_size=scaled_number(node.tensor_size, factor))


def scaled_work(node: Node, factor: Fraction) -> Node:
    """A node of as many operations, and bytes that it touches, times a factor."""
    return _scaled_touched(_scaled_operations(node, factor), factor)


def scaled_message(node: Node, factor: Fraction) -> Node:
    """A communication of as many bytes times a factor."""
    if node.comm_sizes and node.comm_type is not None:
        sizes = tuple(scaled_number(it, factor) for it in node.comm_sizes)
        return replace(node, comm_sizes=sizes, comm_size=uneven_size(node.comm_type, sizes))
    size = node.comm_size
    return replace(node, comm_size=scaled_number(size, factor)) if size else node


def _scaled_communication(node: Node, factor: Fraction) -> Node:
    """As `scaled_message`, with what is said of a tensor that is shared out."""
    made = scaled_message(node, factor)
    return made if shared_tensor(node) is None else scaled_work(made, factor)


_COMPUTATIONS = frozenset({NodeType.COMP})
_ACCESSES = frozenset({NodeType.COMP, NodeType.MEM_LOAD, NodeType.MEM_STORE})

SIZED_COLLECTIVES = (
    CollectiveType.ALL_REDUCE,
    CollectiveType.ALL_GATHER,
    CollectiveType.REDUCE_SCATTER,
    CollectiveType.ALL_TO_ALL,
)
"""Collectives whose sizes follow from each other's."""

_SCALED: Mapping[ScaledQuantity, _Scaled] = {
    ScaledQuantity.DURATION: _Scaled(_COMPUTATIONS, scaled_duration),
    ScaledQuantity.OPERATIONS: _Scaled(_COMPUTATIONS, _scaled_operations),
    ScaledQuantity.TOUCHED: _Scaled(_ACCESSES, _scaled_touched),
    ScaledQuantity.MESSAGE: _Scaled(frozenset(COMMUNICATION_TYPES), _scaled_communication),
}
