"""Doubts about process groups: names that aren't read, or not as they are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from simastra.config.comm_groups import group_number
from simastra.notices import Notice, Severity
from simastra.simulation.memberships import listed_npus
from simastra.trace import Node
from simastra.workload import CollectiveOperation
from simastra.workload.listed_groups import listing

from .context import Among, Context, NodeCheck


def group_notices(context: Context) -> tuple[Notice, ...]:
    """Say which groups are read otherwise than they are written, where collectives name theirs."""
    if not context.rules.dialect.groups_by_node:
        return ()
    return (*_groups_of_0(context), *_overruled(context), *_unread_listings(context))


def _groups_of_0(context: Context) -> Iterator[Notice]:
    groups = context.scenario.platform.comm_groups
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
    platform = context.scenario.platform
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
        (node, source)
        for nodes, source in context.distinct_nodes
        for node in nodes
        if "pg_name" in node.metadata and not listing(node).is_whole
    ]
    if unread:
        node, source = unread[0]
        yield Notice(
            "groups-not-read",
            f"{source}, node {node.id}",
            f"{len(unread)} METADATA {'node lists' if len(unread) == 1 else 'nodes list'} process "
            "groups that can't be read: wanted is a list of JSON objects with pg_name, which "
            "begins with a number, and ranks",
            "give the groups in --comm-groups instead",
        )


def _names_a_group_in_vain(node: Node, _operation: CollectiveOperation, context: Context) -> bool:
    if context.rules.dialect.groups_by_node or not node.pg_name:
        return False
    return group_number(node.pg_name) != 0


def _in_vain_message(nodes: Sequence[Node], context: Context) -> str:
    return (
        f"name a process group ({_listed(node.pg_name for node in nodes)} in pg_name), which "
        f"{context.rules.dialect.name} doesn't read: each of their collectives runs among all "
        "NPUs, or in the one group of a --comm-groups file that lists its NPU"
    )


def _has_more_than_a_number(node: Node, _operation: CollectiveOperation, context: Context) -> bool:
    return context.rules.dialect.groups_by_node and not (node.pg_name or "0").isdigit()


def _more_message(nodes: Sequence[Node], _context: Context) -> str:
    return (
        f"have more than a number in pg_name ({_listed(node.pg_name for node in nodes)}); as in "
        "ASTRA-sim, the number that it begins with counts"
    )


_SHOWN_NAMES = 4


def _listed(names: Iterable[str | None]) -> str:
    distinct = [repr(name) for name in dict.fromkeys(names)]
    more = ", ..." if len(distinct) > _SHOWN_NAMES else ""
    return ", ".join(distinct[:_SHOWN_NAMES]) + more


GROUP_CHECKS: tuple[NodeCheck[Any], ...] = (
    NodeCheck(
        "group-not-read",
        Among.COLLECTIVE,
        _names_a_group_in_vain,
        _in_vain_message,
        "use --compat master, which reads pg_name, with the groups in --comm-groups",
    ),
    NodeCheck(
        "group-more-than-number",
        Among.COLLECTIVE,
        _has_more_than_a_number,
        _more_message,
        "write the group's number alone",
        Severity.INFO,
    ),
)
"""Doubts about the groups that nodes name."""
