"""What is done to a message or a collective has to be done on all sides of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from simastra.errors import TraceError
from simastra.trace.edit.grouped import Grouped
from simastra.trace.edit.selection import Selection
from simastra.trace.nodes import CollectiveType, Node, NodeType
from simastra.units import NpuId

_Ends = tuple[NpuId, NpuId, int]
_Team = tuple[tuple[NpuId, ...], CollectiveType | None]


def check_partners(given: Grouped, where: Selection, edit: str) -> None:
    """Check that all sides of a message, and all members of a collective, are selected alike.

    Raises:
        TraceError: they aren't, so that somebody would wait for ever.
    """
    messages: Counter[_Ends] = Counter()
    for npu, node in selected(given, where):
        if (ends := _ends(npu, node)) is not None:
            messages[ends] += 1 if node.type is NodeType.COMM_SEND else -1
    _check_messages(messages, edit)
    check_members(given, selected(given, where), edit)


def check_members(given: Grouped, nodes: Iterable[tuple[NpuId, Node]], edit: str) -> None:
    """Check that all members of a collective have it as often.

    Args:
        given: the trace and its groups.
        nodes: with the NPU whose each is; others than collectives are passed over.
        edit: what it is checked for.

    Raises:
        TraceError: they haven't, so that somebody would wait for ever.
    """
    groups = given.of_trace()
    collectives: dict[_Team, Counter[NpuId]] = {}
    for npu, node in nodes:
        if node.type is NodeType.COMM_COLL:
            team = groups.members(npu, node), node.comm_type
            collectives.setdefault(team, Counter())[npu] += 1
    _check_collectives(collectives, edit)


def selected(given: Grouped, where: Selection) -> Iterator[tuple[NpuId, Node]]:
    """The selected nodes, each with its NPU."""
    picks = where.picker()
    for npu, nodes in enumerate(given.trace.npus):
        if where.of_npu(npu):
            yield from ((npu, node) for node in nodes if picks(node))


def _check_messages(messages: Mapping[_Ends, int], edit: str) -> None:
    for (source, to, tag), surplus in messages.items():
        if surplus:
            side = "receives" if surplus < 0 else "sends"
            raise TraceError(
                f"of messages from NPU {source} to NPU {to} with tag {tag}, {abs(surplus)} more "
                f"{side} are selected than of the other side; select both",
                source=edit,
            )


def _check_collectives(collectives: Mapping[_Team, Counter[NpuId]], edit: str) -> None:
    for (members, kind), counts in collectives.items():
        if len({counts[npu] for npu in members}) > 1:
            fewest = min(members, key=counts.__getitem__)
            name = "collective" if kind is None else kind.name
            raise TraceError(
                f"{name} of {len(members)} NPUs: fewer are selected on NPU {fewest} than on "
                "others; select it on all of them",
                source=edit,
            )


def _ends(npu: NpuId, node: Node) -> _Ends | None:
    """Both ends and the tag of a message, None of anything else."""
    tag = node.comm_tag or 0
    if node.type is NodeType.COMM_SEND and node.comm_dst is not None:
        return npu, node.comm_dst, tag
    if node.type is NodeType.COMM_RECV and node.comm_src is not None:
        return node.comm_src, npu, tag
    return None
