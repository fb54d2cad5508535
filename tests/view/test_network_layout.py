"""Where the devices of a network are drawn."""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations

import pytest
from support.machines import all_reduce_on_ring_of_8
from support.recorded_runs import collective_on, two_senders

from simastra.result import LinkRecord
from simastra.view.network import Canvas, NetworkLayout, Point, network_layout

SMALL = Canvas(middle=210, reach=176, bow=0.14, radius=90, largest=15, digits=2)


def device_positions(shape: Sequence[int], links: Sequence[LinkRecord]) -> Mapping[int, Point]:
    return network_layout(shape, [(it.src, it.dst) for it in links]).places


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


def test_curves_bend_to_their_left() -> None:
    layout = NetworkLayout({0: Point(0, 0), 1: Point(100, 50), 2: Point(1.11, 2.22)}, 3, SMALL)
    assert layout.curve(0, 1).bend == Point(57.0, 11.0)  # the middle, and 0.14 of the way across
    assert layout.curve(1, 0).bend == Point(43.0, 39.0)
    assert layout.curve(0, 1).middle == Point(53.5, 18.0)
    assert layout.curve(0, 1).path == "M0 0Q57.0 11.0 100 50"
    assert layout.curve(0, 1).numbers == [0, 0, 57.0, 11.0, 100, 50]
    assert layout.curve(0, 2).bend == Point(0.87, 0.95)  # 0.8658, 0.9546
    assert layout.curve(0, 2).middle == Point(0.71, 1.03)  # 0.7125, 1.03


def test_a_switch_without_neighbours_of_known_place_lies_in_the_middle() -> None:
    places = network_layout((2,), [(2, 3)]).places
    assert (places[2], places[3]) == (Point(0.0, 0.0), Point(0.0, 0.0))


def test_a_switch_lies_at_the_mean_of_some_places_and_no_zero_is_negative() -> None:
    places = network_layout((4,), [(4, 0), (4, 1)]).places
    assert places[4] == Point(0.5, -0.5)
    assert str(places[1]) == "Point(x=1.0, y=0.0)"
    assert str(network_layout((4,), [(4, 1), (4, 3)]).places[4]) == "Point(x=0.0, y=0.0)"


def test_labels_and_middles_have_two_digits() -> None:
    layout = NetworkLayout({0: Point(0, 0.111), 1: Point(0.003, 0.12)}, 2, Canvas(digits=9))
    assert layout.text(0, 1.0056) == '<text x="0" y="1.12">0</text>'
    assert layout.curve(0, 1).middle == Point(0.0, 0.12)


def test_circles_shrink_with_the_root_of_their_number() -> None:
    radii = [
        NetworkLayout(dict.fromkeys(range(devices), Point(0, 0)), devices, SMALL).radius
        for devices in (0, 1, 36, 49, 100, 900, 10_000)
    ]
    assert radii == [15, 15, 15, 12.86, 9, 3, 3]


def test_a_canvas_says_where_the_unit_circle_lies() -> None:
    assert network_layout((4,), [], SMALL).places == {
        0: Point(210.0, 34.0),
        1: Point(386.0, 210.0),
        2: Point(210.0, 386.0),
        3: Point(34.0, 210.0),
    }


def test_devices_are_labelled_up_to_160_and_switches_have_an_s() -> None:
    layout = network_layout((3,), [(0, 3), (3, 1), (2, 3)], SMALL)
    assert [layout.label(device) for device in layout.places] == ["0", "1", "2", "S3"]
    assert layout.text(3, 4) == '<text x="210.0" y="214.0">S3</text>'
    assert layout.circle(3, "<x>", r=1, fill="red") == (
        '<circle cx="210.0" cy="210.0" r="1" fill="red">&lt;x&gt;</circle>'
    )
    assert network_layout((160,), []).is_labelled
    assert not network_layout((161,), []).is_labelled


@pytest.mark.parametrize(("largest", "legible"), [(5.0, True), (5.1, False)])
def test_devices_are_legible_unless_one_lies_on_another(largest: float, *, legible: bool) -> None:
    places = {0: Point(0.0, 0.0), 1: Point(90.0, 90.0), 2: Point(6.0, 8.0)}
    layout = NetworkLayout(places, 3, Canvas(radius=100, largest=largest))
    assert layout.is_legible is legible
