"""Places of devices on circles, and statistics at their borders."""

import cmath
import math
from collections.abc import Sequence

import pytest
from support.machines import network, system
from support.made_runs import made_result, node

from simastra.metrics import npu_statistics
from simastra.report import statistics
from simastra.report.page import costs_of
from simastra.report.run_records import MOST_RECORDS
from simastra.simulation import Simulation
from simastra.trace import TraceBuilder
from simastra.view.network import Point, network_layout


def expected_places(counts: Sequence[int]) -> list[complex]:
    """Circles on circles, from the outermost dimension inwards; y grows downwards."""
    places, radius = [0j], 1.0
    for count in reversed(counts[1:]):
        share = 0.62 * math.sin(math.pi / max(count, 2))
        own = radius / (1 + share)
        radius = own * share
        places = [it + on_circle(own, n, count) for it in places for n in range(count)]
    return [it + on_circle(radius, n, counts[0]) for it in places for n in range(counts[0])]


def on_circle(radius: float, place: int, count: int) -> complex:
    return cmath.rect(radius, 2 * math.pi * place / count - math.pi / 2)


@pytest.mark.parametrize(
    "counts",
    [[1], [2], [5], [26], [44], [3, 4], [4, 2], [2, 1, 3], [2, 3, 5], [2, 2, 2, 2]],
    ids=str,
)
def test_npus_lie_on_circles_that_lie_on_circles(counts: list[int]) -> None:
    places = network_layout(counts, ()).places
    wanted = expected_places(counts)
    assert list(places) == list(range(len(wanted)))
    for point, place in zip(places.values(), wanted, strict=True):
        assert point == Point(round(place.real, 6), round(place.imag, 6))
        assert "-0.0 " not in f"{point.x} {point.y} "


def test_a_switch_lies_in_the_middle_of_each_device_that_it_is_linked_to_once() -> None:
    links = [(0, 7), (7, 0), (1, 7), (7, 1), (3, 7), (0, 1), (8, 9)]
    places = network_layout([7], links).places
    npus = [places[it] for it in (0, 1, 3)]
    x, y = sum(it.x for it in npus) / 3, sum(it.y for it in npus) / 3
    assert places[7] == Point(round(x, 6), round(y, 6))
    assert list(places) == [*range(10)]
    assert (places[8], places[9]) == (Point(0, 0), Point(0, 0))  # linked to no NPU
    assert list(network_layout([7], [(0, 1)]).places) == [*range(7)]


def test_an_npu_of_which_nothing_is_known_took_no_time() -> None:
    (empty, late) = statistics(made_result([], [node(1, 2, 9)], finishes=[]))
    assert set(empty.to_dict().values()) == {0}
    assert (late.wall, late.compute, late.idle) == (9, 7, 2)
    begun = npu_statistics([node(1, 0, 1)], 1)
    assert (begun.wall, begun.compute, begun.idle) == (1, 1, 0)


def test_a_hundred_thousand_records_of_each_kind_are_kept() -> None:
    assert MOST_RECORDS == 100_000


def test_costs_of_a_single_npu() -> None:
    trace = TraceBuilder()
    trace.compute("work", micros=3)
    explanation = Simulation(trace, system(), network(("Ring", 1))).explain()
    assert costs_of(explanation) == {0: {"compute": 3000}}
