"""What members of collectives have begun and are going to begin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simastra.simulation.checks.teams import Team
from simastra.simulation.memberships import NOTHING, Asked, Asking, Memberships, Scope
from simastra.units import NpuId
from simastra.workload import Collective, NpuProcess


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A collective that an NPU asks for among others than its members do.

    Attributes:
        npu: the NPU.
        asked: the collective.
        node: index in the graph of the NPU's node.
        own: among whom the node asks for it.
        meant: among whom others do, and the NPU should.
    """

    npu: NpuId
    asked: Asked
    node: int
    own: Scope
    meant: Scope


class Plans:
    """Knows the teams of collectives; each is looked at once.

    Args:
        processes: the NPUs' processes, by NPU.
        memberships: tell the members.
    """

    def __init__(self, processes: Sequence[NpuProcess], memberships: Memberships) -> None:
        self._processes = processes
        self.memberships = memberships
        self._teams: dict[tuple[Scope, int], Team] = {}
        self._teams_of: dict[NpuId, Sequence[Team]] = {}
        self._misplaced: dict[NpuId, Sequence[Misplaced]] = {}

    def team_of(self, npu: NpuId, node: int) -> Team | None:
        """The team of an NPU's collective node; None where nothing is sent for it."""
        operation = self._processes[npu].program.operations[node]
        assert isinstance(operation, Collective)
        question = self.memberships.asked(npu, operation)
        return None if question is None else self._team(npu, question[0])

    def asked(self, npu: NpuId, collective: Collective) -> Asked | None:
        """What an NPU asks for; None where nothing is sent."""
        question = self.memberships.asked(npu, collective)
        return None if question is None else question[1]

    def teams_of(self, npu: NpuId, group: int) -> Iterator[Team]:
        """The teams of a process group that an NPU is in, though it may ask for nothing there."""
        return (team for team in self._all_teams(npu) if team.scope.group == group)

    def place(self, npu: NpuId, node: int) -> int:
        """The place of a node's collective in its team's plan for the NPU."""
        team = self.team_of(npu, node)
        return 0 if team is None else team.plans[npu].nodes.index(node)

    def misplaced(self, npu: NpuId) -> Sequence[Misplaced]:
        """Collectives that an NPU asks for among others than their members do."""
        found = self._misplaced.get(npu)
        if found is None:
            found = self._misplaced[npu] = tuple(self._find_misplaced(npu))
        return found

    def _find_misplaced(self, npu: NpuId) -> Iterator[Misplaced]:
        teams = self._all_teams(npu)
        for own in teams:
            for asked in own.surplus(npu):
                for meant in teams:
                    if meant.scope != own.scope and meant.lacking(npu)[asked]:
                        node = own.plans[npu].last(asked)
                        yield Misplaced(npu, asked, node, own.scope, meant.scope)

    def _all_teams(self, npu: NpuId) -> Sequence[Team]:
        teams = self._teams_of.get(npu)
        if teams is None:
            teams = self._teams_of[npu] = tuple(self._find_teams(npu))
        return teams

    def _find_teams(self, npu: NpuId) -> Iterator[Team]:
        for group, communicator in self._processes[npu].npu.communicators.items():
            seen: set[Scope] = set()
            for member in communicator.members:
                fresh = [it for it in self._asking(member) if it.group == group and it not in seen]
                for scope in fresh:
                    team = self._team(member, scope)
                    if npu in team.plans:
                        seen.add(scope)
                        yield team

    def _asking(self, npu: NpuId) -> Mapping[Scope, Asking]:
        return self.memberships.asking(npu, self._processes[npu].program)

    def _team(self, npu: NpuId, scope: Scope) -> Team:
        number, _ = self.memberships.team(npu, scope)
        team = self._teams.get((scope, number))
        if team is None:
            members = self.memberships.members(npu, scope)
            team = Team(scope, {member: self._plan(member, scope) for member in members})
            self._teams[scope, number] = team
        return team

    def _plan(self, npu: NpuId, scope: Scope) -> Asking:
        """What an NPU asks for: what it has begun in that order, then the others by id."""
        process, asking = self._processes[npu], self._asking(npu).get(scope, NOTHING)
        begun = [it.node.id for it in process.npu.communicators[scope.group].issued]
        turns = {node: turn for turn, node in enumerate(begun)}
        nodes = process.program.graph.nodes
        pairs = sorted(
            zip(asking.nodes, asking.asked, strict=True),
            key=lambda pair: (turns.get(nodes[pair[0]].id, len(turns)), pair[0]),
        )
        return Asking([asked for _, asked in pairs], [node for node, _ in pairs])
