"""Timelines: read from our results and from ASTRA-sim's lines, written for Perfetto."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.errors import InputError
from simastra.report.timeline import Timeline, timeline_events
from simastra.report.timeline_input import read_timeline
from simastra.view.bars import Bar

HOTI = """\
some banner
issue,sys->id=0,tick=0,node->id=1,node->name=COMP_NODE_a, b=c
issue,sys->id=1,tick=5,node->id=1,node->name=All-Reduce
callback,sys->id=0,tick=50,node->id=1,node->name=COMP_NODE_a, b=c
callback,sys->id=1,tick=60,node->id=1,node->name=All-Reduce
sys[1] finished, 60 cycles
sys[0] finished, 50 cycles
"""
LOGGED = "[2024-01-01 00:00:00.1] [workload] [debug] "
MASTER = f"""\
{LOGGED}issue,sys->id=0, tick=3, node->id=7, node->name=x, node->type=7
{LOGGED}callback,sys->id=0, tick=9, node->id=7, node->name=x, node->type=7
"""


def read(folder: Path, text: str) -> Timeline:
    (folder / "in").write_text(text)
    return read_timeline(folder / "in")


def test_the_lines_of_the_tutorials_version_are_read(tmp_path: Path) -> None:
    timeline = read(tmp_path, HOTI)
    assert timeline.bars == (
        Bar(0, 1, "COMP_NODE_a, b=c", "compute", 0, 50),
        Bar(1, 1, "All-Reduce", "nodes", 5, 60),
    )
    assert timeline.finishes == {0: 50, 1: 60}


def test_the_lines_of_later_versions_tell_the_type(tmp_path: Path) -> None:
    assert read(tmp_path, MASTER).bars == (Bar(0, 7, "x", "communication", 3, 9),)


def test_a_node_that_never_calls_back_lasts_to_the_end(tmp_path: Path) -> None:
    timeline = read(tmp_path, HOTI.replace("callback,sys->id=1", "nothing"))
    assert timeline.bars[-1].end is None
    (bar,) = [event for event in timeline_events(timeline) if event["name"] == "All-Reduce"]
    assert (bar["ts"], bar["dur"], bar["args"]["finished"]) == (0.005, 0.055, False)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "neither a result of 'simastra run --json' nor lines that ASTRA-sim prints"),
        ("sys[0] finished, 5 cycles\n", "neither a result"),
        ("issue,sys->id=0,tick=\n", "line 1: 'issue,sys->id=0,tick=' is cut; wanted is issue,sys"),
        (
            "callback,sys->id=0,tick=1,node->id=1,node->name=a\n",
            "line 1: node 1 of NPU 0 calls back",
        ),
        (
            2 * "issue,sys->id=0,tick=1,node->id=1,node->name=a\n",
            "line 2: NPU 0 issues node 1 again",
        ),
        ("{", "no JSON that 'simastra run --json' writes"),
        ("{}", "no result: there are no nodes and finishes"),
        ('{"nodes": 1, "finishes": []}', "nodes is no list"),
        ('{"nodes": [[{}]], "finishes": []}', "nodes[0][0] has no 'issued'"),
        ('{"nodes": [[3]], "finishes": []}', "nodes[0][0] has no 'issued'"),
        (
            '{"nodes": [], "finishes": [{"npu": -1, "cycles": 1}]}',
            "finishes[0].npu must be a whole",
        ),
        (
            '{"nodes": [[{"issued": 5, "finished": 4}]], "finishes": []}',
            "nodes[0][0]: it is finished at 4, before it is issued at 5",
        ),
    ],
)
def test_what_holds_no_timeline_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'in'}: {message}")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no: file not found"):
        read_timeline(tmp_path / "no")


def test_each_npu_is_a_process_and_each_activity_a_track() -> None:
    spans = (
        Bar(0, 1, "a", "compute", 0, 1500),
        Bar(0, 2, "r", "communication", 1500, 2000),
        Bar(3, 1, "", "compute", 0, 10),
    )
    events = timeline_events(Timeline(spans, {0: 2000}))
    names = [(e["pid"], e["tid"], e["args"]["name"]) for e in events if e["ph"] == "M"]
    assert names == [
        (0, 0, "NPU 0"),
        (0, 1, "communication"),
        (0, 2, "compute"),
        (3, 0, "NPU 3"),
        (3, 1, "compute"),
    ]
    bars = [(e["pid"], e["tid"], e["name"], e["ts"], e["dur"]) for e in events if e["ph"] == "X"]
    assert bars == [(0, 1, "r", 1.5, 0.5), (0, 2, "a", 0, 1.5), (3, 1, "node 1", 0, 0.01)]
    assert [(e["pid"], e["ts"]) for e in events if e["ph"] == "i"] == [(0, 2.0)]


TIMES = st.integers(0, 20)
SPANS = st.builds(
    lambda npu, node, kind, start, length: Bar(npu, node, "n", kind, start, start + length),
    st.integers(0, 1),
    st.integers(1, 99),
    st.sampled_from(["compute", "communication"]),
    TIMES,
    TIMES,
)


@given(st.lists(SPANS, max_size=12))
def test_every_node_has_a_bar_and_no_two_bars_of_a_track_overlap(spans: list[Bar]) -> None:
    events = timeline_events(Timeline(tuple(spans), {}))
    bars = [event for event in events if event["ph"] == "X"]
    assert len(bars) == len(spans)
    tracks: dict[tuple[Any, Any], list[tuple[int, int]]] = {}
    for bar in bars:
        start = round(bar["ts"] * 1000)
        tracks.setdefault((bar["pid"], bar["tid"]), []).append(
            (start, start + round(bar["dur"] * 1000))
        )
    for track in tracks.values():
        ordered = sorted(track)
        assert all(first[1] <= second[0] for first, second in pairwise(ordered))
    assert json.loads(json.dumps(events)) == events
