"""What the page's timeline draws: lanes, kinds of work, joined bars, arrows; in few bytes."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.machines import network, system
from support.made_runs import made_records, made_result, node, phase, two_npus
from support.pages import Bar, Page, page_of, undone
from support.recorded_runs import collective_on, recorded, two_senders

from simastra.report.page.lanes import PageLane, Piece, fitted
from simastra.report.page.timeline_data import MOST_PHASES, differences, front_coded
from simastra.report.run_records import Excerpt
from simastra.simulation import Simulation
from simastra.trace import Trace, TraceBuilder
from simastra.workload.kind_of_work import KindOfWork


@given(st.lists(st.text(alphabet="ab.1é<", max_size=60)))
def test_names_are_read_as_they_were_written(names: list[str]) -> None:
    assert undone(front_coded(names)) == names


@given(st.lists(st.integers(-(10**12), 10**12)))
def test_differences_sum_up_to_the_numbers(numbers: list[int]) -> None:
    coded = differences(numbers)
    assert [sum(coded[: at + 1]) for at in range(len(coded))] == numbers


def test_a_run_made_by_hand_is_drawn_lane_by_lane() -> None:
    page = page_of(*two_npus())
    assert page.lanes(0) == {
        "communication": [Bar(1000, 500, "sum é", "other", 3)],
        "compute": [Bar(0, 1000, "work", "compute", 1)],
        "compute 2": [Bar(500, 1500, "node 2", "other", 2)],
    }
    assert page.lanes(1)["remote memory"] == [Bar(1750, -1, "node 9", "other", 9)]  # never ended
    assert page.lanes(0, chunks=True) == {
        "chunks": [Bar(1000, 500, "ALL_REDUCE (Ring), chunk 4, phase 1", "all-reduce", 4)],
        "chunks 2": [Bar(1200, -1, "ALL_REDUCE (Ring), chunk 5, phase 2", "all-reduce", 5)],
    }
    assert page.data["timeline"]["finishes"] == [2000, 250]
    assert page.data["timeline"]["end"] == 2000
    assert page.data["timeline"]["notes"] == []


def test_nodes_have_their_kinds_of_work() -> None:
    trace = TraceBuilder()
    forward = trace.compute("forward 1", micros=5)
    backward = trace.compute("backward 1", micros=5, after=forward)
    trace.all_reduce("gradients", size=4096, after=backward)
    run = recorded(Simulation(trace, system(), network(("Ring", 2))))
    lanes = page_of(run.result, run.records, run.simulation).lanes(1)
    assert [it.kind for it in lanes["compute"]] == ["forward", "backward"]
    assert [it.kind for it in lanes["communication"]] == ["all-reduce"]


def contents(page: Page) -> list[list[int]]:
    return [[content for _, content, _ in lanes] for lanes in page.data["timeline"]["npus"]]


def test_npus_that_did_the_same_share_what_is_drawn() -> None:
    run = collective_on(("Ring", 8))
    page = page_of(run.result, run.records, run.simulation)
    assert len(page.data["timeline"]["contents"]) == 1 + len(
        {str(page.lanes(npu, chunks=True)) for npu in range(8)}
    )
    assert contents(page) == [contents(page)[0]] * 8
    early, late = node(1, 0, 9, name="a"), node(1, 5, 19, name="a")
    other = page_of(made_result([early], [late], [early]), made_records(3))
    assert contents(other) == [[0], [0], [0]]
    assert [lanes[0][2] for lanes in other.data["timeline"]["npus"]] == [0, 1, 0]
    assert [other.lanes(npu)["compute"][0].start for npu in range(3)] == [0, 5, 0]


def forward(start: int, end: int, kind: KindOfWork = KindOfWork.FORWARD) -> Piece:
    return Piece(start, end, f"at {start}", kind, start)


def lane(pieces: Sequence[Piece], npu: int = 0) -> PageLane:
    return PageLane(npu, "compute", tuple(pieces))


def test_what_fits_is_left_as_it_is_and_counted_once_for_all_lanes() -> None:
    alike = [lane([forward(it, it + 1) for it in range(10)], npu) for npu in range(50)]
    assert fitted(alike, 10, 10).lanes == alike
    assert fitted(alike, 10, 10).shortest == 0


def test_short_pieces_of_a_kind_become_one_that_says_how_many_they_are() -> None:
    end = 1 << 14
    short = [forward(10 * it, 10 * it + 5) for it in range(100)]
    long = forward(2000, 9000)
    later = [forward(10_000 + 10 * it, 10_007 + 10 * it, KindOfWork.BACKWARD) for it in range(100)]
    unfinished = Piece(12_000, None, "open", KindOfWork.SEND, 1)
    found = fitted([lane([*short, long, *later, unfinished])], end, 18)
    assert (found.shortest, found.left_out) == (8, 0)
    pieces = found.lanes[0].pieces
    assert pieces[0] == Piece(0, 125, "at 0", KindOfWork.FORWARD, 0, 13, 65)
    assert (pieces[8], pieces[-1]) == (long, unfinished)
    for joined, kind, busy in ((pieces[:8], "forward", 500), (pieces[9:-1], "backward", 700)):
        assert {str(it.kind) for it in joined} == {kind}
        assert (sum(it.nodes for it in joined), sum(it.busy for it in joined)) == (100, busy)
        assert all(it.end is not None and it.end - it.start <= 16 * 8 for it in joined)


def test_short_pieces_with_a_long_gap_between_them_stay_apart() -> None:
    pieces = [forward(0, 1), forward(1, 2), forward(3_000, 3_001), forward(3_001, 3_002)]
    found = fitted([lane(pieces)], 1 << 14, 2)
    assert [(it.start, it.end, it.nodes) for it in found.lanes[0].pieces] == [
        (0, 2, 2),
        (3_000, 3_002, 2),
    ]


def test_if_nothing_else_helps_the_longest_are_kept() -> None:
    kinds = (KindOfWork.FORWARD, KindOfWork.BACKWARD)
    pieces = [forward(it * 100, it * 100 + 1 + it, kinds[it % 2]) for it in range(100)]
    found = fitted([lane(pieces[:50]), lane(pieces[50:], 1)], 10_000, 10)
    assert [it.end - it.start for lane in found.lanes for it in lane.pieces if it.end] == list(
        range(91, 101)
    )
    assert found.left_out == 90


def test_of_phases_that_were_not_recorded_the_page_tells_how_many() -> None:
    result, records = two_npus()
    cut = replace(records, phases=Excerpt(records.phases.records, 1_234_567, 5))
    page = page_of(result, cut)
    said = "2 of 1,234,567 phases are shown, the first."
    assert page.data["timeline"]["notes"] == [said]
    assert said in page.notes("timeline")


def test_very_many_phases_are_joined() -> None:
    phases = [phase(0, it, it + 1, stream=1) for it in range(MOST_PHASES + 1)]
    page = page_of(made_result([node(1, 0, 9)]), made_records(1, phases=phases))
    bars = page.lanes(0, chunks=True)["chunks"]
    assert 100 < len(bars) < MOST_PHASES
    assert sum(it.nodes for it in bars) == MOST_PHASES + 1
    assert sum(it.lasts for it in bars) == MOST_PHASES + 1
    assert page.data["timeline"]["notes"][0].startswith("Like phases shorter than ")


def test_arrows_lead_from_a_send_to_its_receive() -> None:
    run = two_senders()
    arrows = page_of(run.result, run.records, run.simulation).data["timeline"]["arrows"]
    assert arrows == {
        "total": 2,
        "src": [0, 1],
        "dst": [2, 2],
        "start": [0, 0],
        "end": [7000, 9500],
    }


def test_messages_of_one_envelope_are_matched_in_their_order() -> None:
    sender, receiver = TraceBuilder(0), TraceBuilder(1)
    first = sender.send("one", size=64, to=1)
    work = sender.compute("work", micros=50, after=first)
    sender.send("two", size=64, to=1, after=work)
    got = receiver.recv("one", size=64, source=0)
    receiver.recv("two", size=64, source=0, after=got)
    run = recorded(Simulation(Trace.of([sender, receiver]), system(), network(("Ring", 2))))
    arrows = page_of(run.result, run.records, run.simulation).data["timeline"]["arrows"]
    ends = [it.finished for it in sorted(run.result.nodes[1], key=lambda it: it.node)]
    assert arrows["end"] == ends
    assert arrows["start"] == [it.issued for it in run.result.nodes[0] if it.name != "work"]


@pytest.mark.parametrize("name", ["npus", "chunks", "finishes"])
def test_every_npu_has_its_place(name: str) -> None:
    page = page_of(made_result([], [node(1, 0, 5)], []), made_records(3))
    assert len(page.data["timeline"][name]) == 3
    assert page.lanes(0) == page.lanes(2) == {}
