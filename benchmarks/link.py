"""Linking recordings of 5,000 to 80,000 operators: seconds, and memory beside the traces' size.

A recorded pair is linked too, where there is one; and Chakra's linker links it, where that is
installed (``mlc-chakra==1.0.0`` and PARAM's ``et_replay``), for the ratio.
"""

import gzip
import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from .record import Row

SIZES = (5_000, 20_000, 80_000)
"""Operators. Every second launches a kernel."""

_OURS = r"""
import re, sys
from pathlib import Path
from simastra.convert.link import link_traces
def peak():  # of Linux; getrusage's would count the parent's memory too
    return int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024
before = peak()
summary = link_traces(*sys.argv[1:4])
print(summary.linked, summary.launched, (peak() - before) / 1e6)
"""
_MB = 1e6
_PID = 77
_THREAD = 101


RECORDED = Path(__file__).parents[2] / "shared" / "data" / "traces" / "resnet50_ddp2"
"""A recorded pair, if it lies beside the project: Chakra's linker takes no invented one."""


def measure() -> list[Row]:
    """Measure each size in turn, and the recorded pair."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [_invented(size, folder) for size in SIZES]
        if RECORDED.is_dir():
            rows.append(_recorded(folder))
    return rows


def _invented(operators: int, folder: Path) -> Row:
    host, device = folder / "host.json", folder / "device.json"
    host.write_text(json.dumps(_host(operators)), encoding="utf-8")
    device.write_text(json.dumps(_device(operators)), encoding="utf-8")
    row = _measure("invented", host, device, folder)
    if (row["operators"], row["kernels"]) != (operators, operators // 2):
        sys.exit(f"{row['operators']} operators and {row['kernels']} kernels, of {operators}")
    return row


def _recorded(folder: Path) -> Row:
    for name in ("host", "device"):
        packed = (RECORDED / f"{name}_0.json.gz").read_bytes()
        (folder / f"{name}.json").write_bytes(gzip.decompress(packed))
    host, device = folder / "host.json", folder / "device.json"
    row = _measure("ResNet-50, recorded", host, device, folder)
    seconds = row["seconds"]
    if all(map(importlib.util.find_spec, ("chakra", "et_replay", "hta"))):
        theirs = _chakra(host, device, folder)
        row.update(
            chakra_seconds=round(theirs, 2), chakra_by_ours=round(theirs / float(seconds), 1)
        )
        print(f"  Chakra: {theirs:.2f} s, {row['chakra_by_ours']} times as long")
    return row


def _measure(name: str, host: Path, device: Path, folder: Path) -> Row:
    size = (host.stat().st_size + device.stat().st_size) / _MB
    seconds, printed = _timed(
        [sys.executable, "-c", _OURS, str(host), str(device), str(folder / "linked.json")]
    )
    linked, launched, peak = printed.split()
    row: Row = {
        "traces": name,
        "operators": int(linked),
        "kernels": int(launched),
        "megabytes": round(size, 1),
        "seconds": round(seconds, 2),
        "megabytes_per_second": round(size / seconds, 1),
        "memory_by_input": round(float(peak) / size, 2),
    }
    print(
        f"  {name}, {linked} operators, {launched} kernels, {size:.1f} MB: {seconds:.2f} s = "
        f"{row['megabytes_per_second']} MB/s, in {row['memory_by_input']} times their memory"
    )
    return row


def _chakra(host: Path, device: Path, folder: Path) -> float:
    files = {
        "--chakra-host-trace": host,
        "--chakra-device-trace": device,
        "--output-file": folder / "chakra.json",
    }
    options = [word for option, path in files.items() for word in (option, str(path))]
    linker = [sys.executable, "-m", "chakra.src.trace_link.trace_link", "--rank", "0"]
    return _timed([*linker, *options])[0]


def _timed(words: list[str]) -> tuple[float, str]:
    start = perf_counter()
    process = subprocess.run(words, check=True, capture_output=True, text=True)
    return perf_counter() - start, process.stdout


def _host(operators: int) -> dict[str, Any]:
    root = "[pytorch|profiler|execution_trace|"
    nobody: dict[str, list[object]] = {"values": [], "shapes": [], "types": []}
    tensor = {"values": [[7, 8, 0, 4096, 4, "cuda:0"]] * 2, "shapes": [[64, 64]] * 2}
    inputs = {**tensor, "types": ["Tensor(float)"] * 2}

    def node(id_: int, name: str, parent: int, tid: int) -> dict[str, Any]:
        attributes = {"rf_id": max(0, id_ - 2), "fw_parent": 0, "seq_id": -1, "scope": 0}
        return {
            "id": id_,
            "name": name,
            "ctrl_deps": parent,
            "inputs": inputs,
            "outputs": nobody,
            "attrs": [
                {"name": key, "type": "int64", "value": value}
                for key, value in {**attributes, "tid": tid, "fw_tid": 0}.items()
            ],
        }

    roots = [node(1, root + "process]", 1, 0), node(2, root + "thread]", 1, 1)]
    pairs = [node(id_, _name(id_), 2 + (id_ % 2 == 0) * (id_ - 3), 1) for id_ in _ids(operators)]
    return {"schema": "1.0.3-chakra.0.0.4", "pid": _PID, "nodes": [*roots, *pairs]}


def _ids(operators: int) -> range:
    return range(3, 3 + operators)


def _name(id_: int) -> str:
    return "aten::linear" if id_ % 2 else "aten::addmm"


def _device(operators: int) -> dict[str, Any]:
    """Pairs of operators: one of 90 µs, and within it one of 60 µs, which launches a kernel."""
    events = [_event("user_annotation", "ProfilerStep#1", 0, 100 * operators, {})]
    for id_ in _ids(operators):
        outer = bool(id_ % 2)
        start = 1000 + 100 * (id_ // 2) + (not outer) * -80
        args = {"Record function id": id_ - 2, "External id": id_, "Ev Idx": id_}
        events.append(_event("cpu_op", _name(id_), start, 90 if outer else 60, args))
        if not outer:
            args = {"External id": id_, "correlation": id_, "stream": 7, "device": 0}
            events.append(_event("cuda_runtime", "cudaLaunchKernel", start + 10, 5, args))
            kernel = _event("kernel", "gemm", start + 20, 50, args)
            events.append({**kernel, "pid": 0, "tid": 7})
    return {"distributedInfo": {"rank": 0}, "traceEvents": events}


def _event(cat: str, name: str, start: int, duration: int, args: dict[str, Any]) -> dict[str, Any]:
    times = {"ts": 4_000_000_000 + start, "dur": duration}
    return {"ph": "X", "cat": cat, "name": name, "pid": _PID, "tid": _THREAD, **times, "args": args}
