"""Sizes of communications that a trace leaves out, by what the other sides of them tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from simastra.errors import TraceError
from simastra.trace.edit.grouped import Grouped
from simastra.trace.edit.groups import GroupsOfTrace
from simastra.trace.nodes import COMMUNICATION_TYPES, CollectiveType, Node, NodeType
from simastra.trace.trace import Trace
from simastra.units import NpuId


def with_sizes(given: Grouped, counts: Counter[str]) -> tuple[Sequence[Node], ...]:
    """The nodes with sizes that other sides tell; how many, is counted."""
    groups = given.of_trace()
    told = dict(_told_sizes(given, groups))
    made: list[Sequence[Node]] = []
    for npu, nodes in enumerate(given.trace.npus):
        sizes = {
            it.id: told.get(key) for key, it in _keyed(given, npu, groups) if it.comm_size is None
        }
        found = {id: size for id, size in sizes.items() if size is not None}
        counts["size as on the other side"] += len(found)
        made.append(
            tuple(replace(it, comm_size=found[it.id]) if it.id in found else it for it in nodes)
            if found
            else nodes
        )
    counts += Counter()  # leaves out what is 0
    return tuple(made)


def _told_sizes(given: Grouped, groups: GroupsOfTrace) -> Iterator[tuple[object, int]]:
    for npu in range(len(given.trace.npus)):
        for key, node in _keyed(given, npu, groups):
            if node.comm_size is not None:
                yield key, node.comm_size


def _keyed(given: Grouped, npu: NpuId, groups: GroupsOfTrace) -> Iterator[tuple[object, Node]]:
    """What the sides of each communication of an NPU have in common."""
    often: Counter[object] = Counter()
    for node in sorted(given.trace.npus[npu], key=lambda it: it.id):
        key: object = None
        match node.type:
            case NodeType.COMM_COLL:
                key = groups.number(npu, node), groups.members(npu, node), node.comm_type
            case NodeType.COMM_SEND:
                key = npu, node.comm_dst, node.comm_tag
            case NodeType.COMM_RECV:
                key = node.comm_src, npu, node.comm_tag
            case _:
                pass
        if key is not None:
            often[key] += 1
            yield (key, often[key]), node


def check_sizes(npus: Iterable[Sequence[Node]], trace: Trace) -> None:
    """Check that all communications have a size.

    Raises:
        TraceError: one has none: it names the first.
    """
    for npu, nodes in enumerate(npus):
        for node in nodes:
            is_barrier = node.comm_type is CollectiveType.BARRIER
            if node.type in COMMUNICATION_TYPES and node.comm_size is None and not is_barrier:
                raise TraceError(
                    f"{node.name!r} has no comm_size, and no other side of it tells one; give it "
                    "its bytes",
                    source=trace.sources[npu],
                    node=node.id,
                )
