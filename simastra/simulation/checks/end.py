"""What a simulation leaves in doubt at its end: looking for it costs next to nothing.

Members of a collective find each other by counting, so that they must begin the same ones in the
same order. Where they don't, messages of the same size can meet all the same, and every NPU ends.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from simastra.network import Envelope, Mailbox
from simastra.notices import Notice, Severity
from simastra.simulation.memberships import Asked, Dimensions, Memberships, Scope
from simastra.simulation.scenario import Scenario
from simastra.system.custom import TAGS_PER_STREAM
from simastra.system.tags import COLLECTIVE_TAGS
from simastra.units import NpuId, Ns
from simastra.workload import CollectiveOperation, NpuProcess

StandsFor: TypeAlias = Callable[[NpuId], NpuId]
"""Which NPU has been simulated for an NPU."""

EXPLAIN_LEFTOVERS = frozenset(
    {"missing-receive", "unlike-halves", "uneven-collectives", "collective-order"}
)
"""Notices that say why messages are left: no more need be said at the end."""


LAST_EXACT_DOUBLE: Ns = 2**53
"""Up to here ASTRA-sim, which schedules an NPU's events at times in floats, tells them apart."""


def late_notices(end: Ns, where: str) -> tuple[Notice, ...]:
    """Say that a run has ended later than ASTRA-sim could."""
    if end <= LAST_EXACT_DOUBLE:
        return ()
    return (
        Notice(
            "late-times",
            where,
            f"the run ended at {end} ns; ASTRA-sim schedules at times in floats, loses events "
            "after 2^53 ns (104 days), and never finishes",
            "make durations and sizes smaller to compare results",
            Severity.INFO,
        ),
    )


def end_notices(
    scenario: Scenario, processes: Sequence[NpuProcess], mailbox: Mailbox
) -> tuple[Notice, ...]:
    """Say what isn't right though all NPUs have finished."""
    found = disagreement(scenario, processes)
    if found is not None:
        return (found.notice(scenario.trace.sources[found.one]),)
    left = mailbox.unclaimed_messages
    return (_unreceived(left),) if left else ()


# -- collectives ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Begun:
    """A collective that an NPU has begun.

    Attributes:
        turn: how many it had begun before in the same process group.
        asked: which it is.
    """

    turn: int
    asked: Asked

    def __str__(self) -> str:
        return f"{self.asked} as number {self.turn + 1}"


_Team: TypeAlias = tuple[int, Dimensions | None]
"""A process group, by the number of its first stream, and the dimensions along which it meets."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two members that have begun collectives in different order: the first in which they differ.

    Attributes:
        one: an NPU.
        ours: what it has begun.
        other: another NPU.
        theirs: what that one has begun in its place.
    """

    one: NpuId
    ours: _Begun
    other: NpuId
    theirs: _Begun

    def notice(self, where: str) -> Notice:
        """The same for a person."""
        return Notice(
            "collective-order",
            where,
            f"members have begun collectives in different order: NPU {self.one} {self.ours}, NPU "
            f"{self.other} {self.theirs}; messages of one were taken for another's, so that "
            "everybody has finished, and the result means nothing",
            "let all members begin the same collectives in the same order",
        )


def disagreement(
    scenario: Scenario, processes: Sequence[NpuProcess], stands_for: StandsFor | None = None
) -> Disagreement | None:
    """The first two members of a process group that have begun other collectives; None for none.

    Args:
        scenario: what has been simulated.
        processes: those that have been simulated.
        stands_for: where these stand for others too, which.
    """
    if _all_alike(processes, folded=stands_for is not None):
        return None
    memberships = Memberships(scenario.platform)
    begun = {process.npu.npu: _begun(process, memberships) for process in processes}
    for npu, teams in begun.items():
        for team, (scope, ours) in teams.items():
            if stands_for is None:  # all are compared with the first, and so with each other
                others = {memberships.first_member(npu, scope)}
            else:
                others = set(map(stands_for, memberships.members(npu, scope)))
            for other in sorted(others):
                _, theirs = begun[other].get(team, (scope, []))
                pair = next(
                    ((mine, its) for mine, its in zip(ours, theirs, strict=False) if mine != its),
                    None,
                )
                if pair is not None:
                    return Disagreement(npu, pair[0], other, pair[1])
    return None


def _all_alike(processes: Sequence[NpuProcess], *, folded: bool) -> bool:
    """Whether nodes have asked for the same everywhere: mostly they have, and that is quick."""
    first: dict[Hashable, list[Hashable]] = {}
    for process in processes:
        custom = process.npu.collectives.custom
        for communicator in process.npu.communicators.values():
            asked: list[Hashable] = [
                (
                    it.collective,
                    it.size,
                    it.involved,
                    it.root,
                    custom.prefix(it.collective, it.node),
                )
                for it in communicator.issued
            ]
            members = communicator.members
            seen_alike = folded or isinstance(members, range)
            group = (communicator.streams.start, 0 if seen_alike else id(members))
            if first.setdefault(group, asked) != asked:
                return False
    return True


def _begun(
    process: NpuProcess, memberships: Memberships
) -> dict[_Team, tuple[Scope, list[_Begun]]]:
    """What an NPU has begun, for each set of members that it has begun it with."""
    operations = {
        operation.node: operation
        for operation in process.program.operations
        if isinstance(operation, CollectiveOperation)
    }
    teams: dict[_Team, tuple[Scope, list[_Begun]]] = {}
    for communicator in process.npu.communicators.values():
        turn = 0  # of those for which something is sent: others have no streams to be numbered
        for request in communicator.issued:
            question = memberships.asked(process.npu.npu, operations[request.node])
            if question is not None:
                scope, asked = question
                team = (communicator.streams.start, scope.dimensions)
                begun = _Begun(turn, asked)
                teams.setdefault(team, (scope, []))[1].append(begun)
                turn += 1
    return teams


# -- messages ------------------------------------------------------------------------------------


def _unreceived(left: Sequence[Envelope]) -> Notice:
    first = left[0]
    count = "1 message was" if len(left) == 1 else f"{len(left)} messages were"
    return Notice(
        "unreceived-messages",
        f"NPU {first.dst}",
        f"{count} never received, though all NPUs have finished; the first is of {first.size} "
        f"bytes from NPU {first.src} with tag {_tag(first.tag)}",
        "give each send a receive with the same ends, size and tag",
    )


def _tag(tag: int) -> str:
    """A tag as the nodes of a trace or of a collective's ET have it."""
    if tag >= TAGS_PER_STREAM:
        chunk, in_et = divmod(tag, TAGS_PER_STREAM)
        return f"{in_et}, of the ET that plays chunk {chunk - 1}"
    return f"{tag - COLLECTIVE_TAGS}, a chunk's" if tag >= COLLECTIVE_TAGS else str(tag)
