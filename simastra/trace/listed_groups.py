"""The process groups that PyTorch lists in METADATA nodes (behaviour 2.3).

PyTorch's execution traces begin with a node that lists the process groups of its rank, as JSON in
the values of its inputs; Chakra's converter makes a METADATA node of it. What it lists goes before
what a file of communicator groups says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress, count
from typing import TypeAlias

from simastra.errors import TraceError
from simastra.group_numbers import group_number
from simastra.quick_dataclass import dataclass
from simastra.trace.marks import NodeMark, marked
from simastra.trace.nodes import Node
from simastra.trace.trace import Trace
from simastra.units import NpuId

ListedGroups: TypeAlias = Mapping[NpuId, Mapping[int, tuple[NpuId, ...]]]
"""For each NPU whose trace lists process groups, their members by number, in order of positions.

Equal members are one object."""

_WRAPPING = 2  # Python's list of one text: a bracket and a quotation mark at either end


@dataclass(frozen=True, slots=True)
class Listing:
    """What one METADATA node lists.

    Attributes:
        groups: members by number; nobody stands for all NPUs.
        is_whole: whether all that it lists could be read.
    """

    groups: Mapping[int, tuple[NpuId, ...]]
    is_whole: bool


def listed_groups(trace: Trace) -> ListedGroups:
    """Return the process groups that each NPU's trace lists, if it lists any.

    The last node that lists a number counts, whenever it comes.

    Raises:
        TraceError: a group has a member that the trace doesn't have, or one twice.
    """
    interned: dict[tuple[NpuId, ...], tuple[NpuId, ...]] = {}
    by_nodes: dict[int, Mapping[int, tuple[NpuId, ...]]] = {}
    found: dict[NpuId, Mapping[int, tuple[NpuId, ...]]] = {}
    everybody = tuple(range(len(trace.npus)))
    for npu, (nodes, source) in enumerate(zip(trace.npus, trace.sources, strict=True)):
        if id(nodes) not in by_nodes:
            groups: dict[int, tuple[NpuId, ...]] = {}
            noted = map(nodes.__getitem__, compress(count(), marked(nodes, NodeMark.NOTED)))
            for node in sorted(noted, key=lambda it: it.id):
                for number, listed in listing(node).groups.items():
                    members = listed or everybody
                    _check(members, number, len(trace.npus), node, source)
                    groups[number] = interned.setdefault(members, members)
            by_nodes[id(nodes)] = groups
        if by_nodes[id(nodes)]:
            found[npu] = by_nodes[id(nodes)]
    return found


def listing(node: Node) -> Listing:
    """Return what a METADATA node lists. Groups whose names begin with no number are left out."""
    try:
        items = json.loads(node.metadata[_WRAPPING:-_WRAPPING])
    except (ValueError, RecursionError):
        return Listing({}, is_whole=False)
    if not isinstance(items, list):
        return Listing({}, is_whole=False)
    read = list(_groups(items))
    return Listing(dict(read), is_whole=len(read) == len(items))


def _groups(items: Sequence[object]) -> Iterator[tuple[int, tuple[NpuId, ...]]]:
    for item in items:
        match item:
            case {"pg_name": str(name), "ranks": list(ranks)} if all(
                type(rank) is int for rank in ranks
            ):
                number = group_number(name)
                if number is not None:
                    yield number, tuple(ranks)
            case _:
                pass


def _check(members: Sequence[NpuId], number: int, npus: int, node: Node, source: str) -> None:
    problem = None
    if len(set(members)) < len(members):
        problem = "lists an NPU twice"
    elif any(not 0 <= npu < npus for npu in members):
        strange = next(npu for npu in members if not 0 <= npu < npus)
        problem = f"lists rank {strange}, but there are NPUs 0 to {npus - 1}"
    if problem:
        raise TraceError(
            f"{node.name!r} lists process group {number}, which {problem}",
            source=source,
            node=node.id,
        )
