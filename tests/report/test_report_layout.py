"""Where the devices of a network are drawn."""

import math
from itertools import combinations

import pytest
from support.machines import all_reduce_on_ring_of_8
from support.recorded_runs import collective_on, two_senders

from simastra.report.layout import Point, device_positions


@pytest.mark.parametrize("shape", [[2], [8], [4, 4], [3, 2, 4], [8, 8, 4], [2, 2, 2, 2]], ids=str)
def test_npus_lie_apart_within_the_unit_circle(shape: list[int]) -> None:
    places = device_positions(shape, ())
    assert len(places) == math.prod(shape)
    assert all(math.hypot(it.x, it.y) <= 1.00001 for it in places.values())
    nearest = min(math.dist((a.x, a.y), (b.x, b.y)) for a, b in combinations(places.values(), 2))
    assert nearest > 0.01


def test_a_ring_is_a_circle_clockwise_from_the_top() -> None:
    places = device_positions([4], all_reduce_on_ring_of_8().run().links[:0])
    assert [places[npu] for npu in range(4)] == [
        Point(0, -1),
        Point(1, 0),
        Point(0, 1),
        Point(-1, 0),
    ]


def test_neighbours_of_the_innermost_dimension_lie_closest() -> None:
    places = device_positions([4, 4], ())
    inner = math.dist((places[0].x, places[0].y), (places[1].x, places[1].y))
    outer = math.dist((places[0].x, places[0].y), (places[4].x, places[4].y))
    assert inner < outer


def test_a_switch_lies_amid_what_it_links() -> None:
    run = two_senders()
    assert device_positions([3], run.result.links)[3] == Point(0, 0)


def test_every_switch_of_every_dimension_has_a_place_of_its_own() -> None:
    run = collective_on(("Switch", 2), ("Switch", 3), algorithms=("ring", "ring"))
    places = device_positions([2, 3], run.result.links)
    devices = {device for link in run.result.links for device in (link.src, link.dst)}
    assert devices <= set(places)
    assert len({(it.x, it.y) for it in places.values()}) == len(places)


def test_circles_within_circles_are_of_exact_sizes() -> None:
    # A circle of radius r within one of 1 - r: r / (1 - r) is 0.62 of the sine of half a place.
    placed = device_positions([4, 1], ())
    assert (placed[0], placed[1]) == (Point(0.0, -1.0), Point(0.382716, -0.617284))
    placed = device_positions([2, 4], ())
    outer = 1 / (1 + 0.62 * 0.5**0.5)
    assert placed[0] == Point(0.0, -1.0)
    assert placed[3] == Point(round(outer, 6), round(1 - outer, 6))
    assert placed[4] == Point(0.0, round(outer - (1 - outer), 6))
