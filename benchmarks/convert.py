"""What converting a PyTorch trace costs, against its length: one step of a GPT repeated."""

import json
from collections.abc import Iterator
from time import perf_counter
from typing import Any

from simastra.convert.pytorch import convert_pytorch, parse_linked

from .record import Row

LAYERS = 24
OPERATORS = 16
"""Operators of a layer, each with a kernel; half of them forward, half backward."""
NODES = (5_000, 20_000, 80_000)


def measure() -> list[Row]:
    """Convert traces of each length."""
    return [_measure(nodes) for nodes in NODES]


def _measure(nodes: int) -> Row:
    data = json.dumps({"schema": "1.1.1-chakra.0.0.4", "nodes": list(_entries(nodes))}).encode()
    start = perf_counter()
    trace = parse_linked(data, "gpt.json")
    read = perf_counter()
    conversion = convert_pytorch(trace)
    end = perf_counter()
    row: Row = {
        "nodes": sum(conversion.types.values()),
        "megabytes": round(len(data) / 1e6, 1),
        "read_seconds": round(read - start, 2),
        "convert_seconds": round(end - read, 2),
    }
    print(f"  {row['nodes']:6} nodes: read {row['read_seconds']} s, {row['convert_seconds']} s")
    return row


def _entries(nodes: int) -> Iterator[dict[str, Any]]:
    """Forward on one thread, backward on another, an all-reduce for each layer."""
    number, time = 0, 0.0
    while number < nodes:
        for step in range(2 * LAYERS):
            tid = 1 + (step >= LAYERS)
            for place in range(OPERATORS // 2):
                storage = 1 + step * OPERATORS + place
                is_reduction = tid > 1 and place == OPERATORS // 2 - 1
                name = "nccl:all_reduce" if is_reduction else "aten::addmm"
                kernel = (
                    "ncclDevKernel_AllReduce_Sum_f32_RING_LL" if is_reduction else "ampere_gemm"
                )
                call = _entry(number, name, time, 20.5, tid, storage)
                yield call
                launch = _entry(number + 1, kernel, time + 9, 14.25, tid, storage)
                launch.update(ctrl_deps=number, cat="kernel", stream=20 if is_reduction else 7)
                yield launch
                number, time = number + 2, time + 22.0


def _entry(
    number: int, name: str, time: float, duration: float, tid: int, storage: int
) -> dict[str, Any]:
    tensor = [storage + 5000, storage, 0, 65536, 4, "cuda:0"]
    return {
        "id": number,
        "name": name,
        "ctrl_deps": None,
        "ts": time,
        "inclusive_dur": duration,
        "exclusive_dur": duration,
        "inputs": {"values": [tensor], "shapes": [[65536]], "types": ["Tensor(float)"]},
        "outputs": {"values": [], "shapes": [], "types": []},
        "attrs": [{"name": "rf_id", "value": number}, {"name": "tid", "value": tid}],
    }
