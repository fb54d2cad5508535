"""What simastra finishes and ASTRA-sim doesn't: it hangs, or ends with an assertion or exception.

Who compares the two should know (behaviour 7). These are about programs and the machine; those
about single nodes are in `nodes`, about the numbers of chunks in `chunk_counts`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from simastra.notices import Notice, Severity
from simastra.simulation.checks.context import Context
from simastra.trace import NodeType
from simastra.units import NpuId
from simastra.workload import (
    CollectiveOperation,
    MemoryOperation,
    Resource,
    RooflineOperation,
)
from simastra.workload.order import begun_at_start, collectives_in_order, skipped_alone

from .chunk_counts import stream_notices
from .first_event import first_event_notices

_Check: TypeAlias = Callable[[Context], Iterator[Notice]]


def reference_notices(context: Context) -> tuple[Notice, ...]:
    """All of them; nothing where everything is replayed."""
    if context.system.replay_only:
        return ()
    return tuple(notice for doubt in _CHECKS for notice in doubt(context))


# -- about programs -----------------------------------------------------------------------------


def _groups_of_one(context: Context) -> Iterator[Notice]:
    platform = context.scenario.platform
    found: list[tuple[NpuId, int, str]] = []
    for group in platform.groups:
        if len(group.members) > 1:
            continue
        (npu,) = group.members
        for node, operation in context.programs[npu]:
            if isinstance(operation, CollectiveOperation) and (
                platform.members(npu, operation.group) is group.members
            ):
                found.append((npu, node.id, node.name))
    if found:
        npu, node_id, name = found[0]
        yield Notice(
            "group-of-one",
            context.trace.sources[npu],
            f"{_count(found, 'collective')} in process groups of one NPU, which end at once here, "
            f"as node {node_id} ({name!r}) of NPU {npu}; {context.reference} never finishes them",
            "leave them out, or put more NPUs into the group",
        )


def _after_skipped(context: Context) -> Iterator[Notice]:
    """That nothing follows a skipped node, if nothing else is under way (7.2 #11)."""
    dialect = context.rules.dialect
    if dialect.issues_freed_nodes_at_once:
        return
    for program, source in context.distinct:
        alone = skipped_alone(program)
        nothing_begun = (
            alone is None and program.operations and not begun_at_start(program, dialect)
        )
        if alone is None and not nothing_begun:
            continue
        node = program.graph.nodes[alone if alone is not None else program.graph.roots[0]]
        if alone is None and len(program.graph.roots) == len(program.operations):
            continue  # nobody waits for what is skipped
        yield Notice(
            "skipped-node",
            f"{source}, node {node.id}",
            f"{node.name!r} takes no time and nothing else is under way then, so that "
            f"{context.reference} doesn't look for what it lets go, and never finishes",
            "leave it out, and let what waits for it wait for what it waits for",
        )
        return


def _statistics(context: Context) -> Iterator[Notice]:
    """That some types of nodes end the program as soon as an NPU is reported (7.4 #8)."""
    if context.rules.dialect.reports_all_types:
        return
    for program, source in context.distinct:
        on_cpu = Resource.CPU in program.resources
        if on_cpu or any(isinstance(it, MemoryOperation) for it in program.operations):
            what = "computations on the CPU" if on_cpu else "remote memory"
            yield Notice(
                "statistics-throw",
                source,
                f"{context.reference} has no statistics of NPUs with {what}: it throws an exception"
                " when one has finished, and may end before the others have",
                "nothing need be done, unless results are to be compared",
                Severity.INFO,
            )
            return


def _roofline_attributes(context: Context) -> Iterator[Notice]:
    """That the roofline needs attributes (5.2)."""
    dialect = context.rules.dialect
    if not context.system.roofline_enabled or dialect.cpu_follows_roofline:
        return
    for program, source in context.distinct:
        for node in program.graph.nodes:
            lacks = node.num_ops is None or node.tensor_size is None
            if lacks and node.type is NodeType.COMP and not context.rules.on_cpu(node):
                yield Notice(
                    "roofline-attributes",
                    f"{source}, node {node.id}",
                    f"{node.name!r} has no {'num_ops' if node.num_ops is None else 'tensor_size'}, "
                    f"which counts as 0 here; {context.reference} ends with an exception",
                    "give computations num_ops and tensor_size",
                )
                return


def _no_operations(context: Context) -> Iterator[Notice]:
    """That 0 operations by 0 operations a ns are no time (5.2)."""
    if not context.system.roofline_enabled:
        return
    for program, source in context.distinct:
        for node, operation in program:
            if isinstance(operation, RooflineOperation) and not operation.num_ops:
                yield Notice(
                    "no-operations",
                    f"{source}, node {node.id}",
                    f"{node.name!r} has 0 operations, which take no time by the roofline here; "
                    f"{context.reference} divides 0 by 0, and ends it after 2^63 ns or never",
                    "give computations num_ops",
                )
                return


def _long_traces(context: Context) -> Iterator[Notice]:
    most = context.rules.dialect.most_nodes
    for program, source in context.distinct:
        if most is not None and len(program.operations) > most:
            yield Notice(
                "many-nodes",
                source,
                f"has {len(program.operations)} nodes; {context.reference} reads {most} at a time, "
                "and forgets dependencies between those",
                "nothing need be done, unless results are to be compared",
                Severity.INFO,
            )
            return


def _data_sets(context: Context) -> Iterator[Notice]:
    """That a collective's node may have the number of the data set that follows it (7.2 #1).

    Data sets are numbered over all NPUs, which are taken to go in step here.
    """
    if not context.rules.dialect.confuses_data_sets:
        return
    npus = context.network.npus
    for program, source in context.distinct:
        order = collectives_in_order(program)
        for turn, index in enumerate(order[:-1]):
            node = program.graph.nodes[index]
            if (turn + 1) * npus <= node.id < (turn + 2) * npus:
                yield Notice(
                    "data-set-number",
                    f"{source}, node {node.id}",
                    f"{context.reference} numbers the collectives of all NPUs, and crashes where "
                    f"the one after {node.name!r} gets this node's id, as one of the NPUs' does if "
                    "they go in step",
                    "give nodes higher ids, such as from 1,000,000 on",
                    Severity.INFO,
                )
                return


# -- about the machine --------------------------------------------------------------------------


def _network(context: Context) -> Iterator[Notice]:
    """Networks that the reference's backends refuse or abort on (7.4 #1, #2)."""
    platform, network = context.scenario.platform, context.network
    where = f"{network.source}: topology"
    fix = "use --network-backend congestion-unaware to compare results"
    if not platform.queues_at_links:
        return
    if network.dimensions > 1:
        message = (
            f"{context.reference} has no congestion-aware network of {network.dimensions} "
            "dimensions, and refuses this one"
        )
        yield Notice("several-dimensions", where, message, fix, Severity.INFO)
    elif network.topology[0] == "Ring" and network.npus == 2:  # noqa: PLR2004 - both its links
        message = (
            f"{context.reference} ends on a congestion-aware Ring of two NPUs with a failed "
            "assertion: it would make each link twice"
        )
        yield Notice("ring-of-two", where, message, f"{fix}, or a Switch", Severity.INFO)


def _trees_in_groups(context: Context) -> Iterator[Notice]:
    """That a double binary tree can't run in a process group of some of the NPUs (7.3 #22)."""
    platform = context.scenario.platform
    if not context.rules.dialect.group_algorithms:
        return
    if not any(1 < len(group.members) < platform.npus for group in platform.groups):
        return
    for npu, program in context.first_npus:
        for node, operation in program:
            if not isinstance(operation, CollectiveOperation):
                continue
            if not 1 < len(platform.members(npu, operation.group)) < platform.npus:
                continue
            choices = context.choices.get(operation.collective, ())
            if [choice.name for choice in choices] == ["doubleBinaryTree"]:
                yield Notice(
                    "tree-in-group",
                    f"{context.trace.sources[npu]}, node {node.id}",
                    f"{node.name!r} runs doubleBinaryTree in a process group of some of the NPUs; "
                    f"{context.reference} crashes on that",
                    "use ring, direct or halvingDoubling",
                )
                return


def _count(found: list[tuple[NpuId, int, str]], what: str) -> str:
    return f"1 {what} is" if len(found) == 1 else f"{len(found)} {what}s are"


_CHECKS: tuple[_Check, ...] = (
    _groups_of_one,
    _after_skipped,
    stream_notices,
    _statistics,
    _roofline_attributes,
    _no_operations,
    _long_traces,
    _data_sets,
    first_event_notices,
    _network,
    _trees_in_groups,
)
