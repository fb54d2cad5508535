"""From a communicator-group configuration to each NPU's communicators (behaviour 1.6, 3.10)."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import TypeAlias

from simastra.collectives import AlgorithmChoice, choose
from simastra.config import CommGroups
from simastra.dialect import Dialect
from simastra.trace import CollectiveType
from simastra.units import NpuId

from .communicator import Communicator, GroupCommunicator, WorldCommunicator

Choices: TypeAlias = Mapping[CollectiveType, Sequence[AlgorithmChoice]]

USUAL = 0
"""Number under which an NPU finds the communicator of collectives that name no group."""


def build_communicators(
    groups: CommGroups | None,
    npus_count: Sequence[int],
    choices: Choices,
    dialect: Dialect,
) -> tuple[dict[int, Communicator], ...]:
    """For each NPU its communicators, by number of the process group.

    Where each collective names its group, 0 stands for all NPUs. Otherwise there is 0 alone: the
    last group that lists the NPU, groups in lexicographic order of their keys, and all NPUs for an
    NPU that is in none; every group then has the number 1.

    Raises:
        ConfigError: if a group lists an NPU that the network doesn't have, or its key isn't a
            number from 1.
    """
    npus = prod(npus_count)
    listed = groups.groups if groups is not None else ()
    if groups is not None:
        groups.check_members(npus)
        if dialect.groups_by_node:
            _check_numbers(groups, npus)
    group_choices = choices if dialect.group_algorithms else _rings(choices)

    def communicator(npu: NpuId, number: int, members: tuple[NpuId, ...]) -> Communicator:
        if len(members) == npus:
            return WorldCommunicator(npu, npus_count, choices, group=number)
        return GroupCommunicator(npu, members, number, group_choices)

    communicators: list[dict[int, Communicator]] = [
        {USUAL: WorldCommunicator(npu, npus_count, choices)} for npu in range(npus)
    ]
    for group in sorted(listed, key=lambda group: group.name):
        number = int(group.name) if dialect.groups_by_node else 1
        place = number if dialect.groups_by_node else USUAL
        for npu in group.members:
            communicators[npu][place] = communicator(npu, number, group.members)
    return tuple(communicators)


def _rings(choices: Choices) -> Choices:
    return dict.fromkeys(choices, (choose("ring"),))


def _check_numbers(groups: CommGroups, npus: int) -> None:
    for group in groups.groups:
        name = group.name
        if not (name.isascii() and name.isdigit()):
            raise groups.error("isn't the number of a group; give it one from 1", name)
        if int(name) == USUAL and len(group.members) != npus:
            raise groups.error(
                "stands for all NPUs and lists only some; number other groups from 1", name
            )
