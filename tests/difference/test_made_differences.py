"""Differences of paths that are made by hand, to the last border."""

from collections.abc import Sequence
from typing import Any

import pytest
from compared_runs import all_reduce, explained
from support.machines import network, system

from simastra.difference import Difference, LinkKey
from simastra.engine import Category
from simastra.explain import Attribution, ExplanationRecord, SpanRecord
from simastra.simulation import Simulation
from simastra.trace import Trace, TraceBuilder

COMPUTE, MEMORY, WIRE = Category.COMPUTE, Category.MEMORY, Category.SERIALISATION


def path(*spans: tuple[int, Category], **more: Sequence[Any]) -> ExplanationRecord:
    """A record of 4 NPUs with these spans, each so long; further fields of each."""
    place, made = 0, []
    for number, (time, category) in enumerate(spans):
        fields = {name: values[number] for name, values in more.items()}
        made.append(SpanRecord(place, place + time, category, **{"npu": 0, "node": 1, **fields}))
        place += time
    times = dict.fromkeys(Category, 0) | {COMPUTE: place}
    npus = tuple(Attribution(npu, place, times, {}) for npu in range(4))
    return ExplanationRecord(place, 0, npus, tuple(made))


def on_links(*times: int) -> ExplanationRecord:
    """Time on the wire of links 0 to 1, 1 to 2 and so on."""
    links = [(n, n + 1) for n in range(len(times))]
    return path(*((time, WIRE) for time in times), link=links)


@pytest.mark.parametrize(
    "other",
    [
        path((10, MEMORY)),
        path((10, COMPUTE), npu=[1]),
        path((10, COMPUTE), node=[2]),
        path((10, COMPUTE), name=["another"]),
        path((10, COMPUTE), peer=[1]),
        path((10, COMPUTE), link=[(0, 1)]),
    ],
)
def test_another_thing_that_takes_as_long_is_where_paths_part(other: ExplanationRecord) -> None:
    found = Difference(path((10, COMPUTE)), other).first_divergence
    assert found is not None
    assert (found.time, found.is_same) == (0, False)


@pytest.mark.parametrize(
    ("times", "told"),
    [
        ((60, 40, 0), "; link NPU 0 to NPU 1: +50 ns"),
        ((50, 50, 0), "; link NPU 0 to NPU 1: +40 ns"),
        ((49, 51, 1), "; link NPU 1 to NPU 2: +41 ns"),
        ((40, 40, 40), "; over 3 links"),
    ],
)
def test_the_reason_names_a_link_that_has_half_of_it(times: tuple[int, ...], told: str) -> None:
    least = tuple(max(time, 1) for time in times)
    reason = Difference(on_links(*(10 if it > 1 else 1 for it in least)), on_links(*least)).reason
    assert reason.endswith(told)


def test_links_that_got_faster_are_no_reason_for_a_slower_run() -> None:
    difference = Difference(on_links(10, 100), on_links(70, 60))
    assert difference.makespan == 20
    assert difference.reason.endswith("; link NPU 0 to NPU 1: +60 ns")
    assert {it.what: it.difference for it in difference.by_link} == {
        LinkKey("NPU 0", "NPU 1"): 60,
        LinkKey("NPU 1", "NPU 2"): -40,
    }


def two_that_compute(first: int, second: int) -> Any:
    builders = [TraceBuilder(0), TraceBuilder(1)]
    for builder, micros in zip(builders, (first, second), strict=True):
        builder.compute("work", micros=micros)
    return explained(Simulation(Trace.of(builders), system(), network(("Ring", 2))))


def test_what_nobody_waits_for_differs_all_the_same() -> None:
    difference = two_that_compute(5, 1).diff(two_that_compute(5, 2))
    assert difference.first_divergence is None
    assert not difference.is_empty
    assert difference.headline == "A and B both take 5,000 ns, but don't spend it alike"
    later = difference.npus[1]
    assert (later.finish, later.difference) == (1000, 0)
    assert later.causes == {COMPUTE: 1000, Category.IDLE: -1000}


def test_npus_whose_time_differs_most_are_shown_first() -> None:
    difference = two_that_compute(5, 3).diff(two_that_compute(4, 1))
    *_, npus = difference.tables(top=1)
    assert [row[0] for row in npus.rows] == ["1", "and 1 more"]


def test_of_many_causes_the_smallest_are_summed() -> None:
    text = all_reduce().diff(all_reduce(npus=4, bandwidth=25)).text()
    assert "serialisation +24,424, latency -16,000, reduction -7,860, others -320\n" in text
