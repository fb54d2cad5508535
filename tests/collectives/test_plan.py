"""Phases of a chunk: which collective on which dimension, how large, in which queue (3.3, 3.4)."""

import pytest

from simastra.collectives import Phase, QueueTurns, choose, logical_dimensions, plan_phases
from simastra.trace import CollectiveType

AR = CollectiveType.ALL_REDUCE
RS = CollectiveType.REDUCE_SCATTER
AG = CollectiveType.ALL_GATHER
A2A = CollectiveType.ALL_TO_ALL

NPUS_COUNT = (2, 8, 4)


def phases(
    collective: CollectiveType,
    algorithms: tuple[str, ...] = ("ring", "ring", "ring"),
    *,
    bandwidth_aware: bool = False,
    active: tuple[int, ...] = (0, 1, 2),
    turns: QueueTurns | None = None,
) -> tuple[Phase, ...]:
    """Of a chunk of 6400 bytes, for NPU 13 of 2 x 8 x 4."""
    choices = [choose(name) for name in algorithms]
    return plan_phases(
        collective,
        6400,
        logical_dimensions(choices, NPUS_COUNT, npu=13),
        active,
        turns or QueueTurns(3, 1),
        bandwidth_aware=bandwidth_aware,
    )


def summary(planned: tuple[Phase, ...]) -> list[tuple[CollectiveType, int, int, int]]:
    return [(phase.collective, phase.queue, len(phase.ring), phase.size) for phase in planned]


@pytest.mark.parametrize(
    ("collective", "bandwidth_aware", "expected"),
    [
        (AR, False, [(AR, 0, 2, 6400), (AR, 1, 8, 6400), (AR, 2, 4, 6400)]),
        (
            AR,
            True,
            [
                (RS, 0, 2, 6400),
                (RS, 1, 8, 3200),
                (AR, 2, 4, 400),
                (AG, 1, 8, 400),
                (AG, 0, 2, 3200),
            ],
        ),
        (RS, False, [(RS, 0, 2, 6400), (RS, 1, 8, 3200), (RS, 2, 4, 400)]),
        (RS, True, [(RS, 0, 2, 6400), (RS, 1, 8, 3200), (RS, 2, 4, 400)]),
        (AG, False, [(AG, 2, 4, 6400), (AG, 1, 8, 25600), (AG, 0, 2, 204800)]),
        (AG, True, [(AG, 2, 4, 6400), (AG, 1, 8, 25600), (AG, 0, 2, 204800)]),
        (A2A, False, [(A2A, 0, 2, 6400), (A2A, 1, 8, 6400), (A2A, 2, 4, 6400)]),
    ],
)
def test_phases_by_hand(
    collective: CollectiveType,
    bandwidth_aware: bool,  # noqa: FBT001  # pytest passes it by name
    expected: list[tuple[CollectiveType, int, int, int]],
) -> None:
    assert summary(phases(collective, bandwidth_aware=bandwidth_aware)) == expected


def test_a_bandwidth_aware_all_reduce_of_one_dimension_is_just_that() -> None:
    planned = phases(AR, bandwidth_aware=True, active=(1,))
    assert summary(planned) == [(AR, 1, 8, 6400)]


def test_dimensions_that_take_no_part_are_left_out() -> None:
    planned = phases(AR, bandwidth_aware=True, active=(0, 2))
    assert summary(planned) == [(RS, 0, 2, 6400), (AR, 2, 4, 3200), (AG, 0, 2, 3200)]


def test_a_tree_leaves_the_size_as_it_is_whatever_it_was_asked_for() -> None:
    planned = phases(AR, ("doubleBinaryTree", "ring", "ring"), bandwidth_aware=True)
    assert [phase.size for phase in planned] == [6400, 6400, 800, 800, 6400]


def test_each_phase_has_its_dimensions_algorithm() -> None:
    planned = phases(AR, ("ring", "direct2", "halvingDoubling"), bandwidth_aware=True)
    expected = [choose(n).algorithm for n in ("ring", "direct2", "halvingDoubling")]
    assert [phase.algorithm for phase in planned] == [*expected, expected[1], expected[0]]


def test_members_are_the_lines_of_npus_through_npu_13() -> None:
    # 13 is (1, 6, 0).
    members = [list(phase.ring.members) for phase in phases(RS)]
    assert members == [[12, 13], [1, 3, 5, 7, 9, 11, 13, 15], [13, 29, 45, 61]]
    assert [phase.ring.position for phase in phases(RS)] == [1, 6, 0]


def test_the_second_queue_of_a_dimension_runs_the_other_way_round() -> None:
    turns = QueueTurns(3, 2)
    neighbours = [phases(AR, active=(1,), turns=turns)[0].ring.peer(1) for _ in range(3)]
    assert neighbours == [15, 11, 15]


def test_down_runs_in_lower_queues_and_up_in_upper_ones() -> None:
    turns = QueueTurns(3, 4)
    queues = [
        [phase.queue for phase in phases(AR, bandwidth_aware=True, turns=turns)] for _ in range(3)
    ]
    assert queues == [[0, 4, 8, 6, 2], [1, 5, 9, 7, 3], [0, 4, 8, 6, 2]]


def test_one_ring_over_everybody_ends_the_list() -> None:
    dimensions = logical_dimensions([choose("ring"), choose("oneRing")], NPUS_COUNT, npu=13)
    assert [len(dimension.ring) for dimension in dimensions] == [2, 64]
    alone = logical_dimensions([choose("oneDirect3"), choose("ring")], NPUS_COUNT, npu=13)
    assert [list(dimension.ring.members) for dimension in alone] == [list(range(64))]
    assert alone[0].ring.position == 13


def test_network_dimensions_without_an_algorithm_take_no_part() -> None:
    dimensions = logical_dimensions([choose("ring")], NPUS_COUNT, npu=13)
    assert [list(dimension.ring.members) for dimension in dimensions] == [[12, 13]]
