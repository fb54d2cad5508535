"""Classes of NPUs that stay alike where collectives are priced: an equitable partition.

NPUs are alike if they do the same, and at each step with others that are alike: their collectives
are of as many members in as many nodes, so many of each class; what they send goes to one class. It
is the coarsest such partition, by colour refinement (as in B. Weisfeiler and A. Leman, 1968): NPUs
that differ in anything are told apart, then those whose partners are, until nothing changes. What
happens is then alike in a class, since it follows from what happens to partners, and nothing
depends on the numbers of NPUs (`simastra.engine.Turns`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from simastra.collectives import ROOTED_COLLECTIVES
from simastra.simulation.experiment import Experiment
from simastra.units import NpuId
from simastra.workload import Collective, Operation, ReceiveOperation, SendOperation

from .communication_signatures import CommunicationSignatures
from .refusal import Refused

TeamKey: TypeAlias = tuple[int, Sequence[NpuId]]
"""Number of the process group, and its members that take part."""


@dataclass(frozen=True, slots=True)
class _Contacts:
    """What an NPU does with others.

    Attributes:
        does: all that it does, but for with whom.
        teams: with whom its different collectives are, in order of first use.
        peers: with whom its different messages are, likewise.
    """

    does: Hashable
    teams: tuple[TeamKey, ...]
    peers: tuple[NpuId, ...]


class NpuClasses:
    """The classes of an experiment's NPUs.

    Args:
        experiment: with prices.
        signatures: of its programs.

    Attributes:
        of: the class of each NPU, by number.
        teams: for each team, a number that it has in common with those that are alike.

    Raises:
        Refused: if something has to be told apart that classes don't tell.
    """

    def __init__(self, experiment: Experiment, signatures: CommunicationSignatures) -> None:
        self._platform = experiment.platform
        self._signatures = signatures
        self._busy: dict[Sequence[NpuId], Counter[int]] = {}
        """How many members of a team are in each node."""
        self._contacts = [
            self._contacts_of(experiment, npu) for npu in range(experiment.platform.npus)
        ]
        self.of = _numbered([contacts.does for contacts in self._contacts])
        self.teams: Mapping[TeamKey, int] = {}
        self._refine()
        self._check()
        self._contacts = []  # which take far more memory than classes

    @cached_property
    def representatives(self) -> Sequence[NpuId]:
        """For each class, the lowest of its NPUs."""
        first: dict[int, NpuId] = {}
        for npu, number in enumerate(self.of):
            first.setdefault(number, npu)
        return [first[number] for number in range(len(first))]

    def representative(self, npu: NpuId) -> NpuId:
        """The lowest NPU of an NPU's class."""
        return self.representatives[self.of[npu]]

    @cached_property
    def members(self) -> Sequence[Sequence[NpuId]]:
        """The NPUs of each class, ascending."""
        found: list[list[NpuId]] = [[] for _ in self.representatives]
        for npu, number in enumerate(self.of):
            found[number].append(npu)
        return found

    def _contacts_of(self, experiment: Experiment, npu: NpuId) -> _Contacts:
        program = experiment.programs[npu]
        numbers = self._signatures.of(program)
        places = {number: place for place, number in enumerate(dict.fromkeys(numbers))}
        different = [self._signatures.examples[number] for number in places]
        pattern = tuple(map(places.__getitem__, numbers))
        does = id(program.template), program.resources, pattern
        kinds = tuple(self._kind(npu, operation) for operation in different)
        teams = tuple(self._team(npu, it) for it in different if isinstance(it, Collective))
        peers = tuple(peer for it in different for peer in _peers(it))
        return _Contacts((does, kinds), teams, peers)

    def _team(self, npu: NpuId, collective: Collective) -> TeamKey:
        return collective.group, self._platform.participants(npu, collective).members

    def _kind(self, npu: NpuId, operation: Operation) -> Hashable:
        """What an operation is, but for with whom."""
        match operation:
            case Collective(kind=kind) if kind in ROOTED_COLLECTIVES:
                raise Refused(f"{kind.name} has a root, which is unlike the other NPUs")
            case Collective():
                members = self._team(npu, operation)[1]
                return operation.kind, operation.size, self._is_alone(npu, members)
            case SendOperation(peer, size, tag) | ReceiveOperation(peer, size, tag):
                assert self._platform.prices is not None
                return type(operation), size, tag, self._platform.prices.same_node(npu, peer)
            case _:
                return operation

    def _refine(self) -> None:
        """Tell NPUs apart whose partners are told apart, until nothing changes."""
        while True:
            self.teams = self._colours()
            keys = [
                (
                    self.of[npu],
                    tuple(self.teams[team] for team in contacts.teams),
                    tuple(self.of[peer] for peer in contacts.peers),
                )
                for npu, contacts in enumerate(self._contacts)
            ]
            finer = _numbered(keys)
            if max(finer) == max(self.of):
                return
            self.of = finer

    def _colours(self) -> Mapping[TeamKey, int]:
        """A number for each team: those have the same that are of the same classes."""
        users: dict[TeamKey, list[tuple[int, tuple[int, ...]]]] = {}
        for npu, contacts in enumerate(self._contacts):
            for team in dict.fromkeys(contacts.teams):
                uses = tuple(at for at, it in enumerate(contacts.teams) if it == team)
                users.setdefault(team, []).append((self.of[npu], uses))
        keys = [
            (len(members), self._platform.nodes_of(members), *sorted(used))
            for (_, members), used in users.items()
        ]
        return dict(zip(users, _numbered(keys), strict=True))

    def _is_alone(self, npu: NpuId, members: Sequence[NpuId]) -> bool:
        """Whether no other member is in an NPU's node."""
        if members not in self._busy:
            self._busy[members] = Counter(map(self._node, members))
        return self._busy[members][self._node(npu)] == 1

    def _node(self, npu: NpuId) -> int:
        assert self._platform.prices is not None
        return npu // self._platform.prices.gpus_per_node

    def _check(self) -> None:
        """Check that no two partners are told apart that one NPU has."""
        for npu, contacts in enumerate(self._contacts):
            teams = dict.fromkeys(contacts.teams)
            if len({self.teams[team] for team in teams}) < len(teams):
                raise Refused(f"NPU {npu} is in several process groups that correspond")
            peers = dict.fromkeys(contacts.peers)
            if len({self.of[peer] for peer in peers}) < len(peers):
                raise Refused(f"NPU {npu} has messages with several NPUs that are alike")
            for peer in peers:
                if npu not in self._contacts[peer].peers:
                    raise Refused(f"NPU {peer} has no messages with NPU {npu}, which has with it")


def _peers(operation: Operation) -> tuple[NpuId, ...]:
    match operation:
        case SendOperation(dst=peer) | ReceiveOperation(src=peer):
            return (peer,)
        case _:
            return ()


def _numbered(keys: Sequence[Hashable]) -> list[int]:
    """Equal keys get equal numbers, in order of first use."""
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(key, len(numbers)) for key in keys]
