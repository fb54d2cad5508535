"""What simastra finishes and ASTRA-sim doesn't: it hangs, or ends with an assertion or exception.

Who compares the two should know (behaviour 7).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

from simastra.notices import Notice, Severity
from simastra.simulation.checks.context import Context
from simastra.simulation.platform import Platform
from simastra.trace import NodeMark, NodeType, ids_of
from simastra.units import NpuId
from simastra.workload import Collective, OperationKind, Program, chosen, places
from simastra.workload.order import begun_at_start, collectives_in_order, skipped_alone

from .chunk_counts import chunk_count_notices
from .first_event import happening_at_0
from .program_check import Problem, ProgramCheck

_NEED_NOTHING = "nothing need be done, unless results are to be compared"


def reference_notices(context: Context) -> Iterator[Notice]:
    """All of them; nothing where everything is replayed."""
    if not context.system.replay_only:
        for check in _CHECKS:
            yield from check(context)


def _groups_of_one(context: Context) -> Iterator[Notice]:
    platform = context.platform
    found = [
        (npu, index)
        for group in platform.groups
        for npu in (group.members if len(group.members) == 1 else ())
        for index in context.collectives(context.programs[npu]).where(
            partial(_is_in, platform, npu, group.members)
        )
    ]
    if found:
        npu, index = found[0]
        node = context.programs[npu].graph.nodes[index]
        are = "1 collective is" if len(found) == 1 else f"{len(found)} collectives are"
        yield Notice(
            "group-of-one",
            context.source(npu),
            f"{are} in process groups of one NPU, which end at once here, as node {node.id} "
            f"({node.name!r}) of NPU {npu}; {context.reference} never finishes them",
            "leave them out, or put more NPUs into the group",
        )


def _is_in(platform: Platform, npu: NpuId, members: Sequence[NpuId], operation: Collective) -> bool:
    return platform.members(npu, operation.group) is members


def _after_skipped(_npu: NpuId, program: Program, context: Context) -> Iterator[Problem]:
    """That nothing follows a skipped node, if nothing else is under way (7.2 #11)."""
    graph, index = program.graph, skipped_alone(program)
    if index is None:
        some_wait = len(graph.roots) < len(program.operations)
        if not some_wait or begun_at_start(program, context.rules.dialect):
            return
        index = graph.roots[0]
    node = graph.nodes[index]
    yield (
        node,
        f"{node.name!r} takes no time and nothing else is under way then, so that "
        f"{context.reference} doesn't look for what it lets go, and never finishes",
    )


def _without_statistics(_npu: NpuId, program: Program, context: Context) -> Iterator[Problem]:
    """That some types of nodes end the program as soon as an NPU is reported (7.4 #8)."""
    on_cpu = _runs_on_cpu(program, context)
    if on_cpu or OperationKind.MEMORY in program.kinds:
        what = "computations on the CPU" if on_cpu else "remote memory"
        yield (
            None,
            f"{context.reference} has no statistics of NPUs with {what}: it throws an exception"
            " when one has finished, and may end before the others have",
        )


def _runs_on_cpu(program: Program, context: Context) -> bool:
    by_default = context.rules.dialect.cpu_by_default
    return 1 in context.marked(program, NodeMark.ON_CPU) or (
        by_default and 1 in context.marked(program, NodeMark.UNPLACED)
    )


def _lacking_for_roofline(_npu: NpuId, program: Program, context: Context) -> Iterator[Problem]:
    """That the roofline needs attributes (5.2)."""
    computing = chosen(context.types(program), {NodeType.COMP})
    for index in places(computing, context.marked(program, NodeMark.UNSIZED)):
        node = program.graph.nodes[index]
        if not context.rules.on_cpu(node):
            yield (
                node,
                f"{node.name!r} has no {'num_ops' if node.num_ops is None else 'tensor_size'}, "
                f"which counts as 0 here; {context.reference} ends with an exception",
            )


def _no_operations(_npu: NpuId, program: Program, context: Context) -> Iterator[Problem]:
    """That 0 operations by 0 operations a ns are no time (5.2)."""
    rooflines = program.columns.rooflines
    if 0 in rooflines.num_ops:
        node = program.graph.nodes[rooflines.index[rooflines.num_ops.index(0)]]
        yield (
            node,
            f"{node.name!r} has 0 operations, which take no time by the roofline here; "
            f"{context.reference} divides 0 by 0, and ends it after 2^63 ns or never",
        )


def _too_long(_npu: NpuId, program: Program, context: Context) -> Iterator[Problem]:
    most = context.rules.dialect.most_nodes
    if most is not None and len(program.operations) > most:
        yield (
            None,
            f"has {len(program.operations)} nodes; {context.reference} reads {most} at a time, "
            "and forgets dependencies between those",
        )


def _numbered_as_data_set(_npu: NpuId, program: Program, context: Context) -> Iterator[Problem]:
    """That a collective's node may have the number of the data set that follows it (7.2 #1).

    Data sets are numbered over all NPUs, which are taken to go in step here.
    """
    npus, ids = context.network.npus, ids_of(program.graph.nodes)
    for turn, index in enumerate(collectives_in_order(program)[:-1]):
        if ids[index] // npus == turn + 1:
            node = program.graph.nodes[index]
            yield (
                node,
                f"{context.reference} numbers the collectives of all NPUs, and crashes where "
                f"the one after {node.name!r} gets this node's id, as one of the NPUs' does if "
                "they go in step",
            )


def _has_trees_in_groups(context: Context) -> bool:
    platform = context.platform
    if not context.rules.dialect.group_algorithms:
        return False
    listed = ([choice.name for choice in it] for it in platform.choices.values())
    if ["doubleBinaryTree"] not in listed:
        return False
    return any(1 < len(group.members) < platform.npus for group in platform.groups)


def _trees_in_groups(npu: NpuId, program: Program, context: Context) -> Iterator[Problem]:
    """That a double binary tree can't run in a process group of some of the NPUs (7.3 #22)."""
    platform = context.platform

    def fails(operation: Collective) -> bool:
        choices = platform.choices.get(operation.kind, ())
        of_some = 1 < len(platform.members(npu, operation.group)) < platform.npus
        return of_some and [choice.name for choice in choices] == ["doubleBinaryTree"]

    for index in context.collectives(program).where(fails):
        node = program.graph.nodes[index]
        yield (
            node,
            f"{node.name!r} runs doubleBinaryTree in a process group of some of the NPUs; "
            f"{context.reference} crashes on that",
        )


def _network(context: Context) -> Iterator[Notice]:
    """Networks that the reference's backends refuse or abort on (7.4 #1, #2)."""
    platform, network = context.platform, context.network
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


_Check: TypeAlias = Callable[[Context], Iterator[Notice]]

_CHECKS: tuple[_Check, ...] = (
    _groups_of_one,
    ProgramCheck(
        "skipped-node",
        lambda context: not context.rules.dialect.issues_freed_nodes_at_once,
        _after_skipped,
        "leave it out, and let what waits for it wait for what it waits for",
        minds_partners=False,
    ),
    chunk_count_notices,
    ProgramCheck(
        "statistics-throw",
        lambda context: not context.rules.dialect.reports_all_types,
        _without_statistics,
        _NEED_NOTHING,
        Severity.INFO,
        minds_partners=False,
    ),
    ProgramCheck(
        "roofline-attributes",
        lambda context: (
            bool(context.system.roofline_enabled) and not context.rules.dialect.cpu_follows_roofline
        ),
        _lacking_for_roofline,
        "give computations num_ops and tensor_size",
    ),
    ProgramCheck(
        "no-operations",
        lambda context: bool(context.system.roofline_enabled),
        _no_operations,
        "give computations num_ops",
        minds_partners=False,
    ),
    ProgramCheck("many-nodes", lambda _context: True, _too_long, _NEED_NOTHING, Severity.INFO),
    ProgramCheck(
        "data-set-number",
        lambda context: context.rules.dialect.confuses_data_sets,
        _numbered_as_data_set,
        "give nodes higher ids, such as from 1,000,000 on",
        Severity.INFO,
    ),
    ProgramCheck("event-at-0", lambda _context: True, happening_at_0, _NEED_NOTHING, Severity.INFO),
    _network,
    ProgramCheck(
        "tree-in-group",
        _has_trees_in_groups,
        _trees_in_groups,
        "use ring, direct or halvingDoubling",
    ),
)
"""To add a check, add an entry."""
