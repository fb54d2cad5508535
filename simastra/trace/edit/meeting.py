"""Whether NPUs that wait for each other, in collectives and for messages, come to an end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from typing import TypeAlias

from simastra.trace.edit.grouped import Grouped
from simastra.trace.edit.groups import GroupsOfTrace
from simastra.trace.nodes import Node, NodeType
from simastra.units import NpuId

_Event: TypeAlias = tuple[Hashable, ...]
"""A node of one NPU, or a collective that several have a node of."""


def comes_to_an_end(given: Grouped) -> bool:
    """Whether no node waits for ever, through whatever other NPUs do.

    Members meet in collectives of their group in the order of ids, and so do sends and receives of
    the same ends and tag. A message that nobody sends, and a member that doesn't come, isn't
    waited for: that is for others to say.

    Args:
        given: the trace and its groups.
    """
    events = dict(_events(given, given.of_trace()))
    waits: dict[_Event, set[_Event]] = {event: set() for event in events.values()}
    for npu, nodes in enumerate(given.trace.npus):
        for node in nodes:
            event = events[npu, node.id]
            before = ((npu, it) for it in (*node.data_deps, *node.ctrl_deps))
            waits[event].update(events[it] for it in before if it in events)
    for event, needed in waits.items():
        sent = NodeType.COMM_SEND, *event[1:]
        if event[0] is NodeType.COMM_RECV and sent in waits:
            needed.add(sent)
    return _is_acyclic(waits)


def _events(given: Grouped, groups: GroupsOfTrace) -> Iterator[tuple[tuple[NpuId, int], _Event]]:
    """What each node is part of."""
    for npu, nodes in enumerate(given.trace.npus):
        often: Counter[_Event | None] = Counter()
        for node in sorted(nodes, key=_id):
            met = _met(npu, node, groups)
            often[met] += 1
            own = npu, node.id
            yield own, own if met is None else (*met, often[met])


def _met(npu: NpuId, node: Node, groups: GroupsOfTrace) -> _Event | None:
    """With whom a node's NPU meets; None for nobody."""
    match node.type:
        case NodeType.COMM_COLL:
            return node.type, groups.number(npu, node), groups.members(npu, node)
        case NodeType.COMM_SEND:
            return node.type, npu, node.comm_dst, node.comm_tag or 0
        case NodeType.COMM_RECV:
            return node.type, node.comm_src, npu, node.comm_tag or 0
        case _:
            return None


def _is_acyclic(waits: Mapping[_Event, set[_Event]]) -> bool:
    after: dict[_Event, list[_Event]] = {}
    for event, needed in waits.items():
        for it in needed:
            after.setdefault(it, []).append(event)
    missing = {event: len(needed) for event, needed in waits.items()}
    ready = [event for event, count in missing.items() if not count]
    for event in ready:  # it grows
        for later in after.get(event, ()):
            missing[later] -= 1
            if not missing[later]:
                ready.append(later)
    return len(ready) == len(missing)


def _id(node: Node) -> int:
    return node.id
