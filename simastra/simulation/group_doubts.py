"""Doubts about process groups: names that aren't read, or not as they are written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simastra.config import CommGroups
from simastra.config.comm_groups import group_number
from simastra.notices import Notice, Severity
from simastra.trace import Node
from simastra.workload import CollectiveOperation, Operation

from .node_doubts import Among, Context, NodeDoubt


def group_notices(groups: CommGroups | None, context: Context) -> tuple[Notice, ...]:
    """Say which groups of the file nothing can run in."""
    if groups is None or not context.rules.dialect.groups_by_node:
        return ()
    zero = [group for group in groups.groups if group_number(group.name) == 0]
    return tuple(
        Notice(
            "group-0",
            f"{groups.source}: {group.name}",
            "isn't used: pg_name 0 stands for all NPUs, in their own order; a usual build of "
            "ASTRA-sim doesn't start with a group 0",
            "number groups from 1, or leave this one out",
        )
        for group in zero
    )


def _names_a_group_in_vain(node: Node, operation: Operation, context: Context) -> bool:
    if context.rules.dialect.groups_by_node or not node.pg_name:
        return False
    return isinstance(operation, CollectiveOperation) and group_number(node.pg_name) != 0


def _in_vain_message(nodes: Sequence[Node], context: Context) -> str:
    return (
        f"name a process group ({_listed(node.pg_name for node in nodes)} in pg_name), which "
        f"{context.rules.dialect.name} doesn't read: each of their collectives runs among all "
        "NPUs, or in the one group of a --comm-groups file that lists its NPU"
    )


def _has_more_than_a_number(node: Node, operation: Operation, context: Context) -> bool:
    if not context.rules.dialect.groups_by_node or not isinstance(operation, CollectiveOperation):
        return False
    return not (node.pg_name or "0").isdigit()


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


GROUP_DOUBTS = (
    NodeDoubt(
        "group-not-read",
        Among.COMMUNICATION,
        _names_a_group_in_vain,
        _in_vain_message,
        "use --compat master, which reads pg_name, with the groups in --comm-groups",
    ),
    NodeDoubt(
        "group-more-than-number",
        Among.COMMUNICATION,
        _has_more_than_a_number,
        _more_message,
        "write the group's number alone",
        Severity.INFO,
    ),
)
"""Doubts about the groups that nodes name."""
