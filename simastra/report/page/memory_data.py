"""What the page draws of NPUs' memory over time, as JSON values."""

from dataclasses import asdict
from typing import Any

from simastra.metrics import Metrics, NpuMemory
from simastra.view.alike import alike

from .words import npu_words

_MOST_SAMPLES = 1500
_MOST_LINES = 16


def memory_data(metrics: Metrics | None) -> dict[str, Any] | None:
    """Return a line for each kind of NPU, those that need most first; None if nothing is known."""
    if metrics is None or not metrics.memory:
        return None
    lines = sorted(alike(metrics.memory).items(), key=lambda it: (-it[0].peak.size, it[1]))
    return {
        "capacity": metrics.capacity,
        "total": len(lines),
        "lines": [_line(memory, npus) for memory, npus in lines[:_MOST_LINES]],
    }


def _line(memory: NpuMemory, npus: list[int]) -> dict[str, Any]:
    samples = _fewer(memory)
    return {
        "npus": npu_words(npus),
        "times": [time for time, _ in samples],
        "sizes": [size for _, size in samples],
        "static": asdict(memory.static),
        "peak": [memory.peak.time, memory.peak.size],
        "holders": [[it.name, it.node, it.size] for it in memory.holders],
    }


def _fewer(memory: NpuMemory) -> list[tuple[int, int]]:
    """The samples, or the largest of each of so many runs of them: the peak stays."""
    samples = [(it.time, it.size) for it in memory.samples]
    run = -(-len(samples) // _MOST_SAMPLES)
    if run == 1:
        return samples
    runs = (samples[k : k + run] for k in range(0, len(samples), run))
    return [max(part, key=lambda it: it[1]) for part in runs]
