"""Which dialect a trace asks for, where that is left to it: one look at the nodes as they are read.

ASTRA-sim's versions understand the same trace differently. What only one of them reads tells whose
trace it is: a collective that names its process group (``pg_name``), and a METADATA node that lists
process groups, both of master.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from heapq import merge

from simastra.config import CommGroups
from simastra.dialect import HOTI2024, MASTER, Dialect
from simastra.group_numbers import group_number
from simastra.notices import Notice, Severity
from simastra.quick_dataclass import dataclass
from simastra.trace import Node, NodeMark, NodeType, Trace, marked
from simastra.trace.listed_groups import listing
from simastra.workload import places


@dataclass(frozen=True, slots=True)
class DialectChoice:
    """A dialect, and why it is this one.

    Attributes:
        dialect: which ASTRA-sim is reproduced.
        reason: what the trace has, or lacks, that decided; nothing where the user did.
        where: the node that decided, for a person to find it; nothing where none did.
    """

    dialect: Dialect
    reason: str = ""
    where: str = ""

    def __str__(self) -> str:
        why = ", ".join(filter(None, (self.where, self.reason)))
        return f"{self.dialect.name}: {why}" if why else self.dialect.name


def dialect_choice(given: Dialect, trace: Trace, jobs_of: str = "") -> DialectChoice:
    """The dialect in which a trace is simulated.

    Args:
        given: as the options have it.
        trace: what each NPU does. NPUs with the same nodes are looked at once, to the first node
            that decides.
        jobs_of: the scenario that has jobs; empty where there are none. With jobs it is always
            master: what one takes is not to depend on whether another has collectives.
    """
    if not given.by_trace:
        return DialectChoice(given)
    if jobs_of:
        reason = "has jobs, each with process groups of its own"
        return DialectChoice(_with_settings(MASTER, given), reason, jobs_of)
    seen: set[int] = set()
    for nodes, source in zip(trace.npus, trace.sources, strict=True):
        if id(nodes) not in seen:
            seen.add(id(nodes))
            found = next(_of_master(nodes), None)
            if found is not None:
                node, reason = found
                where = f"{source}, node {node.id}"
                return DialectChoice(_with_settings(MASTER, given), reason, where)
    return DialectChoice(_with_settings(HOTI2024, given), "no node names a process group")


def choice_notices(choice: DialectChoice, groups: CommGroups | None) -> Iterator[Notice]:
    """Say which dialect a trace has asked for, where that could be a surprise.

    Args:
        choice: the dialect, and why.
        groups: process groups of a file, None for none.
    """
    if choice.where:
        yield Notice(
            "dialect-by-trace",
            choice.where,
            f"{choice.reason}, which only ASTRA-sim's {choice.dialect.name} reads: the trace is "
            "read as that does",
            f"say --compat {choice.dialect.name}, or --compat {HOTI2024.name}, to have it so "
            "whatever the trace says",
            Severity.INFO,
        )
    elif choice.reason and groups is not None and groups.groups:
        yield Notice(
            "dialect-by-trace",
            str(groups.source),
            f"{choice.reason}, so that groups are read as ASTRA-sim {choice.dialect.name} does: an "
            "NPU's collectives are all in the last group that lists it",
            f"let collectives name their groups (pg_name), or say --compat {choice.dialect.name}",
            Severity.INFO,
        )


def _of_master(nodes: Sequence[Node]) -> Iterator[tuple[Node, str]]:
    """Nodes that say what only master reads, and what that is."""
    # Most nodes have neither: a trace of millions is to be gone through quickly.
    grouped, noted = (places(marked(nodes, it)) for it in (NodeMark.GROUPED, NodeMark.NOTED))
    for index in merge(grouped, noted):
        node = nodes[index]
        if node.type is NodeType.COMM_COLL and group_number(node.pg_name or ""):
            yield node, f"{node.name!r} names process group {node.pg_name!r} (pg_name)"
        elif "pg_name" in node.metadata and any(listing(node).groups):
            yield node, f"{node.name!r} lists process groups"


def _with_settings(dialect: Dialect, given: Dialect) -> Dialect:
    """A dialect with what a user may add to any."""
    return replace(
        dialect,
        extended_collectives=given.extended_collectives,
        exact_durations=given.exact_durations,
    )
