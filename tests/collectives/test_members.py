"""LogicalRing: neighbours round the ring, from either direction."""

from math import prod

from hypothesis import given
from hypothesis import strategies as st

from simastra.collectives import LogicalRing, line_of


def test_peers_count_round_the_ring_in_the_groups_own_order() -> None:
    ring = LogicalRing((5, 2, 9, 0), position=1, is_group=True)
    assert [ring.peer(d) for d in range(-2, 5)] == [0, 5, 2, 9, 0, 5, 2]
    assert len(ring) == 4


def test_reversed_neighbours_swap_and_the_group_stays_a_group() -> None:
    ring = LogicalRing((5, 2, 9, 0), position=1, is_group=True)
    back = ring.reversed()
    assert (back.peer(0), back.peer(1), back.peer(-1)) == (2, 5, 9)
    assert back.is_group
    assert back.reversed() == ring


def test_a_ring_is_told_from_the_same_one_the_other_way_round() -> None:
    ring = LogicalRing((5, 2, 9, 0), position=1)
    assert (ring.is_group, ring.clockwise) == (False, True)
    assert ring.reversed() == LogicalRing((0, 9, 2, 5), position=2, clockwise=False)
    assert ring.reversed().reversed() == ring
    group = LogicalRing((3, 1, 2), position=0, is_group=True, clockwise=False)
    assert group.reversed() == LogicalRing((2, 1, 3), position=2, is_group=True)


RINGS = st.integers(2, 20).flatmap(
    lambda npus: st.builds(
        LogicalRing,
        members=st.permutations(range(npus)).map(tuple),
        position=st.integers(0, npus - 1),
    )
)


@given(ring=RINGS, displacement=st.integers(-50, 50))
def test_a_reversed_ring_sees_the_same_members_the_other_way(
    ring: LogicalRing, displacement: int
) -> None:
    assert ring.reversed().peer(displacement) == ring.peer(-displacement)
    assert sorted(ring.reversed().members) == sorted(ring.members)


@given(shape=st.lists(st.integers(2, 6), min_size=1, max_size=4), data=st.data())
def test_a_line_holds_its_npu_at_its_position_and_only_one_coordinate_varies(
    shape: list[int], data: st.DataObject
) -> None:
    npu = data.draw(st.integers(0, prod(shape) - 1))
    dimension = data.draw(st.integers(0, len(shape) - 1))
    stride = prod(shape[:dimension])
    line = line_of(npu, shape[dimension], stride)
    assert line.members[line.position] == npu
    assert [member // stride % shape[dimension] for member in line.members] == list(
        range(shape[dimension])
    )
    others = {(member % stride, member // (stride * shape[dimension])) for member in line.members}
    assert len(others) == 1
