"""What two results are worth, beside each other."""

from dataclasses import replace

from support.machines import all_reduce_on_ring_of_8, network, one_collective, system
from support.made_runs import made_result, node

from simastra.metrics import KnownMeasures, Metrics
from simastra.report.compared_metrics import compared_metrics
from simastra.result import Result
from simastra.simulation import Simulation
from simastra.trace import CollectiveType


def half_as_fast() -> Result:
    shape = network(("Ring", 8), bandwidth=25)
    return Simulation(one_collective(CollectiveType.ALL_REDUCE), system(), shape).run()


def with_metrics(result: Result, **known: float) -> Result:
    metrics = replace(result.metrics, **known)
    assert isinstance(metrics, Metrics)
    return replace(result, measures=KnownMeasures(metrics, result.bound))


def test_times_differ_by_what_b_takes_longer() -> None:
    a, b = all_reduce_on_ring_of_8().run(), half_as_fast()
    rows = compared_metrics(a, b).rows
    assert rows[0] == ("exposed communication", "117.78 µs", "151.94 µs", "+34.16 µs")
    assert [row[0] for row in rows] == ["exposed communication", "bound", "slack"]
    assert compared_metrics(b, a).rows[0][3] == "-34.16 µs"
    assert {row[3] for row in compared_metrics(a, a).rows} == {"0 ns"}


def test_rates_differ_by_parts_and_utilisations_by_points() -> None:
    """1e9 operations of 8 NPUs in 117.78 and 151.94 us, of 10 TFLOP/s each."""
    known = {"tokens": 1000, "model_flops": 10**9, "executed_flops": 2 * 10**9, "peak_tflops": 10.0}
    a = with_metrics(all_reduce_on_ring_of_8().run(), **known)
    b = with_metrics(half_as_fast(), **known)
    rows = {row[0]: row[1:] for row in compared_metrics(a, b).rows}
    assert rows["tokens/s"] == ("8,490,406", "6,581,545", "-22.5 %")
    assert rows["TFLOP/s an NPU"] == ("1.061", "0.8227", "-22.5 %")
    assert rows["MFU"] == ("10.6 %", "8.2 %", "-2.4 points")
    assert rows["HFU"] == ("21.2 %", "16.5 %", "-4.8 points")


def test_what_one_of_them_has_not_is_left_out() -> None:
    a, b = all_reduce_on_ring_of_8().run(), half_as_fast()
    told = with_metrics(b, tokens=1000)
    assert "tokens/s" not in {row[0] for row in compared_metrics(a, told).rows}
    assert "tokens/s" not in {row[0] for row in compared_metrics(told, a).rows}


def test_of_results_made_by_hand_nothing_is_known() -> None:
    made = made_result([node(1, 0, 10)])
    assert compared_metrics(made, all_reduce_on_ring_of_8().run()).rows == ()
