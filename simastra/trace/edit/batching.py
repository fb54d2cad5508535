"""More sequences in a step, or fewer, for the same weights."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from simastra.errors import TraceError
from simastra.trace.annotations import Annotations
from simastra.trace.edit.mapping import changed_nodes, edited
from simastra.trace.edit.precision import resized_tensors
from simastra.trace.edit.scaling import (
    Factor,
    exact_factor,
    scaled_duration,
    scaled_message,
    scaled_number,
    scaled_work,
    shown_factor,
)
from simastra.trace.edit.selection import Selection
from simastra.trace.nodes import Node
from simastra.trace.purpose import Purpose
from simastra.trace.trace import Trace

_GROWING = frozenset(
    {
        Purpose.FORWARD,
        Purpose.BACKWARD,
        Purpose.RECOMPUTATION,
        Purpose.ACTIVATIONS,
        Purpose.EXPERTS,
        Purpose.PIPELINE,
    }
)
"""What there is more of with more sequences; gradients, weights and the optimiser stay."""

_SAID = ("tokens", "model_flops", "activation_bytes", "cache_bytes")


def change_batch(trace: Trace, factor: Factor) -> Trace:
    """Give each micro-batch so many times the sequences.

    Durations, operations and bytes of forward and backward passes, and of activations that are
    communicated, are in proportion; those of gradients, weights and the optimiser stay. That is an
    estimate from above for computations that a weight's bytes bound, and from below, for fewer
    sequences, for those that are launched rather than computed.

    Args:
        trace: whose nodes say what they are for (``purpose``).
        factor: how many times as many.

    Raises:
        TraceError: no node says what it is for; or the factor isn't above 0.
    """
    exact = exact_factor(factor)
    if exact == 1:
        return trace
    if not any(node.purpose in _GROWING for nodes in trace.distinct for node in nodes):
        raise TraceError(
            "no node says what it is for, so what grows with the batch isn't known; scale what "
            "does by its name",
            source="batch",
        )
    where = Selection(purposes=frozenset(map(str, _GROWING)))
    npus = changed_nodes(trace, where, lambda node: _grown(node, exact))
    said = tuple(_more(it, exact) for it in trace.annotations)
    return edited(trace, npus, f"batch {shown_factor(exact)}", annotations=said)


def _grown(node: Node, factor: Fraction) -> Node:
    return replace(
        scaled_duration(scaled_work(scaled_message(node, factor), factor), factor),
        inputs=resized_tensors(node.inputs, factor),
        outputs=resized_tensors(node.outputs, factor),
    )


def _more(said: Annotations, factor: Fraction) -> Annotations:
    values = {name: getattr(said, name) for name in _SAID}
    return replace(said, **{name: it and scaled_number(it, factor) for name, it in values.items()})
