"""Spans, legs and sums by hand; who comes first; how many NPUs a table names."""

from pathlib import Path

import pytest
from npu_pairs import late_sender, simulate, told
from support.machines import network, one_collective, system

from simastra.errors import OptionError
from simastra.explain import Category, PathSegment, Span
from simastra.explain.spans import clipped, joined, totals
from simastra.explain.tables import segments_table
from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import CollectiveType, Node, NodeType, Trace, TraceBuilder, write_trace

COMPUTE, LATENCY = Category.COMPUTE, Category.LATENCY


def test_spans_are_joined_where_only_their_times_differ() -> None:
    node, alike = (Node(1, "a", NodeType.COMP) for _ in range(2))
    first = Span(0, 2, COMPUTE, 0, node, 1, (0, 1))
    assert joined([first, Span(2, 5, COMPUTE, 0, node, 1, (0, 1))]) == [
        Span(0, 5, COMPUTE, 0, node, 1, (0, 1))
    ]
    for other in (
        Span(2, 5, LATENCY, 0, node, 1, (0, 1)),
        Span(2, 5, COMPUTE, 1, node, 1, (0, 1)),
        Span(2, 5, COMPUTE, 0, alike, 1, (0, 1)),  # the node of another NPU may look the same
        Span(2, 5, COMPUTE, 0, node, 2, (0, 1)),
        Span(2, 5, COMPUTE, 0, node, 1, (1, 0)),
    ):
        assert joined([first, other]) == [first, other]


def test_spans_are_clipped_at_a_time() -> None:
    spans = [Span(0, 3, COMPUTE), Span(3, 7, LATENCY), Span(7, 9, COMPUTE)]
    assert list(clipped(spans, 3)) == spans[1:]
    assert list(clipped(spans, 5)) == [Span(5, 7, LATENCY), spans[2]]
    assert list(clipped(spans, 0)) == spans
    assert not list(clipped(spans, 9))
    assert (totals(spans)[COMPUTE], totals(spans)[LATENCY]) == (5, 4)
    assert list(totals([])) == list(Category)


def test_a_span_without_a_node_or_a_link_says_so() -> None:
    assert Span(1, 4, COMPUTE).to_dict() == {
        "start": 1,
        "end": 4,
        "category": "compute",
        "npu": None,
        "node": None,
        "name": None,
        "peer": None,
        "link": None,
    }


@pytest.mark.parametrize(
    ("npus", "shown"),
    [
        ((), ""),
        ((3,), "3"),
        (tuple(range(4)), "0, 1, 2, 3"),
        ((9, 1, 2, 3, 4), "9, 1, 2, 3, ... (5 in all)"),
    ],
)
def test_a_leg_names_four_npus(npus: tuple[int, ...], shown: str) -> None:
    segment = PathSegment(5, 12, "work", npus, {COMPUTE: 3, LATENCY: 4})
    assert segments_table([segment]).rows == (("5", "12", "work", shown, "compute 3, latency 4"),)
    assert segment.duration == 7


def test_the_lowest_of_those_that_finish_last_is_the_last() -> None:
    npus = [TraceBuilder(npu) for npu in range(4)]
    for npu, micros in enumerate((1, 3, 2, 3)):
        npus[npu].compute("work", micros=micros)
    explanation = simulate(npus).explain()
    assert (explanation.last, explanation.makespan) == (1, 3000)
    assert [it.times[Category.IDLE] for it in explanation.attributions] == [2000, 0, 1000, 0]
    assert [it.finish for it in explanation.attributions] == [1000, 3000, 2000, 3000]
    assert explanation.critical_path() == explanation.critical_path(1)
    assert told(explanation.critical_path(0)) == [(0, 1000, COMPUTE)]
    assert explanation.path_table(0).rows == (("0", "1000", "work", "0", "compute 1000"),)


def test_partners_are_in_the_order_of_npus() -> None:
    npus = [TraceBuilder(npu) for npu in range(3)]
    after: tuple[Node, ...] = ()
    for source, micros in ((2, 3), (1, 9)):
        work = npus[source].compute("work", micros=micros)
        npus[source].send("send", size=1, to=0, tag=source, after=work)
        after = (npus[0].recv("receive", size=1, source=source, tag=source, after=after),)
    attribution = simulate(npus).explain().attribution(0)
    assert list(attribution.partners) == [1, 2]
    assert attribution.partners[2] == 3000
    assert sum(attribution.partners.values()) == attribution.times[Category.PARTNER]
    assert attribution.total == attribution.finish + attribution.times[Category.IDLE]


def test_waits_of_nodes_as_plain_data() -> None:
    trace = TraceBuilder(0)
    first = trace.compute("first", micros=1)
    trace.compute("second", micros=2, after=first)
    trace.compute("third", micros=4)
    waits = simulate([trace, TraceBuilder(1)]).explain().node_waits(0)
    assert [wait.to_dict() for wait in waits] == [
        {"npu": 0, "node": 1, "name": "first", "dependency": 0, "unit": 0, "running": 1000},
        {"npu": 0, "node": 2, "name": "second", "dependency": 1000, "unit": 0, "running": 2000},
        {"npu": 0, "node": 3, "name": "third", "dependency": 0, "unit": 3000, "running": 4000},
    ]
    assert [wait.finished for wait in waits] == [1000, 3000, 7000]
    assert [wait.dependency + wait.unit for wait in waits] == [0, 1000, 3000]


def test_what_there_is_not_is_refused_by_each_question() -> None:
    explanation = simulate(late_sender()).explain()
    for ask in (
        explanation.timeline,
        explanation.attribution,
        explanation.critical_path,
        explanation.segments,
        explanation.path_table,
        explanation.node_waits,
    ):
        for npu in (-1, 2):
            with pytest.raises(OptionError, match=f"npu: must be from 0 to 1, not {npu}"):
                ask(npu)


def test_endpoint_and_reduction_take_their_delays() -> None:
    """A ring of two: each NPU sends a half, reduces what has come, and sends that on."""
    explanation = Simulation(
        one_collective(CollectiveType.ALL_REDUCE, 2**16),
        system(preferred_dataset_splits=1, endpoint_delay=10, local_reduction_delay=7),
        network(("Ring", 2)),
    ).explain()
    times = explanation.attribution(1).times
    assert times[Category.SERIALISATION] == 2 * 610  # 32768 B / 53.687 B/ns
    assert times[Category.LATENCY] == 2 * 500
    assert times[Category.ENDPOINT] + times[Category.REDUCTION] == explanation.makespan - 2220
    assert times[Category.ENDPOINT] % 10 == 0


def test_in_a_notebook_it_is_two_tables() -> None:
    html = simulate(late_sender()).explain()._repr_html_()
    assert html.startswith("<div><b>Where the time went</b> <small>in ns</small></div><table ")
    assert (
        "</table><div><b>Critical path</b> "
        "<small>of NPU 1, which finishes last, at 7,720 ns</small></div><table "
    ) in html
    assert html.count("<tr>") == 3 + 4


def test_of_a_trace_of_nothing_there_is_nothing_to_say() -> None:
    explanation = Simulation(Trace.of([TraceBuilder(0)]), system(), network(("Ring", 1))).explain()
    assert (explanation.npus, explanation.last, explanation.makespan) == (1, 0, 0)
    assert explanation.segments() == ()


def test_nothing_that_takes_no_time_is_told() -> None:
    net = network(("Ring", 2), latency=0)
    explanation = simulate(late_sender(), net=net).explain()
    path = told(explanation.critical_path())
    assert path == [(0, 5000, COMPUTE), (5000, 6220, Category.SERIALISATION), (6220, 7220, COMPUTE)]
    assert all(span.duration for npu in range(2) for span in explanation.timeline(npu))
    assert told(explanation.timeline(1))[1:3] == [(2000, 5000, Category.PARTNER), path[1]]
    tiny = [TraceBuilder(0), TraceBuilder(1)]  # less than a ns on the wire
    tiny[0].send("send", size=1, to=1)
    tiny[1].recv("receive", size=1, source=0)
    assert told(simulate(tiny).explain().timeline(1)) == [(0, 500, LATENCY)]


def test_of_messages_alike_that_are_on_their_way_at_once_each_is_told(tmp_path: Path) -> None:
    """The second waits 1220 ns for its link, takes as long itself, and 500 ns later it is there."""
    parts = [TraceBuilder(npu) for npu in range(2)]
    for _ in range(2):
        parts[0].send("send", size=65536, to=1)
        parts[1].recv("receive", size=65536, source=0)
    write_trace(tmp_path / "exchange", Trace.of(parts))
    explanation = Simulation(
        one_collective(CollectiveType.ALL_REDUCE),
        system(
            preferred_dataset_splits=1,
            all_reduce_implementation_custom=[str(tmp_path / "exchange")],
        ),
        network(("Ring", 2)),
        options=Options(dialect=dialect_named("master")),
    ).explain()
    spans = [
        (0, 1220, Category.QUEUEING),
        (1220, 2440, Category.SERIALISATION),
        (2440, 2940, LATENCY),
    ]
    for npu in range(2):
        assert told(explanation.timeline(npu)) == spans
        assert told(explanation.critical_path(npu)) == spans
