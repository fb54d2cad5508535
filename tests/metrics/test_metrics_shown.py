"""Metrics and bounds as people read them, and as JSON."""

from dataclasses import replace

from simastra.metrics import (
    Bound,
    BoundPart,
    BoundPlace,
    LowerBound,
    MemoryHolder,
    MemorySample,
    Metrics,
    StaticMemory,
)
from simastra.metrics.npu_memory import NpuMemory
from simastra.metrics.shown import metric_rows

BOUND = Bound({BoundPart.COMPUTE: 3000}, {BoundPart.COMPUTE: BoundPlace("NPU 1", 1)}, makespan=4000)
BARE = Metrics(npus=2, step_time=4000)
KNOWN = replace(
    BARE,
    tokens=8,
    model_flops=16 * 10**9,
    executed_flops=12 * 10**9,
    peak_tflops=3000.0,
    exposed_communication=(500, 1000),
    slowest=1,
    bytes_by_purpose={"tensor": 1024, "pipeline": 5120},
)
SMALL = NpuMemory(StaticMemory(weights=10), (MemorySample(0, 10),), MemorySample(0, 10), (), 0)
LARGE = NpuMemory(
    StaticMemory(weights=1024, activations=12),
    (MemorySample(0, 1036), MemorySample(2000, 1536)),
    MemorySample(2000, 1536),
    tuple(MemoryHolder(f"t{size}", "f", size) for size in (200, 150, 100, 50)),
    5,
)


def test_nothing_is_told_that_is_not_known() -> None:
    assert metric_rows(BARE, BOUND) == {
        "bound": "3 µs by compute (NPU 1), so that 1 µs are slack, 25.0 %"
    }


def test_all_that_is_known_is_told_in_order() -> None:
    assert list(metric_rows(KNOWN, BOUND).items()) == [
        ("tokens/s", "2,000,000"),
        ("model FLOPs", "2,000 of 3,000 TFLOP/s an NPU"),
        ("MFU", "66.7 %"),
        ("HFU", "50.0 %"),
        ("exposed communication", "1 µs, 25.0 % of the time, on NPU 1"),
        ("bound", "3 µs by compute (NPU 1), so that 1 µs are slack, 25.0 %"),
        ("has to be sent", "pipeline 5 KiB, tensor 1 KiB"),
    ]


def test_more_than_the_peak_is_told() -> None:
    quick = replace(KNOWN, executed_flops=30 * 10**9)
    assert metric_rows(quick, BOUND)["HFU"] == (
        "125.0 %: computations take less time than peak-perf allows"
    )
    rounded = replace(KNOWN, executed_flops=24 * 10**9 + 2 * 10**7)
    assert metric_rows(rounded, BOUND)["HFU"] == "100.1 %"


def test_without_a_peak_it_is_told_why_there_is_no_utilisation() -> None:
    rows = metric_rows(replace(KNOWN, peak_tflops=None), BOUND)
    assert rows["model FLOPs"] == "2,000 TFLOP/s an NPU"
    assert rows["no MFU"] == "for want of peak-perf in the system file"
    assert not {"MFU", "HFU"} & set(rows)


def test_a_run_that_beats_its_bound_is_told() -> None:
    bound = Bound({BoundPart.COMPUTE: 0, BoundPart.LINKS: 3000}, makespan=2000)
    assert metric_rows(BARE, bound)["bound"] == (
        "3 µs by links, which the run beats: 1.5 times as fast as its network could be"
    )
    nothing = Bound({BoundPart.COMPUTE: 0}, makespan=0)
    assert nothing.overload == 0
    assert metric_rows(BARE, nothing)["bound"] == ("0 ns by compute, so that 0 ns are slack, 0.0 %")


def test_a_part_within_a_twentieth_of_the_largest_is_the_limit_if_it_is_the_first() -> None:
    def limit(compute: int) -> BoundPart:
        return LowerBound({BoundPart.COMPUTE: compute, BoundPart.DEPENDENCIES: 100}).limit

    assert (limit(95), limit(94)) == (BoundPart.COMPUTE, BoundPart.DEPENDENCIES)


def test_bytes_without_a_purpose_are_a_number() -> None:
    alone = replace(BARE, bytes_by_purpose={"unstated": 2048})
    assert metric_rows(alone, BOUND)["has to be sent"] == "2 KiB"
    both = replace(BARE, bytes_by_purpose={"unstated": 2048, "data": 3072})
    assert metric_rows(both, BOUND)["has to be sent"] == "data 3 KiB, unstated 2 KiB"


def test_the_memory_of_the_npu_that_needs_most_is_told() -> None:
    rows = metric_rows(replace(BARE, memory=(SMALL, LARGE), capacity=4096), BOUND)
    assert rows["peak memory"] == "1.5 KiB of 4 KiB, NPU 1 at 2 µs"
    assert rows["it holds"] == "weights 1 KiB, activations 512 B"
    assert rows["largest activations"] == "t200 200 B, t150 150 B, t100 100 B and 2 more"
    rows = metric_rows(replace(BARE, memory=(SMALL, SMALL)), BOUND)
    assert rows["peak memory"] == "10 B, NPU 0 at 0 ns"
    assert "largest activations" not in rows
    few = replace(LARGE, holders=LARGE.holders[:3], held=3)
    rows = metric_rows(replace(BARE, memory=(few,)), BOUND)
    assert rows["largest activations"] == "t200 200 B, t150 150 B, t100 100 B"


def test_npus_that_share_a_memory_are_listed_with_it_once() -> None:
    memory = replace(BARE, npus=3, memory=(LARGE, SMALL, LARGE)).to_dict()["memory"]
    assert memory == [{"npus": [0, 2], **LARGE.to_dict()}, {"npus": [1], **SMALL.to_dict()}]
    assert SMALL.to_dict()["samples"] == [[0, 10]]


def test_a_bound_in_json() -> None:
    assert BOUND.to_dict() == {
        "time": 3000,
        "limit": "compute",
        "slack": 1000,
        "overload": 0.75,
        "parts": {"compute": 3000},
        "places": {"compute": {"name": "NPU 1", "device": 1, "to": None}},
    }
