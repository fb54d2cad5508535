"""Nodes of a timeline are written as text at once: as a JSON encoder writes the same events."""

import json
from dataclasses import replace
from typing import Any

import hypothesis.strategies as st
from hypothesis import given
from support.made_runs import made_records

from simastra.palette.chrome import CHROME_COLOURS
from simastra.report.run_records import UnfinishedNode
from simastra.report.run_timeline.bars import node_events
from simastra.report.run_timeline.timed_nodes import TimedNodes
from simastra.report.run_timeline.tracks import Tracks
from simastra.result import NodeRecord, Result
from simastra.trace import CollectiveType, Node, NodeType, Trace
from simastra.view.devices import DeviceNames
from simastra.workload import Activity
from simastra.workload.kind_of_work import kind_of_work

_NUMBERS = st.none() | st.integers(0, 2**64)
_IDS = st.lists(st.integers(0, 99), max_size=3).map(tuple)
_NODES = st.builds(
    Node,
    st.integers(0, 2**40),
    st.text(max_size=9),
    st.sampled_from(NodeType),
    data_deps=_IDS,
    ctrl_deps=_IDS,
    num_ops=_NUMBERS,
    tensor_size=_NUMBERS,
    comm_type=st.none() | st.sampled_from(CollectiveType),
    comm_size=_NUMBERS,
    involved_dim=st.none() | st.lists(st.booleans(), max_size=3).map(tuple),
    comm_priority=_NUMBERS,
    comm_src=_NUMBERS,
    comm_dst=_NUMBERS,
    comm_tag=_NUMBERS,
    pg_name=st.none() | st.text(max_size=3),
    comm_sizes=st.none() | st.lists(st.integers(0, 9), min_size=1, max_size=20).map(tuple),
)


def _joined(items: Any) -> str | None:
    return ", ".join(map(str, items)) or None


def _first(sizes: tuple[int, ...]) -> tuple[int | str, ...]:
    return (*sizes[:16], "...") if len(sizes) > 16 else sizes


def _expected(node: Node, start: int, end: int, activity: Activity, *, finished: bool) -> str:
    kind = kind_of_work(node, activity)
    given = {
        "num_ops": node.num_ops,
        "tensor_size": node.tensor_size,
        "collective": None if node.comm_type is None else node.comm_type.name,
        "bytes": node.comm_size,
        "group": node.pg_name,
        "src": node.comm_src,
        "dst": node.comm_dst,
        "tag": node.comm_tag,
        "priority": node.comm_priority,
        "dimensions": _joined(at for at, it in enumerate(node.involved_dim or ()) if it),
        "sizes": _joined(_first(node.comm_sizes or ())),
        "data_deps": _joined(node.data_deps),
        "ctrl_deps": _joined(node.ctrl_deps),
        "finished": None if finished else False,
    }
    event = {
        "name": node.name or f"node {node.id}",
        "cat": activity.value,
        "ph": "X",
        "pid": 0,
        "tid": 1,
        "ts": start / 1000,
        "dur": (end - start) / 1000,
        "args": {"node": node.id, "type": node.type.name, "kind": kind.value}
        | {name: value for name, value in given.items() if value is not None},
        "cname": CHROME_COLOURS[kind],
    }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))


@given(
    node=_NODES,
    times=st.lists(st.integers(0, 2**63 - 1), min_size=2, max_size=2).map(sorted),
    activity=st.sampled_from(Activity),
    finished=st.booleans(),
)
def test_a_nodes_text_is_its_event_in_json(
    *, node: Node, times: list[int], activity: Activity, finished: bool
) -> None:
    start, end = times
    record = NodeRecord(node.id, node.name, activity, start, end)
    under_way = UnfinishedNode(0, node.id, node.name, activity, start)
    trace = Trace(((node,),), ("t",))
    records = replace(made_records(1, unfinished=() if finished else (under_way,)), trace=trace)
    result = Result((), ((record,) if finished else (),), (), ())
    tracks = Tracks(DeviceNames(1))
    nodes = TimedNodes(result, records, end)
    assert list(node_events(nodes, 1, tracks, records)) == [
        _expected(node, start, end, activity, finished=finished)
    ]
