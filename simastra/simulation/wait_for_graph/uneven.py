"""What is wrong where members of a collective don't ask for the same number of collectives."""

from __future__ import annotations

from simastra.errors import Cause
from simastra.simulation.checks.teams import Team
from simastra.simulation.memberships import Scope
from simastra.units import NpuId
from simastra.workload import NpuProcess

from .plans import Misplaced
from .reason import Reason
from .situation import Situation


def misplaced_reason(process: NpuProcess, index: int, situation: Situation) -> Reason | None:
    """A collective that a member asks for in another group, or along other dimensions."""
    plans, npu = situation.plans, process.npu.npu
    team = plans.team_of(npu, index)
    if team is None or not team.odd:
        return None
    # Of two members that differ, either may be the one that is wrong.
    suspects = (npu, *team.odd) if npu in team.odd or len(team.plans) == 2 else team.odd  # noqa: PLR2004
    for member in suspects:
        for found in plans.misplaced(member):
            if team.scope in {found.own, found.meant}:
                return _misplaced(found, process, situation)
    return None


def _misplaced(found: Misplaced, process: NpuProcess, situation: Situation) -> Reason:
    npu, culprit, plans = process.npu.npu, situation.processes[found.npu], situation.plans
    node = culprit.program.graph.nodes[found.node]
    whose = "its" if found.npu == npu else f"NPU {found.npu}'s"
    if found.own.group == found.meant.group:
        cause, verb, name = Cause.COLLECTIVE_MISMATCH, "involves", _dimensions
    else:
        cause, verb, name = Cause.GROUP_MISMATCH, "names", _group
    text = (
        f"{whose} node {node.id} ({node.name!r}), {found.asked}, {verb} {name(found.own)}, where "
        f"the others have it with {name(found.meant)}"
    )
    if found.npu != npu:
        return Reason(cause, text, (found.npu,))
    members = plans.memberships.members(npu, found.meant)
    return Reason(cause, text, tuple(member for member in members if member != npu))


def _group(scope: Scope) -> str:
    return f"process group {scope.group}" if scope.group else "no process group"


def _dimensions(scope: Scope) -> str:
    listed = scope.dimensions or ()
    return f"dimension{'' if len(listed) == 1 else 's'} {', '.join(map(str, listed))}"


def uneven_reason(
    process: NpuProcess, index: int, situation: Situation, *, later: bool = False
) -> Reason | None:
    """A member that asks for fewer collectives than the others, or for more.

    Args:
        process: of the NPU.
        index: of its node.
        situation: of the simulation.
        later: whether members may differ only in what comes after this collective: one that has
            been left out can look like the next one of the same kind.
    """
    plans, npu = situation.plans, process.npu.npu
    team = plans.team_of(npu, index)
    if team is None:
        return None
    place, among = plans.place(npu, index), plans.memberships.among(npu, team.scope)
    for odd in team.odd:
        if odd != npu and (later or team.differs_from(odd) <= place):
            return Reason(
                Cause.MISSING_COLLECTIVE, _of_another(team, odd, place, npu, among), (odd,)
            )
    if npu in team.odd and (later or team.differs_from(npu) <= place):
        others = tuple(member for member in team.plans if member != npu)
        return Reason(Cause.MISSING_COLLECTIVE, _of_itself(team, npu, among), others)
    return None


def uneven_before(
    process: NpuProcess, other: NpuId, group: int, situation: Situation
) -> Reason | None:
    """Where two members of a process group are in different collectives: one has left one out.

    That one may have been along other dimensions than these; it moved all that follow.
    """
    plans, npu = situation.plans, process.npu.npu
    for member in (npu, other):
        for team in plans.teams_of(member, group):
            for odd in team.odd:
                among = plans.memberships.among(member, team.scope)
                whose = "this NPU" if odd == npu else f"NPU {odd}"
                text = f"{whose} has {_counts(team, odd, among)}"
                peers = (other,) if odd in {npu, other} else (odd, other)
                return Reason(Cause.MISSING_COLLECTIVE, text, peers)
    return None


def _counts(team: Team, npu: NpuId, among: str) -> str:
    count, usual = len(team.plans[npu].asked), len(team.usual)
    others = [member for member in team.plans if member != npu]
    whose = "the others have" if len(others) > 1 else f"NPU {others[0]} has"
    return f"{count} collectives{among} where {whose} {usual}"


def _of_another(team: Team, odd: NpuId, place: int, npu: NpuId, among: str) -> str:
    has = f"it has {_counts(team, odd, among)}"
    if len(team.plans[odd].asked) > len(team.usual):
        surplus = next(iter(team.surplus(odd)), None)
        return f"NPU {odd} has begun another one, {surplus}: {has}"
    if team.lacking(odd)[team.plans[npu].asked[place]]:
        return f"NPU {odd} never comes to it: {has}"
    return f"NPU {odd} leaves one out, {next(iter(team.lacking(odd)))}: {has}"


def _of_itself(team: Team, npu: NpuId, among: str) -> str:
    has = f"this NPU has {_counts(team, npu, among)}"
    if len(team.plans[npu].asked) > len(team.usual):
        return f"the others never come to it: {has}"
    return f"the others are at {next(iter(team.lacking(npu)))}: {has}"
