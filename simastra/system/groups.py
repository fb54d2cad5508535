"""From a communicator-group configuration to each NPU's communicators (behaviour 1.6, 3.10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from simastra.collectives import Algorithm, AlgorithmChoice, choose
from simastra.config import CommGroups
from simastra.config.comm_groups import groups_of_one_number
from simastra.dialect import Dialect
from simastra.group_numbers import group_number
from simastra.quick_dataclass import dataclass
from simastra.trace import CollectiveType
from simastra.units import NpuId

from .communicator import Communicator, GroupCommunicator, WorldCommunicator, group_algorithm

if TYPE_CHECKING:
    from simastra.collectives import RootedTree

Choices: TypeAlias = Mapping[CollectiveType, Sequence[AlgorithmChoice]]

USUAL = 0
"""Number under which an NPU finds the communicator of collectives that name no group."""


class Communicators:
    """Each NPU's communicators, by number of the process group; made when first asked for.

    Where each collective names its group, 0 stands for all NPUs. Otherwise there is 0 alone: the
    last group that lists the NPU, groups in lexicographic order of their keys, and all NPUs for an
    NPU that is in none; every group then has the number 1.

    Args:
        groups: process groups, None for none.
        npus_count: size of each network dimension.
        choices: the algorithms configured for each collective, one a dimension.
        dialect: which ASTRA-sim is reproduced.
        tagged_as: for process groups, other numbers to tag their messages by.
        trees: on which way rooted collectives go, where the system file says so.
        listed: for NPUs whose traces list groups, their members by number; where collectives name
            their groups, these go before the others.

    Raises:
        ConfigError: if a group lists an NPU that the network doesn't have, or, where collectives
            name their groups, its key begins with no number, or with that of another group.
    """

    def __init__(  # noqa: PLR0913 - who takes part, and how
        self,
        groups: CommGroups | None,
        npus_count: Sequence[int],
        choices: Choices,
        dialect: Dialect,
        tagged_as: Mapping[int, int],
        listed: Mapping[NpuId, Mapping[int, tuple[NpuId, ...]]] = MappingProxyType({}),
        *,
        trees: Mapping[CollectiveType, RootedTree] = MappingProxyType({}),
    ) -> None:
        self._trees = trees
        self._tagged_as = tagged_as
        self.npus = prod(npus_count)
        self._npus_count = npus_count
        self._choices = choices
        self._group_choices = choices if dialect.group_algorithms else _rings(choices)
        self.groups: list[NumberedGroup] = []
        """All process groups, each once."""
        self._listed: dict[NpuId, dict[int, NumberedGroup]] = {}
        """For each NPU that is in a group, its groups by the number that collectives say."""
        self._made: dict[NpuId, dict[int, Communicator]] = {}
        if groups is not None:
            groups.check_members(self.npus)
            if dialect.groups_by_node:
                self._list_by_number(groups)
            else:
                self._list_usual(groups)
        if dialect.groups_by_node:
            self._list_for_npus(listed)

    def __getitem__(self, npu: NpuId) -> dict[int, Communicator]:
        """The communicators of an NPU."""
        made = self._made.get(npu)
        if made is None:
            made = {USUAL: WorldCommunicator(npu, self._npus_count, self._choices)}
            for place, group in self._listed.get(npu, {}).items():
                made[place] = self._communicator(npu, group)
            for communicator in made.values():
                communicator.trees = self._trees
            self._made[npu] = made
        return made

    def has_group(self, number: int) -> bool:
        """Whether any NPU knows a process group of that number."""
        return number == USUAL or any(number in places for places in self._listed.values())

    def members(self, npu: NpuId, number: int) -> Sequence[NpuId]:
        """Who is in the process group that `npu` knows by `number`, in order of positions."""
        listed = self.listed(npu, number)
        return range(self.npus) if listed is None else listed

    def listed(self, npu: NpuId, number: int) -> Sequence[NpuId] | None:
        """The same, as one object for all members, if a file lists them; None for all NPUs."""
        group = self._listed.get(npu, {}).get(number)
        return None if group is None else group.members

    def group_algorithm(self, collective: CollectiveType) -> Algorithm:
        """What a process group of some of the NPUs runs for that collective."""
        return group_algorithm(self._group_choices[collective])

    def _list_by_number(self, groups: CommGroups) -> None:
        _check_numbers(groups)
        for listed in groups.groups:
            number = group_number(listed.name)
            # A group 0 can't be named: a collective of group 0 is among all NPUs.
            if number is not None and number != USUAL:
                group = self._new(number, listed.members)
                for npu in listed.members:
                    self._listed.setdefault(npu, {})[number] = group

    def _list_usual(self, groups: CommGroups) -> None:
        for listed in sorted(groups.groups, key=lambda group: group.name):
            group = self._new(1, listed.members)
            for npu in listed.members:
                self._listed.setdefault(npu, {})[USUAL] = group

    def _list_for_npus(self, listed: Mapping[NpuId, Mapping[int, tuple[NpuId, ...]]]) -> None:
        made = {(group.number, group.members): group for group in self.groups}
        for npu, groups in listed.items():
            for number, members in groups.items():
                if number == USUAL:
                    continue
                group = made.get((number, members))
                if group is None:
                    group = made[number, members] = self._new(number, members)
                places = self._listed.setdefault(npu, {})
                places.pop(number, None)
                if npu in group.members:
                    places[number] = group

    def _new(self, number: int, members: tuple[NpuId, ...]) -> NumberedGroup:
        group = NumberedGroup(number, members)
        self.groups.append(group)
        return group

    def _communicator(self, npu: NpuId, group: NumberedGroup) -> Communicator:
        number = self._tagged_as.get(group.number, group.number)
        if len(group.members) == self.npus:
            return WorldCommunicator(npu, self._npus_count, self._choices, group=number)
        return GroupCommunicator(npu, group.members, number, self._group_choices)


@dataclass(frozen=True, slots=True)
class NumberedGroup:
    """NPUs that take part in collectives together.

    Attributes:
        number: by which collectives name it.
        members: in order of their positions.
    """

    number: int
    members: tuple[NpuId, ...]


def _rings(choices: Choices) -> Choices:
    return dict.fromkeys(choices, (choose("ring"),))


def _check_numbers(groups: CommGroups) -> None:
    for group in groups.groups:
        if group_number(group.name) is None:
            raise groups.error("isn't the number of a group; give it one from 1", group.name)
    twice = groups_of_one_number(groups.groups)
    if twice is not None:
        first, second = twice
        text = f"begins with the same number as '{first.name}'; give each group its own"
        raise groups.error(text, second.name)
