"""The Chrome trace: its structure, its order, and what each event says."""

import json
from collections import Counter
from typing import Any

from hypothesis import given
from support.memory_cases import STEPS, Step, tracked

from simastra.report import chrome_trace

Event = dict[str, Any]


def in_rows(events: list[Event]) -> dict[tuple[int, int], list[Event]]:
    rows: dict[tuple[int, int], list[Event]] = {}
    for event in events:
        if event["ph"] != "C":
            rows.setdefault((event["pid"], event["tid"]), []).append(event)
    return rows


@given(STEPS)
def test_every_beginning_has_its_end(steps: list[Step]) -> None:
    for row in in_rows(chrome_trace(tracked(*steps), 3)).values():
        depth = 0
        for event in row:
            depth += 1 if event["ph"] == "B" else -1
            assert depth >= 0
        assert depth == 0
        keys = [(it["ph"], it["name"], it["cat"], json.dumps(it["args"])) for it in row]
        begins = Counter(key[1:] for key in keys if key[0] == "B")
        assert begins == Counter(key[1:] for key in keys if key[0] == "E")


@given(STEPS)
def test_events_ascend_in_time_and_the_counter_shows_each_sample(steps: list[Step]) -> None:
    timeline = tracked(*steps)
    events = json.loads(json.dumps(chrome_trace(timeline, 3)))
    times = [event["ts"] for event in events]
    assert times == sorted(times)
    counter = [event for event in events if event["ph"] == "C"]
    assert all(event["args"]["Memory_MB"] >= 0 for event in counter)
    assert [(event["ts"], event["args"]["Memory_MB"] * 2**20) for event in counter] == [
        (sample.time / 1000, sample.size) for sample in timeline.samples
    ]


@given(STEPS)
def test_bars_are_the_lives_and_uses_of_the_tensors(steps: list[Step]) -> None:
    timeline = tracked(*steps)
    begins = [event for event in chrome_trace(timeline, 3) if event["ph"] == "B"]
    shown = Counter((it["cat"], it["name"], it["ts"]) for it in begins)
    lives = [("tensorLifetime", it.name, it.start) for it in timeline.tensors]
    reads = [("tensorRead", it.name, use.start) for it in timeline.tensors for use in it.reads]
    writes = [("tensorWrite", it.name, use.start) for it in timeline.tensors for use in it.writes]
    assert shown == Counter((cat, name, ns / 1000) for cat, name, ns in lives + reads + writes)


def test_these_are_the_events_of_two_nodes() -> None:
    timeline = tracked((0, 1500, {}, {"x": 3 << 20}), (1500, 2000, {"x": 3 << 20}, {}))
    size = {"size": 3 << 20}
    first, second = {"node_name": "n0", "node_id": 0}, {"node_name": "n1", "node_id": 1}

    def bar(ph: str, ts: float, cat: str, pid: int, args: Event) -> Event:
        return {
            "name": "x", "cat": cat, "ph": ph, "ts": ts, "pid": pid, "tid": 0, "args": args
        }  # fmt: skip

    def usage(ts: float, megabytes: float) -> Event:
        return {
            "name": "GPU Memory Usage (MB)",
            "cat": "GPU Memory",
            "ph": "C",
            "ts": ts,
            "pid": 2_000_005,
            "args": {"Memory_MB": megabytes},
        }

    assert chrome_trace(timeline, 5) == [
        bar("B", 0, "tensorLifetime", 1_000_005, size),
        bar("B", 0, "tensorWrite", 5, {**size, **first}),
        usage(0, 3),
        bar("E", 1.5, "tensorWrite", 5, {**size, **first}),
        bar("B", 1.5, "tensorRead", 5, {**size, **second}),
        bar("E", 2, "tensorRead", 5, {**size, **second}),
        bar("E", 2, "tensorLifetime", 1_000_005, size),
        usage(2, 0),
    ]


def test_bars_that_begin_or_end_together_are_nested() -> None:
    # n0 ====
    # n1     ====
    # n2 ========
    timeline = tracked((0, 4, {"x": 8}, {}), (4, 8, {"x": 8}, {}), (0, 8, {"x": 8}, {}))
    row = in_rows(chrome_trace(timeline, 0))[0, 0]
    assert [(it["ph"], it["args"]["node_id"]) for it in row] == [
        ("B", 2),
        ("B", 0),
        ("E", 0),
        ("B", 1),
        ("E", 1),
        ("E", 2),
    ]


def test_bars_of_one_node_are_nested() -> None:
    row = in_rows(chrome_trace(tracked((1, 4, {"x": 8}, {"x": 8})), 0))[0, 0]
    assert [(it["ph"], it["cat"]) for it in row] == [
        ("B", "tensorRead"),
        ("B", "tensorWrite"),
        ("E", "tensorWrite"),
        ("E", "tensorRead"),
    ]


def test_a_bar_of_no_length_begins_before_it_ends() -> None:
    timeline = tracked((5, 5, {}, {"x": 8}))
    assert [it["ph"] for it in chrome_trace(timeline, 0)] == ["B", "E", "B", "E", "C"]


def test_each_tensor_has_a_row_in_order_of_coming() -> None:
    timeline = tracked((0, 5, {"b": 8}, {"a": 8}), (5, 9, {}, {"c": 8}))
    rows = {it["name"]: it["tid"] for it in chrome_trace(timeline, 0) if "tid" in it}
    assert rows == {"a": 0, "b": 1, "c": 2}


def test_an_empty_timeline_has_no_events() -> None:
    assert chrome_trace(tracked(), 0) == []
