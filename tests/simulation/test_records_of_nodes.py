"""What a record says of its node, and how a result is printed, simulated plainly and folded."""

import pickle

import pytest

from simastra import (
    CollectiveType,
    CommGroups,
    NetworkConfig,
    NodeType,
    Options,
    Result,
    Simulation,
    SystemConfig,
    Trace,
    TraceBuilder,
)
from simastra.dialect import DIALECTS
from simastra.notices import Severity
from simastra.view.phrases import ranges

SYSTEM = SystemConfig(
    all_reduce_implementation=["ring"], preferred_dataset_splits=1, local_mem_bw=50
)
NETWORK = NetworkConfig(topology=["Ring"], npus_count=[4], bandwidth=[50], latency=[500])


def result(shortcuts: str) -> Result:
    et = TraceBuilder()
    before = et.compute("forward", micros=3, num_ops=10, tensor_size=640)
    et.all_reduce("gradients", size=4096, group=1, after=before)
    groups = CommGroups(groups={"1": [0, 1, 2, 3]})
    options = Options(dialect=DIALECTS["master"])
    simulation = Simulation(et, SYSTEM, NETWORK, comm_groups=groups, options=options)
    return simulation.run(shortcuts=shortcuts)


@pytest.mark.parametrize("shortcuts", ["off", "always"])
def test_a_record_has_the_type_size_group_and_duration_of_its_node(shortcuts: str) -> None:
    made = result(shortcuts)
    assert any(use.taken for use in made.shortcuts) is (shortcuts == "always")
    for records in (*made.nodes, *pickle.loads(pickle.dumps(made)).nodes):
        forward, gradients = records
        assert (forward.type, forward.collective, forward.size, forward.group) == (
            NodeType.COMP,
            None,
            640,
            None,
        )
        assert forward.duration == 3000
        assert (gradients.type, gradients.collective, gradients.size, gradients.group) == (
            NodeType.COMM_COLL,
            CollectiveType.ALL_REDUCE,
            4096,
            "1",
        )
        assert gradients.duration == gradients.finished - 3000 > 0


def test_a_record_keeps_its_node_and_no_copy_of_it() -> None:
    et = [TraceBuilder(npu) for npu in range(4)]
    et[0].send("send", size=64, to=1)
    et[1].recv("receive", size=64, source=0)
    trace = Trace.of(et)
    run = Simulation(trace, SYSTEM, NETWORK).run(shortcuts="off")
    (record,) = run.nodes[1]
    assert record.et_node is trace.npus[1][0]
    assert (record.type, record.size, record.collective) == (NodeType.COMM_RECV, 64, None)


def test_frames_have_what_records_have() -> None:
    nodes = result("off").to_pandas().nodes
    first = nodes[nodes["npu"] == 0]
    assert first["type"].tolist() == ["COMP", "COMM_COLL"]
    assert first["collective"].tolist() == [None, "ALL_REDUCE"]
    assert first["size"].tolist() == [640, 4096]
    assert first["group"].tolist() == [None, "1"]
    assert (first["duration"] == first["finished"] - first["issued"]).all()


def test_a_result_prints_as_a_few_lines_and_is_shown_on_one() -> None:
    folded = result("always")
    lines = str(folded).splitlines()
    assert lines[0] == f"4 NPUs, {folded.makespan:,} ns ({folded.makespan / 1000:.2f} µs)"
    assert lines[1] == f"finish order: {ranges(folded.finish_order)}"
    assert lines[2].startswith("shortcut: fold: 4 NPUs as 1")
    assert repr(folded) == (
        f"<Result: makespan {folded.makespan} ns, 4 NPUs, 8 nodes, {len(folded.links)} links>"
    )


def test_warnings_are_counted_apart_from_remarks() -> None:
    et = TraceBuilder()
    et.all_reduce("gradients", size=4096)
    free = SYSTEM.model_copy(update={"local_mem_bw": 0})
    told = Simulation(et, free, NETWORK).run(shortcuts="off")
    severities = [notice.severity for notice in told.notices]
    warnings, remarks = (severities.count(it) for it in Severity)
    assert (warnings, remarks) != (0, 0)
    counts = str(told).splitlines()[-1].removesuffix(": see notices").split(", ")
    assert [it.rstrip("s") for it in counts] == [f"{warnings} warning", f"{remarks} remark"]
