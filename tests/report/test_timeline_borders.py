"""Which timelines are read and which are refused, at the borders between them."""

import json
from pathlib import Path

import pytest

from simastra.errors import InputError
from simastra.report.timeline import Timeline, timeline_events
from simastra.report.timeline_input import read_timeline
from simastra.view.bars import Bar


def read(folder: Path, document: object) -> Timeline:
    (folder / "in").write_text(document if isinstance(document, str) else json.dumps(document))
    return read_timeline(folder / "in")


def result_with(**changes: object) -> dict[str, object]:
    record = {"node": 1, "name": "n", "activity": "cpu", "issued": 0, "finished": 2, **changes}
    return {"nodes": [[], [record]], "finishes": [{"npu": 1, "cycles": 2}]}


def test_a_result_is_read_whatever_is_before_it(tmp_path: Path) -> None:
    timeline = read(tmp_path, "\n  " + json.dumps(result_with()))
    assert timeline == Timeline((Bar(1, 1, "n", "cpu", 0, 2),), {1: 2})


@pytest.mark.parametrize("time", [0, 1, 2**63, 2**64 - 1])
def test_times_of_64_bits_are_read(tmp_path: Path, time: int) -> None:
    (span,) = read(tmp_path, result_with(issued=time, finished=time)).bars
    assert (span.start, span.end) == (time, time)


@pytest.mark.parametrize("time", [-1, 2**64, 1.0, True, "1", None])
def test_other_times_are_refused(tmp_path: Path, time: object) -> None:
    with pytest.raises(
        InputError, match=r"in: nodes\[1\]\[0\].issued must be a whole number, 0 or more$"
    ):
        read(tmp_path, result_with(issued=time))


@pytest.mark.parametrize("key", ["name", "activity"])
@pytest.mark.parametrize("wrong", [1, None, ["n"]])
def test_a_name_is_a_text(tmp_path: Path, key: str, wrong: object) -> None:
    with pytest.raises(InputError, match=rf"nodes\[1\]\[0\]\.{key} must be a text$"):
        read(tmp_path, result_with(**{key: wrong}))


@pytest.mark.parametrize("missing", ["nodes", "finishes"])
def test_a_result_needs_nodes_and_finishes(tmp_path: Path, missing: str) -> None:
    document = {key: value for key, value in result_with().items() if key != missing}
    with pytest.raises(InputError, match="no result: there are no nodes and finishes"):
        read(tmp_path, document)


@pytest.mark.parametrize("text", ['{"nodes": ', '{"a":' * 200_000, '{"a": ' + "1" * 5000 + "}"])
def test_what_begins_like_json_is_told_as_json(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="in: no JSON that 'simastra run --json' writes: "):
        read(tmp_path, text)


def test_a_path_that_is_none_is_told_with_the_reason() -> None:
    with pytest.raises(InputError, match=r"is not a path: .*null"):
        read_timeline("a\0b")


def line(what: str, tick: int, *, node: int = 1, name: str = "n", kind: str = "") -> str:
    return f"{what},sys->id=0,tick={tick},node->id={node},node->name={name}{kind}\n"


def test_a_line_that_is_cut_is_shown_with_its_number_and_80_letters(tmp_path: Path) -> None:
    cut = "  issue,sys->id=0,tick=5," + "x" * 90
    with pytest.raises(InputError) as caught:
        read(tmp_path, "banner\n" + line("issue", 1) + cut + "\n")
    assert f": line 3: {cut.strip()[:80]!r} is cut; wanted is issue,sys->id=N" in str(caught.value)


def test_a_node_may_call_back_at_once_but_not_earlier(tmp_path: Path) -> None:
    timeline = read(tmp_path, line("issue", 7) + line("callback", 7) + line("issue", 8))
    assert timeline.bars == (Bar(0, 1, "n", "nodes", 7, 7), Bar(0, 1, "n", "nodes", 8, None))
    for text in (line("issue", 7) + line("callback", 6), line("callback", 9)):
        with pytest.raises(InputError, match="node 1 of NPU 0 calls back without having been iss"):
            read(tmp_path, text)
    assert read(tmp_path, line("issue", 7)).bars[0].end is None


@pytest.mark.parametrize(
    ("kind", "activity"),
    [
        *((0, "nodes"), (1, "nodes"), (2, "remote memory"), (3, "remote memory")),
        *((4, "compute"), (5, "communication"), (6, "communication"), (7, "communication")),
        *((8, "nodes"), (9, "nodes")),
    ],
)
def test_the_type_of_a_node_tells_its_activity(tmp_path: Path, kind: int, activity: str) -> None:
    (span,) = read(tmp_path, line("issue", 1, name="COMP_NODE", kind=f", node->type={kind}")).bars
    assert (span.name, span.kind) == ("COMP_NODE", activity)


@pytest.mark.parametrize(
    ("name", "activity"),
    [
        *(("COMP_NODE_x", "compute"), ("a_MEM_LOAD_NODE", "remote memory")),
        *(("COMM_SEND_NODE", "communication"), ("COMM_COLL_NODE", "communication")),
        ("anything", "nodes"),
    ],
)
def test_or_else_its_name(tmp_path: Path, name: str, activity: str) -> None:
    assert read(tmp_path, line("issue", 1, name=name)).bars[0].kind == activity


def test_a_node_that_never_ends_lasts_no_time_if_nothing_else_does() -> None:
    events = timeline_events(Timeline((Bar(0, 1, "n", "cpu", 0, None),), {}))
    assert [it["dur"] for it in events if it["ph"] == "X"] == [0]
    later = timeline_events(Timeline((Bar(0, 1, "n", "cpu", 5, None),), {0: 3}))
    assert [it["dur"] for it in later if it["ph"] == "X"] == [0]
