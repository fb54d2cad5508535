"""Members of collectives that begin the same ones in different order.

Members find each other by counting. Where they begin collectives in different order, messages of
the same size can meet all the same, and every NPU ends.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeAlias

from simastra.notices import Notice
from simastra.quick_dataclass import dataclass
from simastra.simulation.experiment import Experiment
from simastra.simulation.memberships import Asked, Dimensions, Memberships, Scope
from simastra.system import Communicator, CustomCollectives
from simastra.trace import DependencyGraph
from simastra.units import NpuId

from .context import Context
from .teams import Team, first_difference

# -- without simulating -------------------------------------------------------------------------


def order_notices(context: Context, teams: Iterable[Team]) -> Iterator[Notice]:
    """Say which members ask in different order, of those whose dependencies leave but one.

    Args:
        context: the simulation.
        teams: those whose members don't ask for the same in the same order of ids.
    """
    for team in teams:
        known = list(_settled(team, context))
        for npu, nodes, asked in known[1:]:
            one, first_nodes, first_asked = known[0]
            place = first_difference(first_asked, asked)
            if place is not None:
                told = " and ".join(
                    f"NPU {who} asks for {which[place]} (node "
                    f"{context.programs[who].graph.nodes[at[place]].id})"
                    for who, at, which in ((one, first_nodes, first_asked), (npu, nodes, asked))
                )
                yield Notice(
                    "collective-order",
                    context.source(npu),
                    f"members ask for collectives in different order: as number {place + 1} "
                    f"{told}; such a simulation hangs, or ends without meaning anything",
                    "let all members ask for the same collectives in the same order",
                )
                return


def _settled(
    team: Team, context: Context
) -> Iterator[tuple[NpuId, Sequence[int], Sequence[Asked]]]:
    """Members, with their nodes and what these ask for, in the only order there is."""
    for npu, plan in team.plans.items():
        order = _only_order(context.programs[npu].graph, plan.nodes)
        if order is not None:
            by_node = dict(zip(plan.nodes, plan.asked, strict=True))
            yield npu, order, [by_node[index] for index in order]


def _only_order(graph: DependencyGraph, nodes: Sequence[int]) -> Sequence[int] | None:
    """The only order in which these nodes can run, None if there are several."""
    chosen = set(nodes)
    # Of each node, how many of the chosen ones are on the longest chain that ends there. Where
    # these numbers all differ, the chain of all of them is the order.
    before = [0] * len(graph.nodes)
    waits_for = list(graph.parents)
    ready = list(graph.roots)
    while ready:
        index = ready.pop()
        before[index] += index in chosen
        for child in graph.children[index]:
            before[child] = max(before[child], before[index])
            waits_for[child] -= 1
            if not waits_for[child]:
                ready.append(child)
    order = sorted(nodes, key=before.__getitem__)
    return order if [before[index] for index in order] == list(range(1, len(order) + 1)) else None


# -- in a run that has finished -----------------------------------------------------------------


class CollectiveMember(Protocol):
    """Who begins collectives: an `Npu`."""

    @property
    def npu(self) -> NpuId:
        """Its number."""

    @property
    def communicators(self) -> Mapping[int, Communicator]:
        """What it has begun is issued in these."""


StandsFor: TypeAlias = Callable[[NpuId], NpuId]
"""Which NPU has been simulated for an NPU."""


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


_Member: TypeAlias = tuple[int, Dimensions | None]
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
    experiment: Experiment, npus: Sequence[CollectiveMember], stands_for: StandsFor | None = None
) -> Disagreement | None:
    """The first two members of a process group that have begun other collectives; None for none.

    Args:
        experiment: what has been simulated.
        npus: those that have been simulated.
        stands_for: where these stand for others too, which.
    """
    custom = experiment.platform.custom
    if _all_alike(npus, custom, folded=stands_for is not None):
        return None
    memberships = Memberships(experiment.platform)
    begun = {npu.npu: _begun(npu, memberships) for npu in npus}
    for npu, teams in begun.items():
        for team, (scope, ours) in teams.items():
            if stands_for is None:  # all are compared with the first, and so with each other
                others = {memberships.first_member(npu, scope)}
            else:
                others = set(map(stands_for, memberships.members(npu, scope)))
            for other in sorted(others):
                _, theirs = begun[other].get(team, (scope, []))
                place = first_difference(ours, theirs)
                if place is not None:
                    return Disagreement(npu, ours[place], other, theirs[place])
    return None


def _all_alike(
    npus: Sequence[CollectiveMember], custom: CustomCollectives, *, folded: bool
) -> bool:
    """Whether nodes have asked for the same everywhere: mostly they have, and that is quick."""
    first: dict[Hashable, list[Hashable]] = {}
    for npu in npus:
        for communicator in npu.communicators.values():
            asked: list[Hashable] = [
                (
                    it.kind,
                    it.size,
                    it.parts,
                    it.involved,
                    it.root,
                    custom.prefix(it),
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
    npu: CollectiveMember, memberships: Memberships
) -> dict[_Member, tuple[Scope, list[_Begun]]]:
    """What an NPU has begun, for each set of members that it has begun it with."""
    teams: dict[_Member, tuple[Scope, list[_Begun]]] = {}
    for communicator in npu.communicators.values():
        turn = 0  # of those for which something is sent: others have no streams to be numbered
        for collective in communicator.issued:
            question = memberships.asked(npu.npu, collective)
            if question is not None:
                scope, asked = question
                team = (communicator.streams.start, scope.dimensions)
                begun = _Begun(turn, asked)
                teams.setdefault(team, (scope, []))[1].append(begun)
                turn += 1
    return teams
