"""Where the difference of two runs comes from, in numbers that can be followed by hand."""

import json
import pickle
from typing import Any

import pytest
from compared_runs import all_reduce, explained, runs, sender_and_receiver
from support.machines import all_reduce_on_ring_of_8, network, system

from simastra.difference import CollectiveKey, Difference, LinkKey, NodeKey
from simastra.engine import Category
from simastra.errors import ArgumentError, OptionError
from simastra.result import Result
from simastra.simulation import Simulation
from simastra.trace import TraceBuilder

SLOW_WIRE = """\
B is 15.8 % slower: 8,941 ns rather than 7,720 ns, +1,221 ns
mostly serialisation: +1,221 ns, 100.0 % of it; send: +1,221 ns; NPU 0, node 2 (activations): \
+1,221 ns; link NPU 0 to NPU 1: +1,221 ns
the critical paths first differ at 5,000 ns: serialisation of NPU 0, node 2 (activations) on the \
link NPU 0 to NPU 1 takes 1,220 ns in A and 2,441 ns in B

by cause
cause          A, ns  B, ns  difference, ns     of A
serialisation  1,220  2,441          +1,221  +15.8 %
2 alike        6,500  6,500               0        -
sum            7,720  8,941          +1,221  +15.8 %

by kind of work
work     A, ns  B, ns  difference, ns     of A  of which, ns
send     1,720  2,941          +1,221  +15.8 %  serialisation +1,221
2 alike  6,000  6,000               0        -
sum      7,720  8,941          +1,221  +15.8 %

by node
    NPU  node  name         A, ns  B, ns  difference, ns     of A  of which, ns
      0     2  activations  1,720  2,941          +1,221  +15.8 %  serialisation +1,221
2 alike                     6,000  6,000               0        -
    sum                     7,720  8,941          +1,221  +15.8 %

by link
from     to     A, ns  B, ns  difference, ns     of A  of which, ns
NPU 0    NPU 1  1,720  2,941          +1,221  +15.8 %  serialisation +1,221
1 alike         6,000  6,000               0        -
sum             7,720  8,941          +1,221  +15.8 %

by NPU: the differences of each one's own time
NPUs  A finishes, ns  B finishes, ns  serialisation  sum, ns
0              6,720           7,941         +1,221   +1,221
1              7,720           8,941         +1,221   +1,221"""


def slow_wire() -> Difference:
    return sender_and_receiver().diff(sender_and_receiver(bandwidth=25))


def test_as_text() -> None:
    assert str(slow_wire()) == SLOW_WIRE


def test_half_the_bandwidth_is_serialisation_of_one_message_on_one_link() -> None:
    difference = slow_wire()
    assert difference.makespan == 1221
    cause, *alike = difference.by_cause
    assert (cause.what, cause.a, cause.b) == (Category.SERIALISATION, 1220, 2441)
    assert {it.what: it.difference for it in alike} == {Category.COMPUTE: 0, Category.LATENCY: 0}
    assert difference.by_node[0].what == NodeKey(0, 2, "activations")
    assert difference.by_node[0].causes == {Category.SERIALISATION: 1221}
    assert difference.by_link[0].what == LinkKey("NPU 0", "NPU 1")
    assert [it.what for it in difference.by_collective] == [None]


def test_the_first_divergence_is_the_same_thing_that_takes_longer() -> None:
    found = slow_wire().first_divergence
    assert found is not None
    assert found.is_same
    assert (found.time, found.node) == (5000, NodeKey(0, 2, "activations"))
    assert found.a is not None
    assert found.b is not None
    assert (found.a.duration, found.b.duration) == (1220, 2441)


def test_the_first_divergence_is_another_thing() -> None:
    found = sender_and_receiver().diff(all_reduce()).first_divergence
    assert found is not None
    assert not found.is_same
    assert found.time == 0
    assert found.a is not None
    assert found.b is not None
    assert (found.a.name, found.b.name) == ("forward", "ALL_REDUCE")


def test_what_is_on_one_path_only_has_no_time_on_the_other() -> None:
    difference = sender_and_receiver().diff(all_reduce())
    nodes = {it.what: it for it in difference.by_node}
    forward = nodes[NodeKey(0, 1, "forward")]
    assert (forward.a, forward.b, forward.difference) == (5000, None, -5000)
    (found,) = [it for it in difference.by_collective if it.what is not None]
    assert found.what == CollectiveKey("ALL_REDUCE", "ALL_REDUCE", 2**20, 0)
    assert (found.a, found.b) == (None, 117780)


def test_causes_that_make_up_for_each_other_are_told() -> None:
    """4 NPUs with half the bandwidth: fewer steps, of twice the size, on half the rate."""
    difference = all_reduce().diff(all_reduce(npus=4, bandwidth=25))
    assert {it.what: it.difference for it in difference.by_cause} == {
        Category.SERIALISATION: 24424,
        Category.LATENCY: -16000,
        Category.REDUCTION: -7860,
        Category.ENDPOINT: -320,
    }
    assert difference.makespan == 244
    assert difference.headline.startswith("B is 0.2 % slower")
    assert difference.reason.startswith(
        "mostly serialisation: +24,424 ns; all-reduce: +24,424 ns; "
    )


def test_switches_are_no_npus_of_the_other_machine() -> None:
    """Device 8 is a switch of 8 NPUs, and an NPU of 16."""
    difference = all_reduce("Switch", 8).diff(all_reduce("Ring", 16))
    found = {it.what: it for it in difference.by_link}
    (switch,) = {it.src for it in found if it is not None and it.src.startswith("switch")}
    assert switch == "switch 8"
    assert all(
        it.b is None
        for key, it in found.items()
        if key is not None and switch in {key.src, key.dst}
    )
    assert found[LinkKey("NPU 7", "NPU 8")].a is None


def test_npus_of_one_machine_only_have_all_their_time_there() -> None:
    difference = all_reduce().diff(all_reduce(npus=4))
    assert [it.npu for it in difference.npus] == list(range(8))
    gone = difference.npus[7]
    assert (gone.b, gone.finish, gone.difference) == (None, -117780, -117780)
    assert "4 to 7         117,780               -" in str(difference)


def test_equal_makespans_may_be_spent_in_other_ways() -> None:
    """A microsecond more of computing, two latencies of 500 ns less."""
    difference = sender_and_receiver(latency=1500).diff(sender_and_receiver(micros=6))
    assert difference.makespan == 0
    assert not difference.is_empty
    assert difference.headline == "A and B both take 8,720 ns, but don't spend it alike"
    assert difference.reason.startswith("mostly compute: +1,000 ns")
    assert [it.difference for it in difference.by_cause] == [1000, -1000, 0]


def test_faster() -> None:
    difference = sender_and_receiver(bandwidth=25).diff(sender_and_receiver())
    assert difference.headline == "B is 13.7 % faster: 7,720 ns rather than 8,941 ns, -1,221 ns"
    assert difference.reason.startswith("mostly serialisation: -1,221 ns, 100.0 % of it")


@pytest.mark.parametrize("top", [0, 1, 3])
def test_what_is_not_shown_is_summed(top: int) -> None:
    text = all_reduce().diff(all_reduce(npus=4, bandwidth=25)).text(top)
    by_cause = text.partition("by cause\n")[2].partition("\n\n")[0].splitlines()
    assert len(by_cause) == top + 3  # headings, the rest, the sum
    assert by_cause[-2].startswith(f"and {4 - top} more")
    shown = [24424, -16000, -7860, -320]
    assert f"{sum(shown[top:]):+,}" in by_cause[-2]
    assert by_cause[-1].split() == ["sum", "117,780", "118,024", "+244", "+0.2", "%"]


def test_as_plain_data() -> None:
    document = json.loads(json.dumps(slow_wire().to_dict()))
    assert document["makespan"] == {"a": 7720, "b": 8941, "difference": 1221}
    assert document["causes"][0] == {
        "cause": "serialisation",
        "a_ns": 1220,
        "b_ns": 2441,
        "difference_ns": 1221,
    }
    assert [it["work"] for it in document["work"]] == ["send", "forward", "compute"]
    assert document["nodes"][0] == {
        "npu": 0,
        "node": 2,
        "name": "activations",
        "a_ns": 1220 + 500,
        "b_ns": 2441 + 500,
        "difference_ns": 1221,
        "serialisation_ns": 1221,
    }
    assert document["links"][1] == {
        "from": None,
        "to": None,
        "a_ns": 6000,
        "b_ns": 6000,
        "difference_ns": 0,
        "serialisation_ns": 0,
    }
    assert document["npus"][1]["finish_b_ns"] == 8941
    assert document["first_divergence"]["b"]["link"] == [0, 1]


def test_as_data_frames() -> None:
    pytest.importorskip("pandas")
    frames = all_reduce().diff(all_reduce(npus=4)).to_pandas()
    assert frames.causes["difference_ns"].sum() == frames.nodes["difference_ns"].sum()
    assert str(frames.nodes["b_ns"].dtype) == "Int64"
    assert frames.nodes["b_ns"].isna().sum() == 4
    assert list(frames.links.columns[:3]) == ["from", "to", "a_ns"]
    assert list(frames.npus["finish_a_ns"]) == [117780] * 8


def test_in_a_notebook() -> None:
    shown = slow_wire()._repr_html_()
    assert "B is 15.8 % slower" in shown
    assert shown.count("<table") == 5
    same = sender_and_receiver()
    assert "<table" not in same.diff(same)._repr_html_()


def test_a_result_without_an_explanation_says_how_to_have_one() -> None:
    plain, told = all_reduce_on_ring_of_8().run(), all_reduce()
    with pytest.raises(OptionError, match=r"A has no explanation.*run\(explain=True\)"):
        plain.diff(told)
    with pytest.raises(OptionError, match="B has no explanation"):
        told.diff(plain)


@pytest.mark.parametrize("other", [None, "b.json", 3])
def test_a_result_differs_from_results_only(other: Any) -> None:
    result = runs()[0]
    with pytest.raises(ArgumentError, match=r"^other must be a Result, not .*; write a\.diff\(b\)"):
        result.diff(other)


def test_an_explained_result_is_the_same_result() -> None:
    simulation: Simulation = all_reduce_on_ring_of_8()
    plain, told = simulation.run(shortcuts="off"), explained(simulation)
    assert (told.finishes, told.nodes, told.links) == (plain.finishes, plain.nodes, plain.links)
    assert told.explanation == simulation.explain().record()
    assert "explanation" not in plain.to_dict()
    assert told.to_dict()["explanation"]["makespan"] == told.makespan


def test_results_of_other_processes_can_be_compared() -> None:
    there: Result = pickle.loads(pickle.dumps(sender_and_receiver(bandwidth=25)))
    assert sender_and_receiver().diff(there) == slow_wire()


def test_a_path_may_end_where_the_other_goes_on() -> None:
    """1 computes for a microsecond, and in B for another one."""

    def chain(count: int) -> Result:
        trace = TraceBuilder()
        last = trace.compute("first", micros=1)
        for number in range(1, count):
            last = trace.compute(f"more {number}", micros=1, after=last)
        return explained(Simulation(trace, system(), network(("Ring", 2))))

    difference = chain(1).diff(chain(2))
    found = difference.first_divergence
    assert found is not None
    assert (found.time, found.a, found.is_same) == (1000, None, False)
    assert found.node == NodeKey(0, 2, "more 1")
    assert (
        "first differ at 1,000 ns: A has the end, B has compute of NPU 0, node 2 (more 1) for "
        "1,000 ns" in difference.summary
    )


def test_npus_that_differ_alike_share_a_row() -> None:
    text = str(all_reduce().diff(all_reduce(bandwidth=25)))
    assert "\n0 to 7         117,780         151,940" in text


def test_rows_that_differ_by_as_much_are_in_the_order_of_npus() -> None:
    rows = all_reduce().diff(all_reduce(latency=0)).by_node
    alike = [row.what.npu for row in rows if row.what and row.difference == rows[-1].difference]
    assert alike == sorted(alike, key=lambda npu: -1 if npu is None else npu)
    assert len(alike) > 1
