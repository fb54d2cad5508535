"""The Chrome trace of a small run made by hand, to the byte, and what a limit leaves of others."""

import gzip
import json
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.made_runs import made_records, made_result, node, phase, two_npus

from simastra.report.run_records import (
    Excerpt,
    LinkLoad,
    LoadRecord,
    MessageRecord,
    RunRecords,
    Transmission,
)
from simastra.report.run_records.load import LoadBins
from simastra.report.run_timeline import LARGEST_TIMELINE, run_timeline, write_timeline
from simastra.report.run_timeline.counters import fitting
from simastra.report.timeline import Timeline, timeline_events
from simastra.result import Result
from simastra.view.bars import Bar, spread

EXPECTED = Path(__file__).parent / "two_npus.timeline.json"


def events(result: Result, records: RunRecords, limit: int = LARGEST_TIMELINE) -> Any:
    return json.loads(run_timeline(result, records, limit))["traceEvents"]


def test_a_little_of_everything() -> None:
    assert run_timeline(*two_npus()) == EXPECTED.read_text("utf-8")


def test_a_compressed_file_has_no_time_in_it() -> None:
    plain, packed = BytesIO(), BytesIO()
    assert write_timeline(plain, "t.json", *two_npus()) == ()
    assert write_timeline(packed, "t.json.gz", *two_npus()) == ()
    written = packed.getvalue()
    assert plain.getvalue() == EXPECTED.read_bytes()
    assert gzip.decompress(written) == plain.getvalue()
    assert written[3:8] == bytes(5)  # where gzip keeps the name's flag, and the time


def test_a_viewer_opens_what_is_as_large_as_the_limit() -> None:
    assert LARGEST_TIMELINE == 512 * 2**20  # bytes, as the help of `run --limit` says


def test_what_fits_is_whole() -> None:
    # One kind may fill all the room that there is: 448 bars of links, next to nothing else.
    sent = [Transmission(0, 1, 64, it, it + 1) for it in range(448)]
    result, records = made_result([], []), made_records(2, transmissions=sent)
    whole = len(run_timeline(result, records).encode()) + 2_000
    for limit, shown in ((whole, 448), (whole - 100, None), (whole // 2, None)):
        file = BytesIO()
        notes = write_timeline(file, "t.json", result, records, limit)
        found = bars(json.loads(file.getvalue())["traceEvents"], "link")
        assert run_timeline(result, records, limit).encode() == file.getvalue()
        assert (found, notes) == (448, ()) if shown else (found < 448 and notes)
        assert len(file.getvalue()) <= limit
    assert notes == (
        f"transmissions: {found} of 448 are shown, those that began before {found} ns",
    )


def notes(events: Any) -> dict[int, str]:
    """What isn't shown, by process."""
    return {
        it["pid"]: it["args"]["name"].removeprefix("not all is shown: ")
        for it in events
        if it["name"] == "process_name" and it["args"]["name"].startswith("not all")
    }


def test_where_there_is_no_room_each_kind_has_a_note_in_a_process_of_its_own() -> None:
    result, records = two_npus()
    found = events(result, records, 0)
    assert notes(found) == {
        3: "nodes: 0 of 5 are shown, the longest",
        4: "phases: 0 of 2 are shown, those that began before 1,000 ns",
        5: "links' counters: 0 of 2 are shown, those of the busiest links",
        6: "transmissions: 0 of 2 are shown, those that began before 1,000 ns",
        7: "messages: 0 of 2 are shown, those that began before 1,000 ns",
    }
    marks = [it for it in found if it["pid"] >= 3 and it["ph"] == "i"]
    assert marks == [
        {"name": note, "ph": "i", "s": "p", "pid": process, "tid": 0, "ts": 0}
        for process, note in notes(found).items()
    ]
    assert [it["pid"] for it in found if it["name"] == "finished"] == [0, 1]


def test_what_was_not_recorded_began_after_what_was() -> None:
    result, records = two_npus()
    cut = RunRecords(
        records.npus,
        Excerpt(records.messages.records, 9, 1_234),
        Excerpt(records.transmissions.records, 2, None),
        Excerpt(records.phases.records, 3, 5_678),
        records.load,
    )
    assert list(notes(events(result, cut)).values()) == [
        "phases: 2 of 3 are shown, those that began before 5,678 ns",
        "messages: 2 of 9 are shown, those that began before 1,234 ns",
    ]


def test_without_devices_notes_begin_behind_the_npus() -> None:
    result = made_result([node(1, 0, 5)], [], [])
    assert notes(events(result, made_records(3), 0)) == {3: "nodes: 0 of 1 are shown, the longest"}


def bars(events: Any, kind: str) -> int:
    return sum(it.get("cat") == kind and it["ph"] == "X" for it in events)


@pytest.mark.parametrize("limit", [3_000, 4_500, 7_000, 12_000, 20_000, 30_000])
def test_room_that_is_left_goes_to_the_next_kind_and_none_is_wasted(limit: int) -> None:
    """Nodes get 35 % of the room at first, and phases 15 % and what nodes left."""
    nodes = [node(it, it, it + 1, name="n" * 50) for it in range(100)]
    few = [node(1, 0, 5)]
    phases = [phase(0, it, it + 1, stream=it) for it in range(200)]
    records = made_records(1, phases=phases)
    for result in (made_result(nodes), made_result(few)):
        text = run_timeline(result, records, limit)
        found = json.loads(text)["traceEvents"]
        size = sum(len(line) + 2 for line in text.splitlines())
        assert size <= max(limit, 3_000)
        room = limit - 2_000
        of_phases = [len(line) + 1 for line in text.splitlines() if '"cat":"phase"' in line]
        of_nodes = [len(line) + 1 for line in text.splitlines() if '"cat":"compute"' in line]
        assert sum(of_nodes) <= 0.35 * room
        assert sum(of_nodes) + sum(of_phases) <= 0.5 * room
        shown = bars(found, "compute"), bars(found, "phase")
        if shown[0] < len(result.nodes[0]):
            assert sum(of_nodes) >= 0.35 * room - 700
        if shown[1] < 200:
            used = sum(of_nodes) + sum(of_phases)
            # Where nodes are left out, what is left of their share is lost.
            assert used >= (0.5 if shown[0] == len(result.nodes[0]) else 0.15) * room - 700


@pytest.mark.parametrize(
    ("bins", "links", "room", "fitting_bins"),
    [
        (256, 2, 256 * 220, 256),
        (256, 2, 256 * 220 - 1, 128),
        (256, 1, 256 * 110, 256),
        (256, 3, 128 * 330, 128),
        (256, 3, 128 * 330 - 1, 64),
        (256, 0, 256 * 110, 256),
        (256, 0, 256 * 110 - 1, 128),
        (64, 9, 0, 32),
        (33, 1, 0, 17),
        (32, 1, 0, 32),
        (32, 1, -5, 32),
    ],
)
def test_counters_take_some_110_bytes_a_bin_and_there_are_at_least_32(
    bins: int, links: int, room: int, fitting_bins: int
) -> None:
    loads = tuple(LinkLoad(it, it + 1, {0: 1}, {}) for it in range(links))
    assert fitting(LoadRecord(2, bins, loads), room).bins == fitting_bins


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30), st.integers(1, 40))
def test_counters_change_where_the_load_does(load: list[int], width: int) -> None:
    busy = {k: min(it, width) for k, it in enumerate(load) if it}
    records = made_records(2, load=(width, len(load), [LinkLoad(0, 1, busy, {})]))
    found = [it for it in events(made_result([], []), records) if it["ph"] == "C"]
    shown, value = [], None
    at = {round(it["ts"] * 1000): it["args"]["use %"] for it in found}
    for k in range(len(load) + 1):
        value = at.get(k * width, value)
        shown.append(value)
    assert shown == [round(100 * busy.get(k, 0) / width, 1) for k in range(len(load) + 1)]
    assert len(at) == 1 + sum(one != other for one, other in pairwise(shown))


def test_the_busiest_links_come_first() -> None:
    loads = [
        LinkLoad(0, 1, {0: 3}, {}),
        LinkLoad(1, 0, {0: 4, 1: 4}, {}),
        LinkLoad(2, 0, {0: 8}, {}),
    ]
    records = made_records(3, load=(8, 2, loads))
    found = [it["pid"] for it in events(made_result([], [], []), records) if it["ph"] == "C"]
    assert list(dict.fromkeys(found)) == [1, 2, 0]


def test_the_longest_nodes_are_shown_where_not_all_are() -> None:
    nodes = [node(it, 100 * it, 100 * it + 10 + it % 7, name="x" * 200) for it in range(60)]
    found = [it for it in events(made_result(nodes), made_records(1), 14_000) if it["ph"] == "X"]
    shown = sorted(it["dur"] for it in found)
    wanted = sorted((10 + it % 7) / 1000 for it in range(60))
    assert 0 < len(shown) < 60
    assert shown == wanted[-len(shown) :]


def test_marks_and_arrows_need_both_ends_only_where_a_message_arrived() -> None:
    messages = [MessageRecord(0, 1, 1, 0, 5, 9), MessageRecord(0, 1, 1, 0, 6, None)]
    found = events(made_result([], []), made_records(2, messages=messages))
    assert [(it["ph"], it["id"]) for it in found if "id" in it] == [("s", 0), ("f", 0), ("s", 1)]


def test_the_end_is_that_of_the_last_thing_of_any_kind() -> None:
    unfinished = made_result([node(1, 0, 70)], finishes=[])
    for records, end in (
        (made_records(1), 70),
        (made_records(1, phases=[phase(0, 0, 90), phase(0, 95, None)]), 90),
        (made_records(1, messages=[MessageRecord(0, 0, 1, 0, 0, 99)]), 99),
        (made_records(1, messages=[MessageRecord(0, 0, 1, 0, 120, None)]), 70),
        (made_records(1, transmissions=[Transmission(0, 1, 1, 0, 500)]), 70),
    ):
        open_phase = phase(0, 60, None, stream=9)
        more = made_records(
            1, messages=records.messages.records, phases=(*records.phases.records, open_phase)
        )
        (bar,) = [it for it in events(unfinished, more) if it.get("args", {}).get("stream") == 9]
        assert bar["ts"] + bar["dur"] == pytest.approx(end / 1000)


def test_bins_are_halved_until_they_are_few_enough() -> None:
    links = (LinkLoad(0, 1, {0: 1, 1: 2, 2: 4, 5: 8, 6: 16}, {3: 1, 4: 2}),)
    exact = LoadRecord(4, 7, links)
    assert exact.coarser(7) == exact
    half = LoadRecord(8, 4, (LinkLoad(0, 1, {0: 3, 1: 4, 2: 8, 3: 16}, {1: 1, 2: 2}),))
    assert exact.coarser(6) == exact.coarser(4) == half
    assert exact.coarser(3) == LoadRecord(16, 2, (LinkLoad(0, 1, {0: 7, 1: 24}, {0: 1, 1: 2}),))
    assert exact.coarser(1) == exact.coarser(0) == exact.coarser(-3)
    assert exact.coarser(1).bins == 1


def test_bins_are_as_narrow_as_their_number_allows() -> None:
    bins = LoadBins(4)
    assert bins.record() == LoadRecord(1, 0, ())
    bins.add_busy((0, 1), 0, 4)
    assert bins.record() == LoadRecord(1, 4, (LinkLoad(0, 1, {0: 1, 1: 1, 2: 1, 3: 1}, {}),))
    bins.add_busy((0, 1), 4, 5)
    assert bins.record() == LoadRecord(2, 3, (LinkLoad(0, 1, {0: 2, 1: 2, 2: 1}, {}),))
    bins.add_waiting((0, 1), 3, 8)
    assert bins.record() == LoadRecord(
        2, 4, (LinkLoad(0, 1, {0: 2, 1: 2, 2: 1}, {1: 1, 2: 2, 3: 2}),)
    )
    bins.add_busy((1, 0), 9, 17)
    assert bins.record() == LoadRecord(
        8, 3, (LinkLoad(0, 1, {0: 5}, {0: 5}), LinkLoad(1, 0, {1: 7, 2: 1}, {}))
    )
    default = LoadBins()
    default.add_busy((0, 1), 0, 512)
    assert default.record().width == 1
    default.add_busy((0, 1), 512, 513)
    assert default.record().width == 2


def test_spans_go_to_the_first_lane_that_is_free() -> None:
    def span(id: int, start: int, end: int | None) -> Bar:
        return Bar(0, id, "", "compute", start, end)

    spans = [span(1, 0, 10), span(2, 0, 4), span(3, 4, 6), span(4, 5, None), span(5, 10, 11)]
    lanes = spread(spans, 10)
    assert [[it.id for it in lane] for lane in lanes] == [[1, 5], [2, 3], [4]]
    assert [[it.id for it in lane] for lane in spread([*spans, span(6, 10, 12)], 10)] == [
        [1, 5],
        [2, 3, 6],
        [4],
    ]


def test_tracks_of_a_plain_timeline_are_numbered_from_1() -> None:
    spans = (
        Bar(1, 7, "a", "compute", 0, 3000),
        Bar(1, 8, "", "compute", 1000, None),
        Bar(1, 9, "c", "compute", 2000, 2500),
        Bar(1, 3, "r", "communication", 0, 0),
    )
    found = timeline_events(Timeline(spans, {4: 3500}))
    assert found == [
        {"name": "process_name", "ph": "M", "pid": 1, "tid": 0, "args": {"name": "NPU 1"}},
        {"name": "thread_name", "ph": "M", "pid": 1, "tid": 1, "args": {"name": "communication"}},
        {"name": "r", "cat": "communication", "ph": "X", "pid": 1, "tid": 1, "ts": 0, "dur": 0}
        | {"args": {"node": 3}},
        {"name": "thread_name", "ph": "M", "pid": 1, "tid": 2, "args": {"name": "compute"}},
        {"name": "a", "cat": "compute", "ph": "X", "pid": 1, "tid": 2, "ts": 0, "dur": 3.0}
        | {"args": {"node": 7}},
        {"name": "thread_name", "ph": "M", "pid": 1, "tid": 3, "args": {"name": "compute 2"}},
        {"name": "node 8", "cat": "compute", "ph": "X", "pid": 1, "tid": 3, "ts": 1.0, "dur": 2.5}
        | {"args": {"node": 8, "finished": False}},
        {"name": "thread_name", "ph": "M", "pid": 1, "tid": 4, "args": {"name": "compute 3"}},
        {"name": "c", "cat": "compute", "ph": "X", "pid": 1, "tid": 4, "ts": 2.0, "dur": 0.5}
        | {"args": {"node": 9}},
        {"name": "process_name", "ph": "M", "pid": 4, "tid": 0, "args": {"name": "NPU 4"}},
        {"name": "finished", "ph": "i", "s": "p", "pid": 4, "tid": 0, "ts": 3.5},
    ]
    assert timeline_events(Timeline((), {})) == []


@given(
    times=st.lists(st.integers(0, 2**63 - 1), min_size=2, max_size=2).map(sorted),
    name=st.text(st.characters(), min_size=1),
)
def test_times_and_names_are_written_as_pythons_own_json_writes_them(
    times: list[int], name: str
) -> None:
    written = run_timeline(made_result([], [node(1, *times, name=name)]), made_records(2))
    lines = [line.removesuffix(",") for line in written.split("\n")[1:-2]]
    for line in lines:
        event = json.loads(line)
        assert json.dumps(event, ensure_ascii=False, separators=(",", ":")) == line
    assert name in {json.loads(line)["name"] for line in lines}
