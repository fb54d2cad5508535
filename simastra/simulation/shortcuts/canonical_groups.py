"""One number for all process groups of an orbit, so that their members tag messages alike.

A stream's messages are tagged by the number of its process group. In a folded run a representative
hears from another as a member of its own group, while that one counts itself a member of a group
elsewhere; they understand each other if both groups go by one number.
"""

from __future__ import annotations

from collections.abc import Mapping

from simastra.simulation.experiment import Experiment

from .communication_signatures import CommunicationSignatures
from .refusal import Refused
from .symmetry_group import SymmetryGroup


def canonical_groups(
    experiment: Experiment, symmetries: SymmetryGroup, signatures: CommunicationSignatures
) -> Mapping[int, int]:
    """For each process group the number to go by, where collectives name their groups.

    Raises:
        Refused: if an NPU is in two groups that would go by one number.
    """
    platform = experiment.platform
    if not platform.groups or not platform.options.dialect.groups_by_node:
        return {}
    groups = {group.number: group.members for group in platform.groups}
    if len(groups) < len(platform.groups):
        raise Refused("NPUs know different process groups by one number")
    by_members = {frozenset(members): number for number, members in sorted(groups.items())}
    if len(by_members) < len(groups):
        raise Refused("several process groups have the same members")
    canonical = {number: number for number in groups}
    for axis in symmetries.axes:
        for generator in axis.generators:
            for number, members in sorted(groups.items()):
                image = frozenset(symmetries.move(generator, npu) for npu in members)
                if image in by_members:
                    _merge(canonical, number, by_members[image])
    numbers = {number: _root(canonical, number) for number in groups}
    _check(experiment, signatures, groups, numbers)
    return numbers


def _root(canonical: dict[int, int], number: int) -> int:
    while canonical[number] != number:
        canonical[number] = canonical[canonical[number]]
        number = canonical[number]
    return number


def _merge(canonical: dict[int, int], one: int, other: int) -> None:
    low, high = sorted((_root(canonical, one), _root(canonical, other)))
    canonical[high] = low


def _check(
    experiment: Experiment,
    signatures: CommunicationSignatures,
    groups: Mapping[int, tuple[int, ...]],
    numbers: Mapping[int, int],
) -> None:
    seen: set[tuple[int, int]] = set()
    for number, members in groups.items():
        for npu in members:
            if (npu, numbers[number]) in seen:
                raise Refused(f"NPU {npu} is in several process groups that correspond")
            seen.add((npu, numbers[number]))
    if experiment.platform.options.dialect.separate_tags:
        return
    renumbered = any(number != canonical for number, canonical in numbers.items())
    if renumbered and signatures.has_messages:
        raise Refused("process groups and messages of ET nodes share their tags")
