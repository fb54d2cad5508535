"""A shortcut's result beside the plain path's: what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simastra.result import NodeRecord, Result


def differences(shortened: Result, plain: Result) -> tuple[str, ...]:
    """What a shortcut got wrong, a line for each NPU; nothing where it is exact.

    Compares when each NPU finished, and when it issued and finished each node. The order of NPUs
    that finish in the same nanosecond is compared where the shortcut claims to know it.
    """
    found = list(_npus(shortened, plain))
    claims_order = all(use.order_is_known for use in shortened.shortcuts)
    if not found and claims_order and shortened.finish_order != plain.finish_order:
        found.append("the NPUs finish in another order")
    return tuple(found)


def _npus(shortened: Result, plain: Result) -> Iterator[str]:
    cycles, expected = shortened.cycles, plain.cycles
    for npu, nodes in enumerate(plain.nodes):
        if cycles.get(npu) != expected.get(npu):
            yield f"NPU {npu} finishes at {cycles.get(npu)} ns, not {expected.get(npu)} ns"
        elif shortened.nodes[npu] != nodes:
            yield f"NPU {npu}: {_first_difference(shortened.nodes[npu], nodes)}"


def _first_difference(nodes: Sequence[NodeRecord], expected: Sequence[NodeRecord]) -> str:
    for node, other in zip(nodes, expected, strict=False):
        if node != other:
            return (
                f"node {node.node} {node.name!r} from {node.issued} to {node.finished} ns; "
                f"event by event node {other.node} {other.name!r} comes there, "
                f"from {other.issued} to {other.finished} ns"
            )
    return f"{len(nodes)} nodes, not {len(expected)}"
