"""A run as a Chrome trace: processes, tracks, arrows and counters, within a limit of bytes."""

import gzip
import json
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from support.machines import network, system
from support.recorded_runs import Run, collective_on, recorded, two_senders

from simastra.errors import DeadlockError, OptionError
from simastra.report.run_records import RunRecorder
from simastra.report.run_timeline import LARGEST_TIMELINE, run_timeline, write_run_timeline
from simastra.simulation import Simulation
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import MiB

LARGEST_FILE = 20_000_000


def events_of(run: Run, limit: int = LARGEST_TIMELINE) -> list[dict[str, Any]]:
    document = json.loads(run_timeline(run.result, run.records, limit))
    assert document["displayTimeUnit"] == "ns"
    events: list[dict[str, Any]] = document["traceEvents"]
    return events


def names(events: list[dict[str, Any]], what: str) -> dict[tuple[int, int], str]:
    return {
        (event["pid"], event.get("tid", 0)): event["args"]["name"]
        for event in events
        if event["ph"] == "M" and event["name"] == what
    }


def bars_on(events: list[dict[str, Any]], process: str, track: str) -> list[dict[str, Any]]:
    """Bars of the track of that name, in order of time."""
    processes, tracks = names(events, "process_name"), names(events, "thread_name")
    found = [
        event
        for event in events
        if event["ph"] == "X"
        and processes[event["pid"], 0] == process
        and tracks[event["pid"], event["tid"]] == track
    ]
    return sorted(found, key=lambda event: event["ts"])


def test_memory_that_a_trace_tells_of_is_a_counter() -> None:
    trace = TraceBuilder()
    trace.annotate(weight_bytes=100)
    first = trace.compute("f", micros=1, writes={"a": 8})
    trace.compute("b", micros=2, reads={"a": 8}, after=first)
    run = recorded(Simulation(Trace.uniform(trace, 2), system(), network(("Ring", 2))))
    counted = [it for it in events_of(run) if it["ph"] == "C" and it["name"] == "memory"]
    assert [(it["pid"], it["ts"], it["args"]["bytes"]) for it in counted] == [
        *((0, 0, 108), (0, 3, 100)),
        *((1, 0, 108), (1, 3, 100)),
    ]


def test_npus_and_switches_are_processes_with_tracks() -> None:
    events = events_of(two_senders())
    assert list(names(events, "process_name").values()) == ["NPU 0", "NPU 1", "NPU 2", "switch 3"]
    tracks = defaultdict(list)
    for (process, _), name in names(events, "thread_name").items():
        tracks[process].append(name)
    assert set(tracks[0]) == {"communication", "sends", "link to switch 3"}
    assert set(tracks[2]) == {"communication", "receives"}
    assert tracks[3] == ["link to NPU 2"]


def test_a_link_shows_each_transmission() -> None:
    bars = bars_on(events_of(two_senders()), "switch 3", "link to NPU 2")
    assert [(it["ts"], it["dur"]) for it in bars] == [(3.5, 2.5), (6.0, 2.5)]


def test_arrows_lead_from_sends_to_receives() -> None:
    events = events_of(two_senders())
    sends = {event["id"]: event for event in events if event["ph"] == "s"}
    receives = {event["id"]: event for event in events if event["ph"] == "f"}
    assert [(it["pid"], it["ts"]) for it in sends.values()] == [(0, 0), (1, 0)]
    assert [(receives[it]["pid"], receives[it]["ts"]) for it in sends] == [(2, 7.0), (2, 9.5)]
    # A viewer binds an arrow to the bar that lies on the same track at that time.
    for arrow in (*sends.values(), *receives.values()):
        assert any(
            bar["ph"] == "X"
            and (bar["pid"], bar["tid"]) == (arrow["pid"], arrow["tid"])
            and bar["ts"] <= arrow["ts"] < bar["ts"] + bar["dur"]
            for bar in events
        )


def test_counters_tell_how_busy_a_link_is_and_how_long_its_queue() -> None:
    counters = [it for it in events_of(two_senders()) if it["ph"] == "C" and it["pid"] == 3]
    assert {it["name"] for it in counters} == {"link to NPU 2"}
    at = {it["ts"]: it["args"] for it in counters}
    waiting = [time for time, values in at.items() if values["queue"] == 1]
    assert waiting == [3.52]  # one waits from 3500 to 6000 ns; a bin is 32 ns wide
    assert at[6.016] == {"use %": 100.0, "queue": 0.0}
    assert list(at.values())[-1] == {"use %": 0.0, "queue": 0.0}


def test_phases_of_chunks_are_bars_that_say_what_they_are() -> None:
    run = collective_on(("Ring", 2), ("Switch", 4), algorithms=("ring", "direct"))
    bars = [it for it in events_of(run) if it.get("cat") == "phase" and it["pid"] == 3]
    assert len(bars) == 4 * 3  # chunks, phases
    assert bars[0]["name"] == "REDUCE_SCATTER, chunk 0"
    assert bars[0]["args"]["algorithm"] == "Ring"


def test_every_bar_of_a_track_ends_before_the_next_begins() -> None:
    events = events_of(collective_on(("Switch", 8), algorithms=("direct",)))
    tracks = names(events, "thread_name")
    by_track: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for event in events:
        place = (event["pid"], event.get("tid", 0))
        if event["ph"] == "X" and tracks[place] not in {"sends", "receives"}:  # marks of 1 ns
            start = round(event["ts"] * 1000)
            by_track[place].append((start, start + round(event["dur"] * 1000)))
    assert len(by_track) == 8 * 3 + 8  # nodes, chunks and a link for each; the switch's 8 links
    for bars in by_track.values():
        bars.sort()
        assert all(a[1] <= b[0] for a, b in pairwise(bars))


def test_what_is_not_shown_is_said_in_the_name_of_a_process() -> None:
    run = collective_on(("Ring", 8))
    everything, part = events_of(run), events_of(run, 100_000)
    assert not [it for it in names(everything, "process_name").values() if "not all" in it]
    notes = [it for it in names(part, "process_name").values() if it.startswith("not all is shown")]
    (note,) = [it for it in notes if "messages" in it]
    shown = sum(event["ph"] == "s" for event in part)
    assert note.startswith(f"not all is shown: messages: {shown} of 448 are shown, those that beg")
    assert 0 < shown < 448
    assert Counter(it["ph"] for it in everything)["s"] == 448


@pytest.mark.parametrize("limit", [30_000, 100_000, 1_000_000])
def test_the_limit_holds(limit: int) -> None:
    run = collective_on(("Ring", 8))
    assert len(run_timeline(run.result, run.records, limit).encode()) <= limit


@pytest.mark.parametrize(
    ("shape", "algorithms"),
    [
        ((("FullyConnected", 64),), ("direct",)),
        ((("Switch", 64),), ("direct",)),
        ((("Ring", 8), ("Ring", 8)), ("ring", "ring")),
    ],
    ids=["fully connected", "switch", "torus"],
)
def test_a_run_of_64_npus_stays_under_20_mb(
    shape: tuple[tuple[str, int], ...], algorithms: tuple[str, ...]
) -> None:
    run = collective_on(*shape, algorithms=algorithms)
    content = run_timeline(run.result, run.records, LARGEST_FILE)
    assert len(content.encode()) <= LARGEST_FILE
    events = json.loads(content)["traceEvents"]
    finished = [it for it in events if it["name"] == "finished"]
    assert len(finished) == 64
    assert sum(it.get("cat") == "communication" for it in events) == 64


def test_long_names_and_many_nodes_stay_under_the_limit() -> None:
    trace = TraceBuilder()
    for number in range(600):
        trace.compute(f"{number} " + "n" * 300, micros=number + 1)
    simulation = Simulation(Trace.uniform(trace, 8), system(), network(("Ring", 8)))
    run = recorded(simulation)
    content = run_timeline(run.result, run.records, 500_000)
    assert len(content.encode()) <= 500_000
    bars = [it for it in json.loads(content)["traceEvents"] if it["ph"] == "X"]
    shortest = min(it["dur"] for it in bars)
    assert all(it["dur"] >= shortest for it in bars)
    longer = sum(8 for number in range(600) if number + 1 > shortest)
    assert longer <= len(bars)  # none was left out that lasts longer than one that is shown


def test_a_hang_shows_what_never_finished() -> None:
    waiting, other = TraceBuilder(0), TraceBuilder(1)
    waiting.recv("never sent", size=64, source=1)
    other.compute("work", micros=5)
    simulation = Simulation(Trace.of([waiting, other]), system(), network(("Ring", 2)))
    recorder = RunRecorder(simulation)
    live = simulation.start(probes=[recorder])
    with pytest.raises(DeadlockError):
        live.run()
    events = events_of(Run(simulation, live.result(), recorder.records()))
    (bar,) = [event for event in events if event["name"] == "never sent"]
    assert (bar["ts"], bar["dur"], bar["args"]["finished"]) == (0, 5.0, False)


def test_the_same_run_gives_the_same_bytes_compressed_or_not(tmp_path: Path) -> None:
    for name in ("a.json", "b.json", "a.json.gz", "b.json.gz"):
        run = collective_on(("Ring", 4), collective=CollectiveType.ALL_TO_ALL, size=MiB)
        write_run_timeline(tmp_path / name, run.result, run.records)
    plain, compressed = (tmp_path / "a.json").read_bytes(), (tmp_path / "a.json.gz").read_bytes()
    assert plain == (tmp_path / "b.json").read_bytes()
    assert compressed == (tmp_path / "b.json.gz").read_bytes()
    assert gzip.decompress(compressed) == plain


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    run = two_senders()
    with pytest.raises(OptionError, match=r"timeline: there is no folder .*no to put t.json in"):
        write_run_timeline(tmp_path / "no" / "t.json", run.result, run.records)


def test_a_node_says_all_that_it_is() -> None:
    npus = []
    for npu in range(2):
        et = TraceBuilder(npu)
        work = et.compute("F0.layer", num_ops=3000, tensor_size=64, micros=2, on_cpu=False)
        gradients = et.all_reduce("gradients", size=MiB, after=work)
        if npu == 0:
            et.send("activations", size=128, to=1, tag=7, after=gradients)
        else:
            et.recv("activations", size=128, source=0, tag=7, after=gradients)
        npus.append(et)
    run = recorded(Simulation(Trace.of(npus), system(), network(("Ring", 2))))
    found = {(it["pid"], it["name"]): it for it in events_of(run) if it["ph"] == "X"}
    assert found[1, "F0.layer"]["args"] == {
        "node": 1,
        "type": "COMP",
        "kind": "forward",
        "num_ops": 3000,
        "tensor_size": 64,
    }
    gradients = found[0, "gradients"]
    assert (gradients["args"] | {"priority": 0}) == {
        "node": 2,
        "type": "COMM_COLL",
        "kind": "all-reduce",
        "collective": "ALL_REDUCE",
        "bytes": MiB,
        "priority": 0,
        "dimensions": "0, 1, 2, 3",
        "algorithm": "Ring",
        "data_deps": "1",
    }
    assert gradients["cname"] == "thread_state_iowait"
    sent, received = found[0, "activations"]["args"], found[1, "activations"]["args"]
    assert (sent["kind"], sent["dst"], sent["tag"], sent["bytes"]) == ("send", 1, 7, 128)
    assert (received["kind"], received["src"], received["data_deps"]) == ("receive", 0, "2")
    (link,) = [
        it
        for it in found.values()
        if it.get("args", {}).get("tag") == 7 and "cat" in it and it["cat"] == "link"
    ]
    assert (link["name"], link["args"]) == (
        "NPU 0 to NPU 1",
        {"bytes": 128, "src": 0, "dst": 1, "tag": 7},
    )


def test_chunks_are_counted_within_their_collective() -> None:
    et = TraceBuilder()
    first = et.all_reduce("first", size=MiB)
    et.all_reduce("second", size=MiB, after=first)
    machine = system(preferred_dataset_splits=2)
    run = recorded(Simulation(Trace.uniform(et, 4), machine, network(("Ring", 4))))
    phases = [it for it in events_of(run) if it.get("cat") == "phase" and it["pid"] == 3]
    told = [(it["args"]["node"], it["name"].split()[-1], it["args"]["stream"]) for it in phases]
    assert told == [(1, "0", 0), (1, "1", 1), (2, "0", 2), (2, "1", 3)]
