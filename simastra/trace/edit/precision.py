"""Another number format: bytes of messages and tensors in proportion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from simastra.errors import TraceError
from simastra.suggestions import unknown_name
from simastra.trace.annotations import Annotations
from simastra.trace.edit.mapping import changed_nodes, edited
from simastra.trace.edit.scaling import scaled_message, scaled_number
from simastra.trace.edit.selection import EVERYTHING, Selection
from simastra.trace.nodes import Node, TensorUse
from simastra.trace.trace import Trace

BITS: Mapping[str, int] = {
    "fp64": 64,
    "fp32": 32,
    "tf32": 32,
    "fp16": 16,
    "bf16": 16,
    "fp8": 8,
    "int8": 8,
    "fp4": 4,
    "int4": 4,
}
"""Bits that an element of each format has in memory; tf32 is kept as fp32 is."""

_SIZES = ("weight_bytes", "gradient_bytes", "activation_bytes", "cache_bytes")


def change_precision(trace: Trace, before: str, after: str, where: Selection = EVERYTHING) -> Trace:
    """Give messages, and tensors that are touched, the bytes of another number format.

    Durations and operations stay: how much faster another format is, `scale` can say. What is said
    of memory follows where all nodes are selected, but for what the optimiser keeps.

    Args:
        trace: what is edited.
        before: the format that it is in, such as ``bf16`` (`BITS`).
        after: the format that it is to be in.
        where: which nodes.

    Raises:
        TraceError: there is no such format.
    """
    factor = Fraction(_bits(after), _bits(before))
    if factor == 1:
        return trace
    npus = changed_nodes(trace, where, lambda node: _resized(node, factor))
    said = trace.annotations
    if where == EVERYTHING:
        said = tuple(_resized_annotations(it, factor) for it in said)
    return edited(trace, npus, f"precision {before}:{after}", where, said)


def _bits(name: str) -> int:
    if name not in BITS:
        raise TraceError(unknown_name("number format", name, BITS), source="precision")
    return BITS[name]


def _resized(node: Node, factor: Fraction) -> Node:
    return replace(
        scaled_message(node, factor),
        tensor_size=_bytes(node.tensor_size, factor),
        inputs=resized_tensors(node.inputs, factor),
        outputs=resized_tensors(node.outputs, factor),
    )


def _bytes(size: int | None, factor: Fraction) -> int | None:
    return None if size is None else scaled_number(size, factor)


def resized_tensors(
    uses: tuple[TensorUse, ...] | None, factor: Fraction
) -> tuple[TensorUse, ...] | None:
    """Tensors whose bytes are multiplied; None for none."""
    if uses is None:
        return None
    return tuple(TensorUse(it.name, scaled_number(it.size, factor)) for it in uses)


def _resized_annotations(said: Annotations, factor: Fraction) -> Annotations:
    return replace(said, **{name: _bytes(getattr(said, name), factor) for name in _SIZES})
