"""Made results of a sweep, for its page and plots: numbers that can be worked out."""

from __future__ import annotations

from itertools import product
from typing import Any

from simastra.sweep.results import ColumnFacts, SweepResults

BANDWIDTHS = (25, 50, 100, 200)
ALGORITHMS = ("ring", "direct", "tree")
FACTS = {
    "memory_per_npu": ColumnFacts("B", "what an NPU's memory holds at its peak"),
    "mfu": ColumnFacts("%"),
}


def made_results(seeds: int = 1, more: int = 1, for_each: tuple[str, ...] = ()) -> SweepResults:
    """Points over bandwidth, algorithm and tp; of tp 4, trees can't run.

    Args:
        seeds: repeats of each point, 10 ns apart; an axis chooses them if there are several.
        more: so many times as many values of tp.
        for_each: axes whose values aren't compared with each other.
    """
    tps = tuple(range(1, 3 * more + 1)) if more > 1 else (1, 2, 4)
    axes: dict[str, tuple[object, ...]] = {
        "network.bandwidth[0]": BANDWIDTHS,
        "algorithm": ALGORITHMS,
        "generate.tp": tps,
    }
    if seeds > 1:
        axes["seed"] = tuple(range(seeds))
    rows = [
        _row(number, dict(zip(axes, values, strict=True)))
        for number, values in enumerate(product(*axes.values()))
    ]
    document = {
        "title": "Ring or <switch>",
        "axes": [{"name": it, "keys": [it], "values": list(axes[it])} for it in axes],
        "objectives": {"makespan_ns": "min", "cost": "min"},
        "for-each": list(for_each),
    }
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    return SweepResults(columns, document, FACTS, "simastra sweep --replay out")


def _row(number: int, setting: dict[str, Any]) -> dict[str, Any]:
    bandwidth, algorithm, tp, seed = [*setting.values(), 0][:4]
    compute = 1_000_000 // tp
    communication = (4_000_000 + 1_000_000 * ALGORITHMS.index(algorithm)) * tp // bandwidth
    makespan = compute + communication + 500 + 10 * seed
    fails = algorithm == "tree" and tp == 4
    measured = {
        "makespan_ns": makespan,
        "compute_ns": compute,
        "exposed_communication_ns": communication,
        "remote_memory_ns": 0,
        "idle_ns": 500 + 10 * seed,
        "bound_ns": compute,
        "bound_limit": "compute",
        "memory_per_npu": 2**30 * 8 // tp,
        "mfu": compute / makespan,
    }
    return {
        "number": number,
        "point": f"{number:016x}",
        **setting,
        "status": "error" if fails else "ok",
        "error": "algorithm: a tree needs tp of 1 or 2; it is 4" if fails else None,
        **{name: None if fails else it for name, it in measured.items()},
        "npus": 8,
        "cost": 8 * 30_000 + bandwidth * 100,
    }
