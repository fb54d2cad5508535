"""Checks of process groups: names that aren't read, or not as they are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simastra.group_numbers import group_number
from simastra.notices import Notice, Severity
from simastra.trace import Node, NodeMark
from simastra.trace.listed_groups import listing
from simastra.view.phrases import listed_npus
from simastra.workload import Collective, places

from .context import Context
from .node_check import NodeCheck, verb


def group_notices(context: Context) -> Iterator[Notice]:
    """Say which groups are read otherwise than they are written, where collectives name theirs."""
    if context.rules.dialect.groups_by_node:
        yield from _groups_of_0(context)
        yield from _overruled(context)
        yield from _unread_listings(context)


def _groups_of_0(context: Context) -> Iterator[Notice]:
    groups = context.platform.comm_groups
    if groups is None:
        return
    for group in groups.groups:
        if group_number(group.name) == 0:
            yield Notice(
                "group-0",
                f"{groups.source}: {group.name}",
                "isn't used: pg_name 0 stands for all NPUs, in their own order; a usual build of "
                "ASTRA-sim doesn't start with a group 0",
                "number groups from 1, or leave this one out",
            )


def _overruled(context: Context) -> Iterator[Notice]:
    """Groups of the file that the trace of some NPU lists otherwise."""
    platform = context.platform
    if platform.comm_groups is None:
        return
    in_file = {group_number(group.name): group for group in platform.comm_groups.groups}
    told: set[int] = set()
    for npu, groups in platform.listed_groups.items():
        for number, members in groups.items():
            group = in_file.get(number)
            if group is not None and group.members != members and number not in told:
                told.add(number)
                yield Notice(
                    "group-overruled",
                    f"{platform.comm_groups.source}: {group.name}",
                    f"the METADATA nodes of NPU {npu} list other members, which count for it: "
                    f"{listed_npus(members)}, not {listed_npus(group.members)}",
                    "let both say the same, or leave one of them out",
                )


def _unread_listings(context: Context) -> Iterator[Notice]:
    """METADATA nodes that name process groups which can't be read."""
    unread = [
        (npu, node)
        for npu, program in context.distinct
        for index in places(context.marked(program, NodeMark.NOTED))
        if "pg_name" in (node := program.graph.nodes[index]).metadata and not listing(node).is_whole
    ]
    if unread:
        npu, node = unread[0]
        yield Notice(
            "groups-not-read",
            context.source(npu, node),
            f"{len(unread)} METADATA {'node lists' if len(unread) == 1 else 'nodes list'} process "
            "groups that can't be read: wanted is a list of JSON objects with pg_name, which "
            "begins with a number, and ranks",
            "give the groups in --comm-groups instead",
        )


def names_a_group(node: Node) -> bool:
    """Whether a node's collective is to run in a process group of its own, in the dialect that
    reads pg_name."""
    return bool(node.pg_name) and group_number(node.pg_name or "") != 0


def _in_vain_message(nodes: Sequence[Node], context: Context) -> str:
    return (
        f"{verb(nodes, 'names', 'name')} a process group ({_names(nodes)} in pg_name), "
        f"which {context.rules.dialect.name} doesn't read: "
        f"{verb(nodes, 'its collective', 'each of their collectives')} runs among all NPUs, or in "
        "the one group of a --comm-groups file that lists its NPU"
    )


def _has_more_than_a_number(operation: Collective) -> bool:
    name = operation.node.pg_name or ""
    # Other digits than ASCII's are no numbers.
    return bool(name) and not (name.isascii() and name.isdigit())


def _more_message(nodes: Sequence[Node], _context: Context) -> str:
    return (
        f"{verb(nodes, 'has', 'have')} more than a number in pg_name ({_names(nodes)}); as in "
        "ASTRA-sim, the number that it begins with counts"
    )


_SHOWN_NAMES = 4


def _names(nodes: Sequence[Node]) -> str:
    distinct = [repr(name) for name in dict.fromkeys(node.pg_name for node in nodes)]
    more = ", ..." if len(distinct) > _SHOWN_NAMES else ""
    return ", ".join(distinct[:_SHOWN_NAMES]) + more


GROUP_CHECKS = (
    NodeCheck(
        "group-not-read",
        lambda program, context: context.collectives(program).where(
            lambda it: names_a_group(it.node)
        ),
        _in_vain_message,
        "use --compat master, which reads pg_name, with the groups in --comm-groups",
        applies=lambda context: not context.rules.dialect.groups_by_node,
        of_names=True,
    ),
    NodeCheck(
        "group-more-than-number",
        lambda program, context: context.collectives(program).where(_has_more_than_a_number),
        _more_message,
        "write the group's number alone",
        Severity.INFO,
        applies=lambda context: context.rules.dialect.groups_by_node,
        of_names=True,
    ),
)
"""Checks of the groups that nodes name."""
