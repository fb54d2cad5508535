"""Whether two NPUs do the same, each in its own place."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from simastra.collectives import EXTENDED_COLLECTIVES, RingSymmetry, extended_symmetry
from simastra.simulation.experiment import Experiment
from simastra.simulation.promised import ring_symmetry
from simastra.trace import CollectiveType
from simastra.units import NpuId
from simastra.workload import (
    Collective,
    Operation,
    Program,
    ReceiveOperation,
    SendOperation,
)

from .communication_signatures import CommunicationSignatures


class NpuEquivalence:
    """Compares NPUs with those to which a renumbering takes them.

    Args:
        experiment: what they do.
        move: the renumbering.
        signatures: of the experiment's programs.
    """

    def __init__(
        self,
        experiment: Experiment,
        move: Callable[[NpuId], NpuId],
        signatures: CommunicationSignatures,
    ) -> None:
        self._programs = experiment.programs
        self._platform = experiment.platform
        self._move = move
        self._moved = [move(npu) for npu in range(experiment.platform.npus)]
        self._local: dict[int, bool] = {}
        """Programs, by identity, that concern nobody but their NPU and everybody."""
        self._places: dict[int, Sequence[int]] = {}
        self._signatures = signatures
        self._fits: dict[Hashable, str | None] = {}

    def reason_against(self) -> str | None:
        """Why the renumbering takes some NPU to one that does otherwise; None if it doesn't."""
        for npu, moved in enumerate(self._moved):
            program, other = self._programs[npu], self._programs[moved]
            if self._platform.system_of(npu) is not self._platform.system_of(moved):
                return f"NPU {moved} has another system than NPU {npu}"
            if program is other and self._is_local(program):
                continue
            reason = self._difference(npu, program, moved, other)
            if reason is not None:
                return f"NPU {moved} isn't to its neighbours what NPU {npu} is: {reason}"
        return None

    def _is_local(self, program: Program) -> bool:
        known = self._local.get(id(program))
        if known is None:
            groups = bool(self._platform.groups)
            known = not any(
                isinstance(operation, SendOperation | ReceiveOperation)
                or (
                    isinstance(operation, Collective)
                    and (groups or operation.kind in EXTENDED_COLLECTIVES)
                )
                for operation in map(program.operations.__getitem__, program.external_operations)
            )
            self._local[id(program)] = known
        return known

    def _difference(self, npu: NpuId, program: Program, moved: NpuId, other: Program) -> str | None:
        if program.template is other.template:  # all but what reaches out is the same
            return self._signatures_differ(npu, program, moved, other)
        if len(program.operations) != len(other.operations):
            return "their traces have different numbers of nodes"
        if not program.graph.has_shape_of(other.graph):
            return "their traces have other dependencies"
        if program.resources != other.resources:
            return "their nodes need other resources"
        for ours, theirs in zip(program.operations, other.operations, strict=True):
            reason = self._operations_differ(npu, ours, moved, theirs)
            if reason is not None:
                return reason
        return None

    def _signatures_differ(
        self, npu: NpuId, program: Program, moved: NpuId, other: Program
    ) -> str | None:
        """Compare what reaches out; each kind of contact once, however often it comes."""
        if program.original is other.original:
            return self._names_differ(npu, program, moved, other)
        pairs = zip(self._signatures.of(program), self._signatures.of(other), strict=True)
        for ours, theirs in set(pairs):
            reason = self._operations_differ(
                npu, self._signatures.examples[ours], moved, self._signatures.examples[theirs]
            )
            if reason is not None:
                return reason
        return None

    def _names_differ(
        self, npu: NpuId, program: Program, moved: NpuId, other: Program
    ) -> str | None:
        """Compare programs that are one's but for the NPUs and process groups in them."""
        for index in self._contacts(program.original):
            ours, theirs = program.operations[index], other.operations[index]
            reason = self._operations_differ(npu, ours, moved, theirs)
            if reason is not None:
                return reason
        return None

    def _contacts(self, original: Program) -> Sequence[int]:
        """The first operation of a program of those that name the same."""
        places = self._places.get(id(original))
        if places is None:
            first: dict[Hashable, int] = {}
            for index in original.external_operations:
                match original.operations[index]:
                    case SendOperation(npu) | ReceiveOperation(npu) as operation:
                        first.setdefault((type(operation), npu), index)
                    case Collective() as operation:
                        named = operation.kind, operation.involved, operation.group, operation.root
                        first.setdefault(named, index)
                    case _:
                        pass
            places = self._places[id(original)] = tuple(first.values())
        return places

    def _operations_differ(
        self, npu: NpuId, ours: Operation, moved: NpuId, theirs: Operation
    ) -> str | None:
        match ours, theirs:
            case SendOperation(dst, size, tag), SendOperation():
                same = theirs == SendOperation(self._moved[dst], size, tag)
                return None if same else "a message goes elsewhere, or is another"
            case ReceiveOperation(src, size, tag), ReceiveOperation():
                same = theirs == ReceiveOperation(self._moved[src], size, tag)
                return None if same else "a message comes from elsewhere, or is another"
            case Collective(), Collective():
                return self._collectives_differ(npu, ours, moved, theirs)
            case _:
                return None if ours is theirs or ours == theirs else "their traces differ"

    def _collectives_differ(
        self, npu: NpuId, ours: Collective, moved: NpuId, theirs: Collective
    ) -> str | None:
        mine = (ours.kind, ours.size, ours.involved, ours.priority)
        if mine != (theirs.kind, theirs.size, theirs.involved, theirs.priority):
            return "their collectives differ"
        if ours.kind in EXTENDED_COLLECTIVES:
            return self._rings_differ(npu, ours, moved, theirs)
        members = self._platform.members(npu, ours.group)
        images = self._platform.members(moved, theirs.group)
        if len(members) == len(self._moved) == len(images):
            return None  # everybody: a matter of the logical topology
        key = (id(members), id(images), ours.kind)
        if key not in self._fits:
            symmetry = ring_symmetry(self._platform.group_algorithm(ours.kind))
            self._fits[key] = self._group_differs(members, images, symmetry)
        return self._fits[key]

    def _rings_differ(
        self, npu: NpuId, ours: Collective, moved: NpuId, theirs: Collective
    ) -> str | None:
        """Compare those who take part in an extended collective."""
        members = self._ring(npu, ours)
        images = self._ring(moved, theirs)
        if ours.kind is not CollectiveType.BARRIER:
            root = members[0] if ours.root is None else ours.root
            if self._moved[root] != (images[0] if theirs.root is None else theirs.root):
                return f"{ours.kind.name} has a root, which is unlike the other NPUs"
        key = (members, images, ours.kind)
        if key not in self._fits:
            self._fits[key] = self._group_differs(members, images, extended_symmetry(ours.kind))
        return self._fits[key]

    def _ring(self, npu: NpuId, collective: Collective) -> Sequence[NpuId]:
        return self._platform.participants(npu, collective).members

    def _group_differs(
        self, members: Sequence[NpuId], images: Sequence[NpuId], symmetry: RingSymmetry
    ) -> str | None:
        if len(members) != len(images):
            return "their process groups are of different sizes"
        place = {npu: position for position, npu in enumerate(images)}
        moved = [place.get(self._moved[npu]) for npu in members]
        if None in moved:
            return "their process groups don't correspond"
        if _keeps_exchanges([at for at in moved if at is not None], symmetry):
            return None
        return "their process groups are in another order"


def _keeps_exchanges(positions: Sequence[int], symmetry: RingSymmetry) -> bool:
    """Whether an algorithm does the same with members that have gone to those positions."""
    count, first = len(positions), positions[0]
    if first == 0 or symmetry is RingSymmetry.SHIFTS:
        return all(at == (index + first) % count for index, at in enumerate(positions))
    if symmetry is RingSymmetry.EXCHANGES:
        return all(at == index ^ first for index, at in enumerate(positions))
    return False
