"""Collectives that members don't ask for alike, found without simulating.

Members that don't begin the same collectives in the same order hang, or take each other's messages
for those of another collective and finish as if nothing were wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simastra.notices import Notice
from simastra.simulation.memberships import Asked, Asking, Memberships, Scope
from simastra.simulation.platform import Platform
from simastra.trace import DependencyGraph
from simastra.units import NpuId
from simastra.workload import Program

from .context import Context

_SHOWN = 3
"""Collectives that are told of; more of them say no more."""


@dataclass(frozen=True, slots=True)
class _Team:
    """The members of some collectives, and what each asks for; not all need ask for anything."""

    scope: Scope
    members: Sequence[NpuId]
    asking: Mapping[NpuId, Asking]

    @property
    def uneven(self) -> Iterator[_Uneven]:
        """The collectives that not all ask for equally often."""
        counts = {npu: Counter(asking.asked) for npu, asking in self.asking.items()}
        for asked in dict.fromkeys(asked for each in counts.values() for asked in each):
            often = {npu: counts[npu][asked] if npu in counts else 0 for npu in self.members}
            if len(set(often.values())) > 1:
                yield _Uneven(self, asked, often)


@dataclass(frozen=True, slots=True)
class _Uneven:
    """A collective that not all members ask for equally often: how often each does."""

    team: _Team
    asked: Asked
    counts: Mapping[NpuId, int]

    def by_count(self) -> Sequence[tuple[int, Sequence[NpuId]]]:
        """The counts and who has them, the fewest NPUs first."""
        found: dict[int, list[NpuId]] = {}
        for npu, count in self.counts.items():
            found.setdefault(count, []).append(npu)
        return sorted(found.items(), key=lambda entry: (len(entry[1]), -entry[0]))


def collective_notices(context: Context, platform: Platform) -> tuple[Notice, ...]:
    """Say which collectives their members ask for unequally often, or in different order."""
    if len(context.distinct) == 1 and platform.comm_groups is None:
        return ()  # all NPUs ask for the same, of all
    memberships = Memberships(platform)
    teams = list(_unlike_teams(context.programs, memberships))
    uneven = sorted(
        (uneven for team in teams for uneven in team.uneven),
        key=lambda uneven: len(uneven.by_count()[0][1]),
    )
    if uneven:
        return (_uneven_notice(uneven, context, memberships),)
    for team in teams:
        order = _order_notice(team, context)
        if order is not None:
            return (order,)
    return ()


def _unlike_teams(programs: Sequence[Program], memberships: Memberships) -> Iterator[_Team]:
    """Those whose members don't all have the same collectives in the same order of ids."""
    teams: dict[tuple[Scope, int], dict[NpuId, Asking]] = {}
    sizes: dict[tuple[Scope, int], int] = {}
    for npu, program in enumerate(programs):
        for scope, asking in memberships.asking(npu, program).items():
            team, size = memberships.team(npu, scope)
            teams.setdefault((scope, team), {})[npu] = asking
            sizes[scope, team] = size
    for (scope, team), by_npu in teams.items():
        some, first = next(iter(by_npu.items()))
        alike = all(each is first or each.asked == first.asked for each in by_npu.values())
        if not alike or len(by_npu) < sizes[scope, team]:
            yield _Team(scope, memberships.members(some, scope), by_npu)


# -- how often ----------------------------------------------------------------------------------


def _uneven_notice(uneven: Sequence[_Uneven], context: Context, memberships: Memberships) -> Notice:
    told = "; ".join(_told(each, context.programs, memberships) for each in uneven[:_SHOWN])
    more = f"; {len(uneven) - _SHOWN} more are like that" if len(uneven) > _SHOWN else ""
    culprit = uneven[0].by_count()[0][1][0]
    return Notice(
        "uneven-collectives",
        context.trace.sources[culprit],
        f"members of a collective differ in how often they ask for it: {told}{more}; such a "
        "simulation hangs, or ends without meaning anything",
        "give all members of a collective the same type, size, root, dimensions and group",
    )


def _told(uneven: _Uneven, programs: Sequence[Program], memberships: Memberships) -> str:
    shares = (
        f"{_npus(npus)} {'has' if len(npus) == 1 else 'have'} {count or 'none'}"
        + (_node(uneven, npus[0], programs) if count else "")
        for count, npus in uneven.by_count()
    )
    some = next(iter(uneven.team.asking))
    among = memberships.among(some, uneven.team.scope)
    return f"of {uneven.asked}{among}, {' and '.join(shares)}"


def _node(uneven: _Uneven, npu: NpuId, programs: Sequence[Program]) -> str:
    """The last node that asks for it: one too many is often the last."""
    asking = uneven.team.asking[npu]
    index = max(
        at for at, asked in zip(asking.nodes, asking.asked, strict=True) if asked == uneven.asked
    )
    node = programs[npu].graph.nodes[index]
    return f" ({'' if uneven.counts[npu] == 1 else 'the last is '}node {node.id})"


_MOST_NPUS = 4


def _npus(npus: Sequence[NpuId]) -> str:
    if len(npus) == 1:
        return f"NPU {npus[0]}"
    shown = [str(npu) for npu in npus[:_MOST_NPUS]]
    if len(npus) > _MOST_NPUS:
        return f"NPUs {', '.join(shown)} and {len(npus) - _MOST_NPUS} more"
    return f"NPUs {', '.join(shown[:-1])} and {shown[-1]}"


# -- in which order -----------------------------------------------------------------------------


def _order_notice(team: _Team, context: Context) -> Notice | None:
    """Compare the members whose dependencies leave but one order."""
    known = []
    for npu, asking in team.asking.items():
        order = _only_order(context.programs[npu].graph, asking.nodes)
        if order is not None:
            by_node = dict(zip(asking.nodes, asking.asked, strict=True))
            known.append((npu, [(index, by_node[index]) for index in order]))
    for npu, sequence in known[1:]:
        one, first = known[0]
        for place, (ours, theirs) in enumerate(zip(first, sequence, strict=True)):
            if ours[1] != theirs[1]:
                told = [
                    f"NPU {who} asks for {asked} (node "
                    f"{context.programs[who].graph.nodes[index].id})"
                    for who, (index, asked) in ((one, ours), (npu, theirs))
                ]
                return Notice(
                    "collective-order",
                    context.trace.sources[npu],
                    f"members ask for collectives in different order: as number {place + 1} "
                    f"{' and '.join(told)}; such a simulation hangs, or ends without meaning "
                    "anything",
                    "let all members ask for the same collectives in the same order",
                )
    return None


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
