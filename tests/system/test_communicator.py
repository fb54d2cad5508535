"""Communicators by themselves: members, rings, dimensions and the numbers of streams."""

from collections.abc import Mapping
from itertools import product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.collectives import RingAlgorithm, Rooted, choose
from simastra.config import CommGroups
from simastra.dialect import DIALECTS
from simastra.engine import STREAMS_PER_GROUP
from simastra.errors import ConfigError
from simastra.system import Collective
from simastra.system.communicator import (
    GroupCommunicator,
    WorldCommunicator,
)
from simastra.system.groups import Communicators
from simastra.trace import CollectiveType, Node, NodeType

AR, AG = CollectiveType.ALL_REDUCE, CollectiveType.ALL_GATHER
CHOICES = {AR: (choose("ring"), choose("direct")), AG: (choose("ring"),)}
SHAPES = st.lists(st.integers(2, 4), min_size=1, max_size=3).map(tuple)


def coordinates(npu: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    place = []
    for count in shape:
        place.append(npu % count)
        npu //= count
    return tuple(place)


@given(shape=SHAPES, data=st.data())
def test_the_ring_is_of_those_that_differ_along_involved_dimensions_only(
    shape: tuple[int, ...], data: st.DataObject
) -> None:
    npus = prod(shape)
    npu = data.draw(st.integers(0, npus - 1))
    involved = tuple(data.draw(st.lists(st.booleans(), max_size=4)))
    communicator = WorldCommunicator(npu, shape, CHOICES)
    mine = coordinates(npu, shape)
    within = (involved + (False,) * len(shape))[: len(shape)]
    expected = [
        peer
        for peer in range(npus)
        if all(
            a == b or takes_part
            for a, b, takes_part in zip(mine, coordinates(peer, shape), within, strict=True)
        )
    ]
    ring = communicator.ring(involved)
    assert list(ring.members) == expected
    assert ring.members[ring.position] == npu


@pytest.mark.parametrize("group", [0, 3])
def test_without_a_list_or_in_a_group_of_all_the_ring_is_of_everybody(group: int) -> None:
    communicator = WorldCommunicator(5, (4, 2), CHOICES, group=group)
    assert list(communicator.ring(None).members) == list(range(8))
    alone = [
        list(communicator.ring(involved).members) for involved in product((True, False), repeat=2)
    ]
    assert (alone == [list(range(8))] * 4) is bool(group)


@pytest.mark.parametrize(
    ("involved", "active"),
    [
        (None, (0, 1)),
        ((True, True), (0, 1)),
        ((True, False), (0,)),
        ((False, True), (1,)),
        ((True,), (0,)),
        ((), ()),
        ((False, False, True), ()),
    ],
)
def test_the_dimensions_that_a_node_involves_are_active(
    involved: tuple[bool, ...] | None, active: tuple[int, ...]
) -> None:
    assert WorldCommunicator(0, (4, 2), CHOICES).active(AR, involved) == active
    assert WorldCommunicator(0, (4, 2), CHOICES, group=1).active(AR, involved) == (0, 1)


def test_only_dimensions_with_an_algorithm_are_active() -> None:
    assert WorldCommunicator(0, (4, 2), CHOICES).active(AG, (True, True)) == (0,)


def test_streams_are_numbered_from_a_million_times_the_group() -> None:
    world = WorldCommunicator(0, (4,), CHOICES)
    listed = WorldCommunicator(0, (4,), CHOICES, group=2)
    group = GroupCommunicator(1, (1, 3), 7, CHOICES)
    for communicator, first in ((world, 0), (listed, 2), (group, 7)):
        start = first * STREAMS_PER_GROUP
        assert list(communicator.streams) == []
        assert [communicator.take_stream_number() for _ in range(3)] == [
            start,
            start + 1,
            start + 2,
        ]
        assert communicator.streams == range(start, start + 3)
    assert STREAMS_PER_GROUP == 1_000_000


def test_a_group_is_one_ring_in_its_own_order_with_the_algorithm_of_a_list_of_one() -> None:
    group = GroupCommunicator(3, (5, 3, 0), 1, {**CHOICES, AG: (choose("direct"),)})
    (dimension,) = group.dimensions(AR)
    assert isinstance(dimension.algorithm, RingAlgorithm)
    (gather,) = group.dimensions(AG)
    assert not isinstance(gather.algorithm, RingAlgorithm)
    assert tuple(group.ring((False,)).members) == tuple(group.members) == (5, 3, 0)
    assert group.ring(None).position == 1
    assert group.ring(None).is_group
    assert group.active(AR, (False,)) == (0,)
    assert GroupCommunicator(3, (3,), 1, CHOICES).active(AR, None) == ()


def communicators(groups: Mapping[str, list[int]], dialect: str = "master") -> Communicators:
    return Communicators(CommGroups.parse(groups), (4, 2), CHOICES, DIALECTS[dialect], {})


@pytest.mark.parametrize("key", ["a", "-1", "\N{SUPERSCRIPT TWO}"])
def test_where_nodes_name_groups_their_keys_are_numbers(key: str) -> None:
    with pytest.raises(ConfigError):
        communicators({key: [0, 1]})
    assert communicators({key: [0, 1]}, "hoti2024").members(0, 0) == (0, 1)


def test_where_nodes_name_groups_each_npu_has_its_groups_by_number() -> None:
    groups = communicators({"1": [0, 1], "2": [1, 2, 3], "30": [7, 6, 5, 4, 3, 2, 1, 0]})
    assert sorted(groups[1]) == [0, 1, 2, 30]
    assert sorted(groups[4]) == [0, 30]
    assert isinstance(groups[1][30], WorldCommunicator)
    assert groups[1][30].take_stream_number() == 30 * STREAMS_PER_GROUP
    assert groups[1] is groups[1]
    assert [groups.has_group(number) for number in (0, 1, 2, 3, 30)] == [True] * 3 + [False, True]
    assert groups.members(2, 2) == (1, 2, 3)
    assert list(groups.members(0, 2)) == list(range(8))  # not in it: what it calls 2 is everybody


def test_otherwise_an_npu_is_in_the_last_group_that_lists_it_and_that_is_number_1() -> None:
    groups = communicators({"10": [0, 1], "2": [1, 2, 3]}, "hoti2024")
    assert [tuple(groups.members(npu, 0)) for npu in (0, 1)] == [(0, 1), (1, 2, 3)]
    assert groups[1][0].take_stream_number() == STREAMS_PER_GROUP
    assert groups[5][0].take_stream_number() == 0
    assert not groups.has_group(2)


def test_a_group_takes_the_number_that_its_messages_are_tagged_by() -> None:
    groups = Communicators(
        CommGroups.parse({"4": [0, 1]}), (4, 2), CHOICES, DIALECTS["master"], {4: 9}
    )
    assert groups[0][4].take_stream_number() == 9 * STREAMS_PER_GROUP


def test_groups_run_rings_in_the_dialect_that_lets_them_run_nothing_else() -> None:
    groups = {
        name: Communicators(
            CommGroups.parse({"1": [0, 1]}), (8,), {AR: (choose("direct"),)}, DIALECTS[name], {}
        )
        for name in ("hoti2024", "master")
    }
    kinds = {
        name: isinstance(found.group_algorithm(AR), RingAlgorithm) for name, found in groups.items()
    }
    assert kinds == {"hoti2024": True, "master": False}


# -- participants ----------------------------------------------------------------------------------

NODE = Node(7, "collective", NodeType.COMM_COLL)


@pytest.mark.parametrize(
    ("involved", "active", "members"),
    [
        (None, (0, 1), range(8)),
        ((True, True), (0, 1), range(8)),
        ((True, False), (0,), (4, 5, 6, 7)),
        ((False, True), (1,), (1, 5)),
        ((False, False), (), (5,)),
    ],
)
def test_those_along_the_dimensions_that_take_part_are_members(
    involved: tuple[bool, ...] | None, active: tuple[int, ...], members: tuple[int, ...]
) -> None:
    along = WorldCommunicator(5, (4, 2), CHOICES).participants(Collective(NODE, AR, 1024, involved))
    assert along.active == active
    assert list(along.members) == list(members)
    assert not along.are_all  # no dimension is a ring of everybody


def test_one_ring_of_everybody_has_all_as_members_whatever_dimensions_it_lies_along() -> None:
    communicator = WorldCommunicator(5, (4, 2), {AR: (choose("oneRing"),)})
    along = communicator.participants(Collective(NODE, AR, 1024, (True, False)))
    assert (along.active, along.are_all) == ((0,), True)
    assert list(along.members) == list(range(8))


@pytest.mark.parametrize(("root", "told"), [(None, 4), (6, 6)])
def test_a_collective_with_a_root_is_one_ring_from_its_root(root: int | None, told: int) -> None:
    communicator = WorldCommunicator(5, (4, 2), CHOICES)
    collective = Collective(NODE, CollectiveType.REDUCE, 1024, (True, False), root=root)
    along = communicator.participants(collective)
    (dimension,) = along.dimensions
    assert dimension.algorithm == Rooted(told)
    assert (list(along.members), along.active) == ([4, 5, 6, 7], (0,))


def test_among_nobody_else_no_dimension_takes_part() -> None:
    alone = GroupCommunicator(3, (3,), 1, CHOICES)
    for kind in (AR, CollectiveType.BARRIER):
        along = alone.participants(Collective(NODE, kind, 1024))
        assert (list(along.members), along.active) == ([3], ())


def test_collectives_are_equal_if_they_ask_for_the_same_whatever_their_nodes() -> None:
    one, other = (Collective(Node(n, "", NodeType.COMM_COLL), AR, 1024) for n in (1, 2))
    assert one == other
    assert one.matches(Collective(NODE, AR, 1024, (True,)))
    assert not one.matches(Collective(NODE, AR, 1025))
    assert not one.matches(Collective(NODE, AG, 1024))
    assert str(one) == "ALL_REDUCE of 1,024 bytes"
