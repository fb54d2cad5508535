"""From a communicator-group configuration to each NPU's communicator (behaviour 1.6, 3.10)."""

from collections.abc import Mapping, Sequence
from math import prod

from simastra.collectives import AlgorithmChoice
from simastra.config import CommGroups
from simastra.trace import CollectiveType
from simastra.units import NpuId

from .communicator import Communicator, GroupCommunicator, WorldCommunicator


def build_communicators(
    groups: CommGroups | None,
    npus_count: Sequence[int],
    choices: Mapping[CollectiveType, Sequence[AlgorithmChoice]],
) -> tuple[Communicator, ...]:
    """One communicator for each NPU, by hoti2024's rule.

    An NPU's collectives all run in the last group that lists it, groups in lexicographic order of
    their keys; an NPU in no group takes part with everybody. Every group has the number 1.

    Raises:
        ConfigError: if a group lists an NPU that the network doesn't have.
    """
    npus = prod(npus_count)
    members: dict[NpuId, tuple[NpuId, ...]] = {}
    if groups is not None:
        groups.check_members(npus)
        for group in sorted(groups.groups, key=lambda group: group.name):
            members.update(dict.fromkeys(group.members, group.members))

    def communicator(npu: NpuId) -> Communicator:
        if npu not in members:
            return WorldCommunicator(npu, npus_count, choices)
        if len(members[npu]) == npus:
            return WorldCommunicator(npu, npus_count, choices, group=1)
        return GroupCommunicator(npu, members[npu])

    return tuple(communicator(npu) for npu in range(npus))
