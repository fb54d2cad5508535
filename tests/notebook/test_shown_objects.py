"""What simastra's objects look like in a notebook, read as a browser reads it."""

import subprocess
import sys
from html.parser import HTMLParser

import pytest
from support.machines import network, one_collective, system

from simastra import (
    CommGroups,
    DeadlockError,
    MiB,
    NetworkConfig,
    Simulation,
    SystemConfig,
    Trace,
    TraceBuilder,
)
from simastra.debug import Stepper
from simastra.trace import CollectiveType


class Reader(HTMLParser):
    """Gathers texts, and tables as rows of cells; insists on proper nesting."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += f"{data}\n"
        if self._open and self._open[-1] in {"td", "th"}:
            self.rows[-1][-1] += data


def read(thing: object) -> Reader:
    html = thing._repr_html_()  # type: ignore[attr-defined]
    assert isinstance(html, str)
    return Reader(html)


def test_a_trace_lists_its_nodes_once_for_npus_that_do_the_same() -> None:
    et = TraceBuilder()
    work = et.compute("<work>", micros=50)
    et.all_reduce("gradients", size=1 * MiB, after=work)
    shown = read(Trace.uniform(et, 8))
    assert shown.rows == [
        ["node", "name", "does", "after"],
        ["1", "<work>", "COMP, 50 µs", ""],
        ["2", "gradients", "ALL_REDUCE, 1,048,576 B", "1"],
    ]
    assert "8 NPUs, all alike" in shown.text
    assert "NPUs 0 to 7" in shown.text
    assert read(et).rows == shown.rows


def test_a_trace_of_many_kinds_and_nodes_is_cut_and_says_so() -> None:
    npus = [TraceBuilder() for _ in range(6)]
    for npu, et in enumerate(npus):
        for number in range(30 + npu):
            et.compute(f"work {number}")
    shown = read(Trace.of(npus))
    assert "and 10 more" in shown.text
    assert "and 2 more kinds of NPU" in shown.text
    assert len(shown.rows) == 4 * (1 + 20)


def test_messages_and_memory_and_groups_say_what_they_are() -> None:
    sender = TraceBuilder(npu=0)
    sender.send("s", size=64, to=1, tag=3)
    sender.recv("r", size=32, source=1)
    sender.load("l", tensor_size=16)
    sender.compute("c", num_ops=5, tensor_size=7, on_cpu=True)
    sender.all_gather("g", size=8, group=2)
    assert [row[2] for row in read(sender).rows[1:]] == [
        "COMM_SEND to NPU 1, 64 B, tag 3",
        "COMM_RECV from NPU 1, 32 B",
        "MEM_LOAD, 16 B",
        "COMP, CPU, 5 operations on 7 B",
        "ALL_GATHER, 8 B, group 2",
    ]


def test_a_network_has_a_row_for_each_dimension() -> None:
    config = NetworkConfig(
        topology=["Ring", "Switch"], npus_count=[4, 2], bandwidth=[50, 12.5], latency=[500, 700]
    )
    shown = read(config)
    assert shown.rows[1:] == [
        ["0", "Ring", "4", "50", "500"],
        ["1", "Switch", "2", "12.5", "700"],
    ]
    assert "4 x 2 = 8 NPUs" in shown.text


def test_a_system_shows_what_was_given_apart_from_what_was_not() -> None:
    shown = read(SystemConfig.parse({"preferred-dataset-splits": 4, "peak-perf": 2.5}, "a.json"))
    settings = dict(row for row in shown.rows if row != ["key", "value"])
    assert list(settings)[:2] == ["preferred-dataset-splits", "peak-perf"]
    assert settings["preferred-dataset-splits"] == "4"
    assert settings["peak-perf"] == "2.5"
    assert settings["endpoint-delay"] == "10"
    assert settings["all-reduce-implementation"] == "none"
    assert "a.json" in shown.text
    assert "others have their defaults" in shown.text


def test_process_groups_list_their_members() -> None:
    assert read(CommGroups.parse({"tensor": [0, 1, 2, 3], "data": [5, 1]})).rows[1:] == [
        ["tensor", "4", "0 to 3"],
        ["data", "2", "5, 1"],
    ]


def test_a_result_shows_finishes_nodes_links_and_notices() -> None:
    simulation = Simulation(
        one_collective(CollectiveType.ALL_REDUCE), system(), network(("Ring", 4))
    )
    result = simulation.run()
    rows = read(result).rows
    assert rows[1:5] == [[str(end.npu), f"{end.cycles:,}"] for end in result.finishes]
    first = result.nodes[0][0]
    assert ["0", "1", "ALL_REDUCE", "communication", "0", f"{first.finished:,}"] in rows
    link = result.links[0]
    busy = f"{100 * link.busy / result.makespan:.1f} %"
    assert ["0", "1", busy, f"{link.size:,}", f"{link.messages:,}"] in rows
    assert all(notice.message in read(result).text for notice in result.notices)
    assert result.notices
    shown = read(simulation)
    assert {"Simulation", "Trace", "Network", "System"} <= set(shown.text.splitlines())


def test_an_explanation_shows_its_tables() -> None:
    explanation = Simulation(
        one_collective(CollectiveType.ALL_REDUCE), system(), network(("Ring", 4))
    ).explain()
    tables = [explanation.attribution_table(), explanation.path_table()]
    rows = [list(row) for each in tables for row in each.rows]
    assert [row for row in read(explanation).rows if row in rows] == rows


def hanging() -> Simulation:
    npus = [TraceBuilder(npu) for npu in range(2)]
    npus[0].send("s", size=64, to=1, tag=7)
    npus[1].recv("<r>", size=64, source=0, tag=8)
    return Simulation(Trace.of(npus), system(), network(("Ring", 2)))


def test_a_deadlock_is_a_table_of_who_waits_for_what() -> None:
    with pytest.raises(DeadlockError) as caught:
        hanging().run()
    shown = read(caught.value)
    (wait,) = caught.value.waits
    assert shown.rows[1:] == [["1", "1", "<r>", wait.what, wait.explanation, "tag mismatch"]]
    assert "likely cause: tag mismatch" in shown.text


def test_what_the_debugger_shows_as_text_is_html_in_a_notebook() -> None:
    stepper = Stepper(hanging())
    stop = stepper.resume()
    assert "NPU 0" in read(stepper.state.npu(0)).text
    assert f"[{stop.position}] {stop.time:,} ns" in read(stop).text
    assert [row[:2] for row in read(stepper.state).rows[1:3]] == [["0", "1/1"], ["1", "0/1"]]
    assert "tag mismatch" in read(stepper.state.run.why(1)).text


def test_showing_needs_no_jupyter_and_imports_none() -> None:
    code = (
        "import sys; from simastra import SystemConfig; SystemConfig("
        "preferred_dataset_splits=4)._repr_html_(); "
        "print([name for name in ('IPython', 'ipywidgets', 'matplotlib', 'simastra.notebook')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
