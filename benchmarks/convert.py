"""What converting a PyTorch trace costs, against its length: one step of a GPT repeated.

Chakra's converter is timed on the same file where it is installed (``mlc-chakra==1.0.0``): whole
processes, ours and theirs, one after the other.
"""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from simastra.convert.pytorch import convert_pytorch, parse_linked

from .record import Row

LAYERS = 24
OPERATORS = 16
"""Operators of a layer, each with a kernel; half of them forward, half backward."""
THREADS = (1, 2)
"""One runs forward, the other backward; the numbers of their roots too."""
NODES = (5_000, 20_000, 80_000)


def measure() -> list[Row]:
    """Convert traces of each length."""
    return [_measure(nodes) for nodes in NODES]


def _measure(nodes: int) -> Row:
    header = {"schema": "1.1.1-chakra.0.0.4", "pid": 1, "time": "", "start_ts": 0, "finish_ts": 0}
    data = json.dumps({**header, "nodes": list(_entries(nodes))}).encode()
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
    if importlib.util.find_spec("chakra"):
        row.update(_paired(data))
    return row


def _paired(data: bytes) -> Row:
    """Seconds of both converters' processes on one file, and their ratio."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        linked = folder / "linked.json"
        linked.write_bytes(data)
        ours = _seconds(
            ["simastra", "convert", "pytorch", str(linked), "--output", str(folder / "ours.et")]
        )
        words = ["--input", str(linked), "--output", str(folder / "theirs.et")]
        theirs = _seconds(["chakra.src.converter.converter", "PyTorch", *words])
    print(f"         as processes: ours {ours:.2f} s, Chakra's {theirs:.2f} s")
    return {
        "process_seconds": round(ours, 2),
        "chakra_seconds": round(theirs, 2),
        "chakra_by_ours": round(theirs / ours, 1),
    }


def _seconds(words: list[str]) -> float:
    start = perf_counter()
    subprocess.run([sys.executable, "-m", *words], check=True, capture_output=True)
    return perf_counter() - start


def _entries(nodes: int) -> Iterator[dict[str, Any]]:
    """Forward on one thread, backward on another, an all-reduce for each layer."""
    for thread in THREADS:
        root = "[pytorch|profiler|execution_trace|thread]"
        yield _entry(thread, root, 0.0, 0.0, thread, 0)
    number, time = len(THREADS) + 1, 0.0
    while number < nodes:
        for step in range(2 * LAYERS):
            tid = THREADS[step >= LAYERS]
            for place in range(OPERATORS // 2):
                storage = 1 + step * OPERATORS + place
                is_reduction = tid == THREADS[1] and place == OPERATORS // 2 - 1
                name = "nccl:all_reduce" if is_reduction else "aten::addmm"
                kernel = (
                    "ncclDevKernel_AllReduce_Sum_f32_RING_LL" if is_reduction else "ampere_gemm"
                )
                call = _entry(number, name, time, 20.5, tid, storage)
                call.update(ctrl_deps=tid)
                yield call
                launch = _entry(number + 1, kernel, time + 9, 14.25, tid, storage)
                launch.update(ctrl_deps=number, cat="kernel", stream=20 if is_reduction else 7)
                yield launch
                number, time = number + 2, time + 22.0


_OTHER_ATTRIBUTES = {"fw_parent": 0, "seq_id": -1, "scope": 7, "fw_tid": 0, "op_schema": ""}
"""What Chakra's converter can't do without."""


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
        "attrs": [
            {"name": key, "value": value}
            for key, value in {"rf_id": number, "tid": tid, **_OTHER_ATTRIBUTES}.items()
        ],
    }
