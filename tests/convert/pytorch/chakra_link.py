"""Links traces as Chakra's linker of hoti2024 does, its errors included: an oracle's input.

(Specification: chakra-toolchain.md 2.4.)
"""

import gzip
import json
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_LAUNCHES = {
    "cuLaunchKernel",
    "cuLaunchKernelEx",
    "cudaLaunchKernel",
    "cudaLaunchKernelExC",
    "cudaMemcpy",
    "cudaMemcpyAsync",
    "cudaMemcpyFromSymbol",
    "cudaMemcpyToSymbol",
    "cudaLaunchCooperativeKernel",
}
_GAP = 1000  # us


@dataclass(eq=False)
class Event:
    """One event of the device trace."""

    event: dict[str, Any]
    ts: float = 0
    dur: float = 0
    own: float = 0
    tid: int = 0
    follows: int | None = None
    host: int | None = None
    kernels: list["Event"] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ts, self.dur = self.event.get("ts", 0), self.event.get("dur", 0)
        self.own, self.tid = self.dur, self.event.get("tid", 0)

    @property
    def name(self) -> str:
        return self.event.get("name", "")

    @property
    def cat(self) -> str:
        return self.event.get("cat", "")

    def arg(self, name: str) -> Any:
        return (self.event.get("args") or {}).get(name)


def load(path: Path) -> Any:
    """Read a JSON file, gzip-compressed."""
    return json.loads(gzip.decompress(path.read_bytes()))


def chakra_linked(host_path: Path, device_path: Path) -> bytes:
    """Return the linked trace of two files, as JSON."""
    host = load(host_path)
    events = sorted((Event(e) for e in load(device_path)["traceEvents"]), key=lambda e: e.ts)
    cpu = [e for e in events if e.cat in {"cpu_op", "user_annotation"} and "Profil" not in e.name]
    threads: dict[int, list[Event]] = defaultdict(list)
    for event in cpu:
        threads[event.tid].append(event)
    for thread in threads.values():
        _own_times(thread)
    for tid in threads:
        _follow(tid, threads)
    _hang_kernels(events, cpu)
    by_rf = {e.arg("Record function id"): e for e in cpu if e.arg("Record function id") is not None}
    host["nodes"] = _numbered(host["nodes"], by_rf)
    return json.dumps(host).encode()


def _own_times(thread: list[Event]) -> None:
    ordered = sorted(thread, key=lambda e: (e.ts, e.dur))
    for position, event in enumerate(ordered):
        end = event.ts + event.dur
        merged: list[tuple[float, float]] = []
        for child in ordered[position + 1 :]:
            if end < child.ts:
                break
            if child.ts + child.dur <= end:
                start, stop = child.ts, child.ts + child.dur
                if merged and start <= merged[-1][1]:
                    start, stop = merged[-1][0], max(merged.pop()[1], stop)
                merged.append((start, stop))
        for start, stop in merged:
            event.own -= stop - start


def _follow(tid: int, threads: dict[int, list[Event]]) -> None:
    others = sorted((e for t, es in threads.items() if t != tid for e in es), key=lambda e: e.ts)
    times = [e.ts for e in others]
    follows, end = None, float("-inf")
    for event in threads[tid]:
        if event.ts - end > _GAP:
            place = bisect_left(times, event.ts)
            follows = others[place - 1].arg("Record function id") if place else None
        event.follows = follows
        end = event.ts + event.dur


def _hang_kernels(events: list[Event], cpu: list[Event]) -> None:
    kinds = {"cuda_runtime", "cuda_driver"}
    launches = {e.arg("correlation"): e for e in events if e.cat in kinds and e.name in _LAUNCHES}
    times = [e.ts for e in cpu]
    for kernel in events:
        launch = launches.get(kernel.arg("correlation"))
        if kernel.cat not in {"kernel", "gpu_memcpy"} or launch is None:
            continue
        kernel.tid, kernel.ts = launch.tid, launch.ts
        place = bisect_left(times, launch.ts)
        while place and cpu[place - 1].tid != kernel.tid:
            place -= 1
        if place:
            cpu[place - 1].kernels.append(kernel)


def _numbered(nodes: list[dict[str, Any]], by_rf: dict[int, Event]) -> list[dict[str, Any]]:
    numbers: dict[int, int] = {}
    free = 0
    result = []
    for node in sorted(nodes, key=lambda node: node["id"]):
        old = node["id"]
        if old not in numbers:
            numbers[old], free = free, free + 1
        node["id"] = numbers[old]
        result.append(node)
        rf_id = next(a["value"] for a in node["attrs"] if a["name"] == "rf_id")
        event = by_rf.get(rf_id)
        if event is None or node["name"].startswith("[pytorch"):
            continue
        event.host = old
        before = by_rf[event.follows].host if event.follows else None
        node.update(inclusive_dur=event.dur, exclusive_dur=event.own, ts=event.ts)
        node["inter_thread_dep"] = None if before is None else numbers.get(before, before)
        for kernel in sorted(event.kernels, key=lambda e: e.ts):
            copied = {**node, "id": free, "ctrl_deps": old, "cat": kernel.cat, "ts": kernel.ts}
            copied.update(name=kernel.name, stream=kernel.arg("stream"))
            copied.update(inclusive_dur=kernel.dur, exclusive_dur=kernel.dur)
            result.append(copied)
            free += 1
    for node in sorted(result, key=lambda node: node["id"]):
        parent = node["ctrl_deps"]
        if parent not in numbers:
            numbers[parent], free = free, free + 1
        node["ctrl_deps"] = numbers[parent]
    return sorted(result, key=lambda node: node["id"])
