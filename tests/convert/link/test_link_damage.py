"""Traces that aren't: one message each, with file and place."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from link_recordings import Recording, write

from simastra.convert.link import link_traces
from simastra.errors import SimastraError, TraceError


def _recording() -> Recording:
    recording = Recording()
    recording.op(3, "aten::linear", 1000, 100)
    recording.kernel(901, launched=1020, start=1030)
    return recording


def _link(folder: Path, host: object, device: object) -> None:
    write(folder / "h.json", host)
    write(folder / "d.json", device)
    link_traces(folder / "h.json", folder / "d.json", folder / "o.json")


def test_traces_in_the_wrong_order_are_told_apart(tmp_path: Path) -> None:
    recording = _recording()
    with pytest.raises(TraceError, match=r"h.json: this is a device trace .* host trace"):
        _link(tmp_path, recording.device, recording.host)
    with pytest.raises(TraceError, match=r"d.json: this is a host trace .* device trace"):
        _link(tmp_path, recording.host, recording.host)


def test_a_linked_trace_is_no_host_trace(tmp_path: Path) -> None:
    recording = _recording()
    linked = recording.link(tmp_path).document
    with pytest.raises(TraceError, match="this is a linked PyTorch trace, not a host"):
        _link(tmp_path, linked, recording.device)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"id": None},
            r"host.json: 'aten::linear': 'id' must be a whole number from 0 up, not None",
        ),
        ({"id": -1}, "not -1"),
        ({"id": True}, "not True"),
        ({"name": 5}, r"node 3: 'name' must be a string, not 5"),
        ({"ctrl_deps": [2]}, r"node 3: 'ctrl_deps' must be a whole number from 0 up, not \[2\]"),
    ],
)
def test_a_wrong_node_is_named(change: dict[str, Any], message: str, tmp_path: Path) -> None:
    recording = _recording()
    recording.nodes[-1].update(change)
    with pytest.raises(TraceError, match=message):
        recording.link(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ts": "soon"}, r"event 0 \('aten::linear'\): 'ts' must be a number of micro.* 'soon'"),
        ({"ts": float("nan")}, "'ts' must be a number of microseconds, not nan"),
        ({"dur": 1e300}, "'dur' must be a time in microseconds"),
        ({"name": None}, r"event 0 \(None\): 'name' must be a string"),
        ({"tid": None}, "'tid' must be a number or a string, not None"),
        ({"pid": [1]}, "'pid' must be a number or a string"),
    ],
)
def test_a_wrong_event_is_named(change: dict[str, Any], message: str, tmp_path: Path) -> None:
    recording = _recording()
    recording.events[0].update(change)
    with pytest.raises(TraceError, match=message):
        recording.link(tmp_path)


def test_events_of_no_interest_may_be_as_they_like(tmp_path: Path) -> None:
    recording = _recording()
    recording.events += [{"ph": "M"}, {"ph": "X", "cat": "Trace", "ts": "?"}, {"ph": "s", "id": []}]
    assert recording.link(tmp_path).summary.linked == 1


def test_a_negative_duration_is_taken_for_0_and_said_so(tmp_path: Path) -> None:
    recording = _recording()
    recording.op(4, "odd", 2000, -7)
    linked = recording.link(tmp_path)
    assert linked.named("odd")["inclusive_dur"] == 0
    assert "1 negative durations" in str(linked.summary)


def test_a_trace_without_operators_or_schema_is_refused(tmp_path: Path) -> None:
    empty = Recording()
    with pytest.raises(TraceError, match=r"host.json: there are no operators"):
        empty.link(tmp_path)
    with pytest.raises(TraceError, match="there is no 'schema'"):
        _link(tmp_path, {"nodes": [{}]}, empty.device)


_JUNK = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.just([])


@given(
    key=st.sampled_from(["id", "name", "ctrl_deps", "inputs", "outputs", "attrs"]),
    value=_JUNK | st.just([{"name": "rf_id", "value": "x"}]) | st.just([[]]),
    node=st.integers(0, 2),
)
def test_no_member_of_a_node_brings_a_traceback(
    key: str, value: object, node: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    recording = _recording()
    recording.nodes[node][key] = value
    _links_or_is_refused(recording, tmp_path_factory)


@given(
    key=st.sampled_from(["ph", "cat", "name", "pid", "tid", "ts", "dur", "args"]),
    value=_JUNK | st.just({"correlation": [], "Record function id": {}, "stream": "s"}),
    event=st.integers(0, 2),
)
def test_no_member_of_an_event_brings_a_traceback(
    key: str, value: object, event: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    recording = _recording()
    recording.events[event][key] = value
    _links_or_is_refused(recording, tmp_path_factory)


def _links_or_is_refused(recording: Recording, folders: pytest.TempPathFactory) -> None:
    folder = folders.mktemp("damage")
    refused = None
    try:
        recording.link(folder)
    except SimastraError as error:
        refused = error
    assert refused is None or str(folder) in str(refused)
    assert (folder / "linked.json").exists() == (refused is None)
