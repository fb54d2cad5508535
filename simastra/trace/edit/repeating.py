"""Several steps, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simastra.errors import TraceError
from simastra.trace.annotations import Annotations
from simastra.trace.edit.mapping import each_distinct, edited
from simastra.trace.edit.selection import EVERYTHING
from simastra.trace.nodes import Node, TensorUse
from simastra.trace.trace import Trace


def repeat(trace: Trace, times: int) -> Trace:
    """Let each NPU do the same again, once it is done.

    An NPU begins a step when its own step before has ended, whatever the others do. Ids of later
    steps are beyond those of earlier ones; a tensor that a step writes is another one in each.
    Tokens and operations that are said of the step are in proportion.

    Args:
        trace: of one step.
        times: how many steps there are then.

    Raises:
        TraceError: `times` is less than 1.
    """
    if times < 1:
        raise TraceError(f"is to be done {times} times; 1 or more are wanted", source="repeat")
    if times == 1:
        return trace
    npus = each_distinct(trace, EVERYTHING, lambda nodes: _repeated(nodes, times))
    said = tuple(_of_steps(it, times) for it in trace.annotations)
    return edited(trace, npus, f"repeat {times}", annotations=said)


def _repeated(nodes: Sequence[Node], times: int) -> Sequence[Node]:
    if not nodes:
        return nodes
    span = max(it.id for it in nodes) + 1
    waited_for = {id for it in nodes for id in it.data_deps}
    last = tuple(it.id for it in nodes if it.id not in waited_for)
    written = {use.name for it in nodes for use in it.outputs or ()}
    made = list(nodes)
    for step in range(1, times):
        before = tuple(id + span * (step - 1) for id in last)
        made += [_in_step(it, step, span, before, written) for it in nodes]
    return tuple(made)


def _in_step(node: Node, step: int, span: int, before: tuple[int, ...], written: set[str]) -> Node:
    """A node of a later step; what waits for nothing there waits for the step before."""
    first = span * step
    return replace(
        node,
        id=node.id + first,
        data_deps=tuple(it + first for it in node.data_deps) or before,
        ctrl_deps=tuple(it + first for it in node.ctrl_deps),
        inputs=_renamed(node.inputs, step, written),
        outputs=_renamed(node.outputs, step, written),
    )


def _renamed(
    uses: tuple[TensorUse, ...] | None, step: int, written: set[str]
) -> tuple[TensorUse, ...] | None:
    if not uses:
        return uses
    return tuple(
        TensorUse(f"{it.name}#{step}", it.size) if it.name in written else it for it in uses
    )


def _of_steps(said: Annotations, times: int) -> Annotations:
    tokens, operations = said.tokens, said.model_flops
    return replace(
        said,
        tokens=None if tokens is None else tokens * times,
        model_flops=None if operations is None else operations * times,
    )
