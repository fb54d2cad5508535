"""The page of a difference: the answer, the waterfall, tables, and both timelines in one scale."""

import re
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from support.machines import network, one_collective, system

from simastra.report.difference_page import DifferenceContents, html_difference
from simastra.report.difference_page.strips import fitted, tick_times
from simastra.report.difference_page.waterfall import steps_of
from simastra.result import Result
from simastra.simulation import Simulation
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import KiB
from simastra.view.bars import Bar


def pair(bandwidth: float = 50, *, name: str = "forward", npus: int = 2) -> Result:
    """0 computes 5 us and sends 64 KiB to 1, which computes 1 us; further NPUs do nothing else."""
    builders = [TraceBuilder(npu) for npu in range(npus)]
    before = builders[0].compute(name, micros=5)
    builders[0].send("activations", size=64 * KiB, to=1, after=before)
    received = builders[1].recv("activations", size=64 * KiB, source=0)
    builders[1].compute("next", micros=1, after=received)
    for builder in builders[2:]:
        builder.compute("backward", micros=2)
    shape = network(("Ring", npus), bandwidth=bandwidth)
    return Simulation(Trace.of(builders), system(), shape).run(explain=True)


def contents(a: Result, b: Result) -> DifferenceContents:
    return DifferenceContents(a.diff(b), a, b, "a.json", "--network b.yml")


def sections(a: Result, b: Result) -> dict[str, ET.Element]:
    html = html_difference(contents(a, b))
    found = re.finditer(
        r'<section id="([^"]*)".*?</section>|<section .*? id="([^"]*)".*?</section>',
        html,
        re.DOTALL,
    )
    return {it[1] or it[2]: ET.fromstring(it[0]) for it in found}


def words(part: ET.Element) -> str:
    return " ".join("".join(part.itertext()).split())


def rows(section: ET.Element) -> list[list[str]]:
    return [[words(cell) for cell in row] for row in section.iter("tr")]


def widths(svg: ET.Element) -> list[float]:
    return [float(it.get("width", "")) for it in svg.iter("rect")]


def test_the_answer_comes_first() -> None:
    (answer,) = [it for name, it in sections(pair(), pair(25)).items() if name == "answer"]
    said = words(answer)
    assert said.startswith("B is 15.8 % slower: 8.94 µs, not 7.72 µs (+1.22 µs)")
    assert [words(it) for it in answer.iter("dd")] == ["a.json", "--network b.yml"]
    assert "Mostly serialisation: +1,221 ns" in said
    assert "The critical paths first differ at 5,000 ns" in said


def test_each_bar_of_the_waterfall_begins_where_the_last_ended() -> None:
    difference = contents(pair(), pair(25, npus=3)).difference
    first, *steps, last = steps_of(difference)
    assert (first.start, first.end) == (0, difference.a.makespan)
    place = first.end
    for step in steps:
        assert step.start == place
        place = step.end
    assert (last.start, last.end) == (0, place)
    assert place == difference.b.makespan


def test_the_waterfall_has_the_numbers_beside_its_bars() -> None:
    table = rows(sections(pair(), pair(25))["causes"])
    assert table[1:] == [
        ["A", "", "7.72 µs", ""],
        ["serialisation", "", "+1.22 µs", "+15.8 %"],
        ["B", "", "8.94 µs", ""],
    ]


def test_what_they_are_worth_stands_side_by_side() -> None:
    table = rows(sections(pair(), pair(25))["worth"])
    assert table[0] == ["", "A", "B", "difference"]
    assert table[1] == ["exposed communication", "6.72 µs", "7.94 µs", "+1.22 µs"]


def test_small_differences_are_seen_and_the_page_says_where_the_bars_begin() -> None:
    said = words(sections(pair(), pair(49))["causes"])
    assert "The bars begin at 7.7" in said


def test_tables_stand_as_headings_and_rows() -> None:
    found = sections(pair(), pair(25))
    assert rows(found["by-node"])[1][:6] == ["0", "2", "activations", "1,720", "2,941", "+1,221"]
    assert rows(found["by-link"])[-1][2:5] == ["7,720", "8,941", "+1,221"]
    for section in found.values():
        for heading in section.iter("th"):
            assert heading.get("scope") in {"col", "row"}


def test_both_critical_paths_are_drawn_in_one_scale() -> None:
    drawn = list(sections(pair(), pair(25))["paths"].iter("svg"))
    assert [it.get("aria-label") for it in drawn] == ["run A, to 7.72 µs", "run B, to 8.94 µs"]
    assert sum(widths(drawn[1])) == pytest.approx(4000, abs=0.1)
    assert sum(widths(drawn[0])) == pytest.approx(4000 * 7720 / 8941, abs=0.1)


def test_timelines_of_a_and_b_lie_one_above_the_other() -> None:
    timelines = sections(pair(), pair(25))["npus"]
    assert [words(it) for it in timelines.iter("h3")] == ["NPU 0", "NPU 1"]
    labels = [words(it) for it in timelines.iter("span") if it.get("class") == "who"]
    assert labels == ["A communication", "B communication", "A compute", "B compute"] * 2
    drawn = list(timelines.iter("svg"))
    (send_in_a,), (send_in_b,) = widths(drawn[0]), widths(drawn[1])
    assert send_in_b - send_in_a == pytest.approx(4000 * 1221 / 8941, abs=0.1)
    assert "forward: forward, 5 µs (5,000 ns) from 0 ns" in words(drawn[2])


def test_npus_that_did_the_same_are_drawn_once() -> None:
    timelines = sections(pair(npus=5), pair(25, npus=4))["npus"]
    assert [words(it) for it in timelines.iter("h3")] == ["NPU 0", "NPU 1", "NPUs 2, 3", "NPU 4"]


def test_of_many_npus_the_page_says_how_many_it_leaves_out() -> None:
    builders = [TraceBuilder(npu) for npu in range(20)]
    for npu, builder in enumerate(builders):
        builder.compute("work", micros=1 + npu)
    run = Simulation(Trace.of(builders), system(), network(("Ring", 20))).run(explain=True)
    assert "8 NPUs more are not drawn." in words(sections(run, run)["npus"])


def test_nothing_in_a_name_is_markup() -> None:
    html = html_difference(contents(pair(name="<b>&</b>"), pair(25)))
    assert "<b>&" not in html
    assert "&lt;b&gt;&amp;" in html


def test_the_same_run_twice() -> None:
    found = sections(pair(), pair())
    assert words(found["answer"]).startswith("No difference: both take 7.72 µs")
    assert not [name for name in found if name.startswith("by-")]


def test_the_page_of_a_large_run_stays_small() -> None:
    trace = TraceBuilder()
    last = trace.compute("first", micros=2)
    for number in range(6000):
        last = trace.compute(f"work {number}", micros=2 + number % 2, after=last)
    run = Simulation(trace, system(), network(("Ring", 2))).run(explain=True)
    assert len(html_difference(contents(run, run))) < 1_600_000


def test_a_collective_is_coloured_as_what_it_is() -> None:
    workload = one_collective(CollectiveType.ALL_GATHER)
    run = Simulation(workload, system(), network(("Ring", 4))).run(explain=True)
    legend = [words(it) for it in sections(run, run)["npus"].iter("li")]
    assert legend == ["all-gather"]


def test_messages_are_coloured_by_their_halves() -> None:
    legend = [words(it) for it in sections(pair(), pair(25))["npus"].iter("li")]
    assert legend == ["send", "forward", "receive", "compute"]


def test_what_says_no_kind_of_work_is_coloured_by_activity() -> None:
    run = pair()
    bare = replace(
        run, nodes=[tuple(replace(it, et_node=None) for it in records) for records in run.nodes]
    )
    legend = [words(it) for it in sections(bare, bare)["npus"].iter("li")]
    assert legend == ["communication", "compute"]


def bars(*times: tuple[int, int]) -> list[Bar]:
    return [Bar(0, n, f"node {n}", "compute", *it) for n, it in enumerate(times, 1)]


@pytest.mark.parametrize(
    ("times", "shown"),
    [
        ([(0, 5000)], [(0, 5000)]),
        ([(0, 1), (1, 2), (2, 3)], [(0, 3)]),
        ([(0, 1), (1, 5000), (5000, 5001)], [(0, 1), (1, 5000), (5000, 5001)]),
        ([(0, 1), (20, 21)], [(0, 1), (20, 21)]),
    ],
)
def test_short_bars_that_follow_each_other_are_drawn_as_one(
    times: list[tuple[int, int]], shown: list[tuple[int, int]]
) -> None:
    assert [(it.start, it.end) for it, _ in fitted(bars(*times), 10, 40_000)] == shown


def test_bars_drawn_as_one_say_how_many_they_are() -> None:
    ((_, told),) = fitted(bars((0, 1), (1, 2), (2, 3)), 10, 40_000)
    assert told == "3 from node 1 on: compute, 3 ns (3 ns) from 0 ns"


@pytest.mark.parametrize("end", [0, 1, 9, 10, 11, 99, 117_780, 10**9, 2**63 - 1])
def test_ticks_are_few_and_round(end: int) -> None:
    ticks = list(tick_times(end))
    assert len(ticks) <= 10
    assert not end or ticks[0] == 0
    assert len(ticks) < 2 or int(str(ticks[1]).rstrip("0")) in {1, 2, 5}


MAKERS: list[Callable[[], Result]] = [pair, lambda: pair(25)]


@pytest.mark.parametrize("make", MAKERS)
def test_the_same_contents_give_the_same_page(make: Callable[[], Result]) -> None:
    assert html_difference(contents(make(), pair())) == html_difference(contents(make(), pair()))
