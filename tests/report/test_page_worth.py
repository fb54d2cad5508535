"""What a run is worth, on the page's first screen, and its memory over time."""

from dataclasses import replace

from support.made_runs import made_records, made_result, node
from support.pages import Page, page_of
from support.worth import BOUND, METRICS, Known, memory

from simastra.metrics import Bound, BoundPart, BoundPlace, Metrics, metric_rows
from simastra.report.page.memory_data import memory_data
from simastra.units import GiB


def page_with(metrics: Metrics) -> Page:
    nodes = [node(1, 0, 2_000_000)]
    result = replace(made_result(nodes, nodes), measures=Known(metrics, BOUND))
    return page_of(result, made_records(2))


def test_the_first_screen_tells_what_a_run_is_worth() -> None:
    assert page_with(METRICS).figures() == {
        "MFU": ("50.0 %", "HFU 66.7 % of 300 TFLOP/s an NPU"),
        "Tokens/s": ("2,048,000", "4,096 a step"),
        "Achieved by an NPU": ("150.0 TFLOP/s", "of the model's operations"),
        "Exposed communication": ("20.0 %", "400 µs of an NPU's step, on average"),
        "Memory at its peak": ("1 GiB", "25.0 % of 4 GiB"),
        "Can't be faster than": ("1.5 ms", "bound by compute; slack 25.0 %"),
    }


def test_a_run_that_beats_its_bound_says_by_how_much() -> None:
    places = {BoundPart.PORTS: BoundPlace("NPU 3", 3)}
    beaten = Bound(
        {BoundPart.COMPUTE: 1_000, BoundPart.PORTS: 6_000_000}, places, makespan=2_000_000
    )
    result = replace(made_result([node(1, 0, 2_000_000)]), measures=Known(METRICS, beaten))
    figure = page_of(result, made_records(1)).figures()["Can't be faster than"]
    assert figure == ("6 ms", "bound by ports (NPU 3); but the run is 3 times as fast")
    rows = metric_rows(METRICS, beaten)
    assert rows["bound"] == (
        "6 ms by ports (NPU 3), which the run beats: 3 times as fast as its network could be"
    )


def test_memory_that_does_not_fit_is_said_so() -> None:
    _, said = page_with(replace(METRICS, capacity=GiB)).figures()["Memory at its peak"]
    assert said == "100.0 % of 1 GiB: it doesn't fit"


def test_npus_with_the_same_memory_share_a_line() -> None:
    page = page_with(METRICS)
    assert page.data["memory"] == {
        "capacity": 4 * GiB,
        "total": 1,
        "lines": [
            {
                "npus": "NPUs 0, 1",
                "times": [0, 10, 20],
                "sizes": [GiB + 5, GiB + 9, GiB + 9],
                "static": {
                    "weights": GiB,
                    **dict.fromkeys(("gradients", "optimizer", "activations", "cache"), 0),
                },
                "peak": [10, GiB + 9],
                "holders": [["x", "F0.a", 9]],
            }
        ],
    }
    assert "memory" in page.sections


def test_of_many_samples_the_peak_stays() -> None:
    sizes = [it % 97 for it in range(40_000)]
    sizes[31_234] = 5000
    data = memory_data(replace(METRICS, memory=(memory(*sizes),)))
    assert data is not None
    (line,) = data["lines"]
    assert 1000 < len(line["times"]) <= 1500
    assert line["sizes"][line["times"].index(312_340)] == GiB + 5000
    assert line["peak"] == [312_340, GiB + 5000]


def test_nothing_is_drawn_of_memory_of_which_nothing_is_known() -> None:
    assert memory_data(None) is None
    assert "memory" not in page_with(replace(METRICS, memory=())).sections
