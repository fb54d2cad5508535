"""A ring all-reduce of 1 MiB among 8, 64 and 256 NPUs: loading its trace, and simulating it."""

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from simastra import MiB, NetworkConfig, Result, Simulation, SystemConfig, TraceBuilder
from simastra.trace import load_trace

from .record import Row

EXPECTED = Path(__file__).with_suffix(".json")
"""ASTRA-sim's answers, by number of NPUs: the cycle at which all finish, and in which order."""

SYSTEM = SystemConfig(
    all_reduce_implementation=["ring"],
    collective_optimization="localBWAware",
    preferred_dataset_splits=4,
    local_mem_bw=50,
)

_T = TypeVar("_T")


def measure() -> list[Row]:
    """Measure each size in turn."""
    return [_measure(int(npus), answer) for npus, answer in _expected().items()]


def _measure(npus: int, answer: tuple[int, list[int]]) -> Row:
    network = NetworkConfig(topology=["Ring"], npus_count=[npus], bandwidth=[50], latency=[500])
    with tempfile.TemporaryDirectory() as folder:
        prefix = Path(folder) / "allreduce"
        et = TraceBuilder()
        et.all_reduce("All-Reduce", size=1 * MiB)
        et.write(prefix, npus)
        loading, trace = _timed(lambda: load_trace(prefix, npus))
    building, simulation = _timed(lambda: Simulation(trace, SYSTEM, network))
    running, result = _timed(simulation.run)
    _check(npus, result, answer)
    messages = sum(link.messages for link in result.links)  # on a ring each crosses one link
    row: Row = {
        "npus": npus,
        "cycles": result.makespan,
        "messages": messages,
        "load_seconds": round(loading, 4),
        "build_seconds": round(building, 4),
        "run_seconds": round(running, 4),
        "messages_per_second": round(messages / running),
    }
    print(
        f"  {npus:3} NPUs, {result.makespan:7} cycles as in ASTRA-sim: load {loading:.3f} s, "
        f"build {building:.3f} s, run {running:.2f} s = {row['messages_per_second']} messages/s"
    )
    return row


def _expected() -> dict[str, tuple[int, list[int]]]:
    answers = json.loads(EXPECTED.read_text(encoding="utf-8"))
    return {npus: (answer["cycles"], answer["order"]) for npus, answer in answers.items()}


def _check(npus: int, result: Result, answer: tuple[int, list[int]]) -> None:
    cycles, order = answer
    if set(result.cycles.values()) != {cycles} or list(result.finish_order) != order:
        sys.exit(f"{npus} NPUs: {result.makespan} cycles or their order differ from ASTRA-sim's")


def _timed(action: Callable[[], _T]) -> tuple[float, _T]:
    start = perf_counter()
    outcome = action()
    return perf_counter() - start, outcome
