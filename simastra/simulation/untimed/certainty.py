"""Whether a standstill of a run without time is one of every run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from simastra.collectives import EXTENDED_COLLECTIVES, MessageSizes
from simastra.network import Envelope
from simastra.simulation.checks.halves import Half, half_of
from simastra.simulation.experiment import Experiment
from simastra.simulation.memberships import Asked, Memberships, Scope
from simastra.system import Collective
from simastra.system.tags import Tags
from simastra.trace import DependencyGraph
from simastra.units import Bytes, NpuId
from simastra.workload import NpuProcess, Resource, Unit

from .meetings import Coming, UntimedMeeting, UntimedMeetings, chunk_count
from .settled import settled_orders

_MOST_LOOKED_AT = 10_000
"""Nodes that are looked at to tell whether one comes before another."""


# -- messages -----------------------------------------------------------------------------------


def _halves(experiment: Experiment, npu: NpuId) -> Iterator[tuple[int, Half]]:
    program = experiment.programs[npu]
    tags = Tags(separate=experiment.rules.dialect.separate_tags)
    for index in program.external_operations:
        half = half_of(npu, program.graph.nodes[index], program.operations[index], tags)
        if half is not None:
            yield index, half


def is_short_of_sends(experiment: Experiment) -> bool:
    """Whether some receive has no send at all; with handshakes, some send no receive."""
    balance: Counter[Envelope] = Counter()
    for npu in range(len(experiment.programs)):
        for _, half in _halves(experiment, npu):
            balance[half.envelope] += 1 if half.sends else -1
    both = experiment.platform.options.rendezvous
    return any(left < 0 or (both and left > 0) for left in balance.values())


def _are_received_in_order(process: NpuProcess, experiment: Experiment) -> bool:
    """Whether those receives that are left had to be: others like them come before them."""
    program, npu = process.program, process.npu.npu
    if experiment.rules.dialect.receive_takes_unit or process.finish_time is not None:
        return True
    alike: dict[Envelope, list[int]] = {}
    for index, half in _halves(experiment, npu):
        if not half.sends:
            alike.setdefault(half.envelope, []).append(index)
    return all(
        _leads_to(program.graph, done, left)
        for indices in alike.values()
        for left in indices
        if left in process.running
        for done in indices
        if process.progress.is_finished(done)
    )


def _leads_to(graph: DependencyGraph, one: int, other: int) -> bool:
    """Whether a node waits for another, as far as can be told quickly."""
    seen = {one}
    left = [one]
    while left and len(seen) < _MOST_LOOKED_AT:
        for child in graph.children[left.pop()]:
            if child == other:
                return True
            if child not in seen:
                seen.add(child)
                left.append(child)
    return False


def tags_meet(experiment: Experiment, meetings: UntimedMeetings) -> bool:
    """Whether a message of a collective can be taken for one of a send or a receive."""
    sent: dict[int, set[Bytes]] = {}
    for npu in range(len(experiment.programs)):
        for _, half in _halves(experiment, npu):
            sent.setdefault(half.envelope.tag, set()).add(half.size)
    if not sent:
        return False
    ranges: dict[range, set[MessageSizes]] = {}
    for coming in meetings.all_begun:
        sizes = _sizes(coming, experiment)
        ranges.setdefault(coming.streams, set()).add(sizes)
    return any(
        it.smallest <= size <= it.largest
        for streams, sizes in ranges.items()
        for tag in streams  # few: one for each chunk
        for size in sent.get(tag, ())
        for it in sizes
    )


# -- collectives --------------------------------------------------------------------------------


def are_apart(meetings: UntimedMeetings, experiment: Experiment) -> bool:
    """Whether no collective that waits for members can take others' messages for theirs.

    Args:
        meetings: at the standstill.
        experiment: what is simulated.
    """
    return all(_is_apart(meeting, meetings, experiment) for meeting in meetings.open)


def has_one_phase_each(meetings: UntimedMeetings, experiment: Experiment) -> bool:
    """Whether chunks of collectives that have been begun have no order but one.

    Those of several phases queue in the order in which the phases before have ended.
    """
    return all(
        coming.collective.kind not in EXTENDED_COLLECTIVES
        and experiment.platform.custom.prefix(coming.collective) is None
        and len(experiment.platform.phases(coming.npu, coming.collective)) == 1
        for coming in meetings.all_begun
    )


def is_short_of_collectives(experiment: Experiment) -> bool:
    """Whether some member has more chunks than another one, so that its last ones meet nobody.

    That is certain in a process group, or among all, where all that members do is among the same.
    """
    platform = experiment.platform
    memberships = Memberships(platform)
    askings = [memberships.asking(npu, it) for npu, it in enumerate(experiment.programs)]
    chunks: dict[tuple[Scope, int], dict[NpuId, int]] = {}
    for npu, by_scope in enumerate(askings):
        groups = Counter(scope.group for scope in by_scope)
        for scope, asking in by_scope.items():
            count = sum(chunk_count(asked, platform) for asked in asking.asked)
            if groups[scope.group] > 1 or not all(map(_needs_all, asking.asked)):
                count = -1  # its numbers are those of others too
            number, _ = memberships.team(npu, scope)
            chunks.setdefault((scope, number), {})[npu] = count
    for (scope, _), counts in chunks.items():
        members = memberships.members(next(iter(counts)), scope)
        others = [npu for npu in members if npu not in counts]
        are_elsewhere = any(scope.group == it.group for npu in others for it in askings[npu])
        found = {*counts.values(), *(0 for _ in others)}
        if min(found) >= 0 and len(found) > 1 and not are_elsewhere:
            return True
    return False


def _needs_all(asked: Asked) -> bool:
    return asked.prefix is None and asked.collective not in EXTENDED_COLLECTIVES


def _is_apart(meeting: UntimedMeeting, meetings: UntimedMeetings, experiment: Experiment) -> bool:
    """Whether some member certainly has nothing for those who have come to a collective.

    It hasn't begun as many chunks, or has begun others in their place, whose messages have other
    sizes: those never match.
    """
    wanted = meeting.come[0]
    sizes = _sizes(wanted, experiment)
    for member in meeting.absent():
        begun = meetings.begun(member, meeting.first_stream)
        if not begun or begun[-1].streams.stop < wanted.streams.stop:
            return True
        for coming in begun:
            streams = coming.streams
            overlap = streams.start < wanted.streams.stop and wanted.streams.start < streams.stop
            others = _sizes(coming, experiment)
            if overlap and (others.largest < sizes.smallest or sizes.largest < others.smallest):
                return True
    return False


def _sizes(coming: Coming, experiment: Experiment) -> MessageSizes:
    """The smallest and the largest message of a collective, as far as they are known."""
    operation: Collective = coming.collective
    is_custom = experiment.platform.custom.prefix(operation) is not None
    if is_custom or operation.kind in EXTENDED_COLLECTIVES:
        return _ANY_SIZE
    found = [
        it.algorithm.message_sizes(it.collective, it.size, len(it.ring))
        for it in experiment.platform.phases(coming.npu, operation)
    ]
    if not found:
        return _ANY_SIZE
    smallest, largest = zip(*found, strict=True)
    return MessageSizes(min(smallest), max(largest))


_ANY_SIZE = MessageSizes(0, 2**63)


# -- the order of nodes -------------------------------------------------------------------------


def are_settled(experiment: Experiment, processes: Sequence[NpuProcess]) -> bool:
    """Whether what each NPU has begun had to come in that order, and to be received in it.

    Args:
        experiment: what is simulated.
        processes: the NPUs' processes, at the standstill.
    """
    if not all(_are_received_in_order(process, experiment) for process in processes):
        return False
    at_once = experiment.rules.dialect.issues_freed_nodes_at_once
    known: dict[tuple[int, int], Counter[Unit | None]] = {}
    for process in processes:
        program = process.program
        place = id(program.template), id(program.resources)
        if place not in known:
            orders = settled_orders(program, at_once=at_once)
            known[place] = Counter({unit: len(order) for unit, order in orders.items()})
        if not _begun(process) <= known[place]:
            return False
    return True


def _begun(process: NpuProcess) -> Counter[Unit | None]:
    """How many nodes an NPU has begun that need each of its units that communicate."""
    return Counter(
        resource
        for index, resource in enumerate(process.program.resources)
        if resource not in (None, Resource.CPU, Resource.GPU_COMPUTE)
        and (index in process.running or process.progress.is_finished(index))
    )
