"""What a result says of itself: in words, in a notebook, in JSON, and when two are equal."""

import re
from dataclasses import replace
from importlib import import_module

import pytest
from support.machines import all_reduce_on_ring_of_8, network, system
from support.recorded_runs import two_senders

from simastra import Simulation, Trace, TraceBuilder
from simastra.errors import ArgumentError, OptionError
from simastra.notices import Notice, Severity
from simastra.result import LinkRecord, NodeRecord, NpuFinish, Result
from simastra.trace import CollectiveType, NodeType
from simastra.view.devices import DeviceNames
from simastra.workload import Activity
from simastra.workload.kind_of_work import KindOfWork

NAMES = DeviceNames(3, {3: "leaf.0"})


def notices(*severities: Severity) -> tuple[Notice, ...]:
    return tuple(Notice("code", "net.yml", "doubtful", "mend it", it) for it in severities)


def cells(result: Result) -> list[str]:
    return re.findall(r"<td[^>]*>(.*?)</td>", result._repr_html_())


def test_two_runs_of_a_simulation_are_equal_results() -> None:
    simulation = all_reduce_on_ring_of_8()
    result = simulation.run()
    assert result == simulation.run()
    assert result == replace(result, measures=None)  # a result from a file
    assert result == replace(result, names=NAMES)
    assert result != replace(result, finishes=result.finishes[::-1])


def test_devices_have_the_names_of_the_file_else_numbers() -> None:
    result = two_senders().result
    assert result.device_names.link(0, 3) == "NPU 0 to switch 3"
    assert replace(result, names=NAMES).device_names is NAMES


def test_a_result_in_a_few_words() -> None:
    result = replace(
        two_senders().result,
        notices=notices(Severity.WARNING, Severity.INFO, Severity.INFO, Severity.INFO),
    )
    assert str(result).splitlines() == [
        "3 NPUs, 9,500 ns (9.5 µs); the first after 7,000 ns",
        "finish order: 0 to 2",
        "1 warning, 3 remarks: see notices",
    ]
    assert repr(result) == "<Result: makespan 9500 ns, 3 NPUs, 4 nodes, 3 links>"
    assert str(Result((), (), (), ())) == "no NPU has finished"
    assert Result((), (), (), ()).makespan == 0


def test_times_by_npu_are_in_the_order_of_npus() -> None:
    result = Result(tuple(NpuFinish(npu, 10 - npu) for npu in (2, 0, 1)), (), (), ())
    assert list(result.cycles.items()) == [(0, 10), (1, 9), (2, 8)]
    assert result.finish_order == (2, 0, 1)
    assert result.makespan == 10


def test_a_notebook_shows_the_busiest_links_first() -> None:
    result = two_senders().result
    assert cells(result)[:6] == ["0", "7,000", "1", "9,500", "2", "9,500"]
    assert cells(result)[6:12] == ["0", "1", "to 2 from 0", "communication", "0", "7,000"]
    assert cells(result)[-15:] == [
        *("3", "2", "52.6 %", "10,000", "2"),
        *("0", "3", "26.3 %", "5,000", "1"),
        *("1", "3", "26.3 %", "5,000", "1"),
    ]
    assert cells(replace(result, names=NAMES))[-15] == "leaf.0"
    assert "<summary>4 nodes</summary>" in result._repr_html_()
    assert "<summary>3 links</summary>" in result._repr_html_()


def test_a_link_of_a_run_without_end_is_shown() -> None:
    result = Result((), (), (LinkRecord(0, 1, 0, 8, 1),), ())
    assert cells(result) == ["0", "1", "0.0 %", "8", "1"]


def test_a_record_says_what_its_node_is() -> None:
    trace = TraceBuilder()
    trace.all_reduce("sum", size=64, purpose="gradients")
    trace.compute("work", micros=1, tensor_size=24)
    result = Simulation(Trace.uniform(trace, 2), system(), network(("Ring", 2))).run()
    records = {it.name: it for it in result.nodes[0]}
    told = {it["name"]: it for it in result.to_dict()["nodes"][0]}
    assert records["sum"].collective is CollectiveType.ALL_REDUCE
    assert (records["sum"].size, records["work"].size) == (64, 24)
    assert (records["work"].type, records["work"].collective) == (NodeType.COMP, None)
    assert (told["sum"]["purpose"], told["sum"]["collective"]) == ("gradients", "ALL_REDUCE")
    assert not {"purpose", "collective", "group"} & set(told["work"])
    assert repr(records["work"]) == (
        "NodeRecord(node=2, name='work', activity=<Activity.COMPUTE: 'compute'>, "
        "issued=0, finished=1000)"
    )
    assert replace(records["sum"], et_node=None) == records["sum"]


def test_a_record_without_a_node_says_what_it_knows() -> None:
    record = NodeRecord(7, "work", Activity.COMPUTE, 2, 5)
    assert record.duration == 3
    assert (record.type, record.collective, record.size, record.group) == (None,) * 4
    assert record.kind is KindOfWork.COMPUTE


def test_worth_is_told_of_runs_that_have_finished() -> None:
    result = two_senders().result
    assert result.to_dict()["bound"] == result.bound.to_dict()
    assert result.to_dict()["metrics"] == result.metrics.to_dict()
    for less in (replace(result, finishes=result.finishes[:2]), replace(result, measures=None)):
        assert not {"metrics", "bound"} & set(less.to_dict())
    with pytest.raises(ValueError, match="this result has no metrics: it was made by hand"):
        _ = replace(result, measures=None).metrics


def test_links_in_json_have_the_names_of_the_file() -> None:
    result = two_senders().result
    link = {"src": 3, "dst": 2, "busy": 5000, "bytes": 10000, "messages": 2}
    assert link in result.to_dict()["links"]
    named = replace(result, names=NAMES).to_dict()["links"]
    assert {**link, "from": "leaf.0", "to": "NPU 2"} in named


def test_a_difference_needs_two_results_that_are_explained() -> None:
    result = two_senders().result
    with pytest.raises(OptionError, match="A has no explanation, which a difference is made of"):
        result.diff(result)
    with pytest.raises(ArgumentError, match=r"write a\.diff"):
        result.diff("B")  # type: ignore[arg-type] # what is refused


def test_frames_are_imported_when_they_are_asked_for_and_nothing_else_is() -> None:
    package = import_module("simastra.result")
    assert isinstance(two_senders().result.to_pandas(), package.Frames)
    with pytest.raises(AttributeError, match=r"'simastra\.result' has no attribute 'Frame'"):
        _ = package.Frame
