"""``python -m benchmarks.one_run FOLDER BACKEND WAY``: simulate a work's files in this process.

Prints one line of JSON: a `Report`. A process of its own, so that its memory and its start count.
"""

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

from simastra.config import load_network
from simastra.result import Result
from simastra.simulation import Options, Simulation
from simastra.simulation.compiled import try_out
from simastra.simulation.shortest import ShortcutRun
from simastra.trace import load_trace
from simastra.units import Bytes, Ns

from .process import peak_of
from .work import MEMORY, NETWORK, SYSTEM, TRACE, groups_file

PLAIN, AUTO = "plain", "auto"
"""The ways: event by event, or with whatever shortcuts are exact."""

FOLDED, COMPILED, UNCOMPILED = "folded", "compiled", "auto, no numba"
"""Further ways, which `choice` compares: shortcuts but the compiled loop, in whatever order NPUs
then finish; the compiled loop alone; and what `auto` does where numba isn't installed."""

_CHOICE: dict[str, dict[str, Any]] = {
    PLAIN: {"shortcuts": "off"},
    AUTO: {"shortcuts": "auto"},
    FOLDED: {"shortcuts": "always", "order": "any"},
    COMPILED: {"shortcuts": "always"},
    UNCOMPILED: {"shortcuts": "auto"},
}

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Report:
    """What a run came to.

    Attributes:
        load: seconds to read the traces.
        build: seconds to read and check the rest, and to build the simulation.
        run: seconds to simulate.
        peak: the most memory that the process had.
        makespan: when the last NPU finished.
        cycles: digest of the times at which the NPUs finished, by NPU.
        order: digest of the order in which they finished.
        shortcuts: those that were taken, in words; empty if there is no telling.
    """

    load: float
    build: float
    run: float
    peak: Bytes
    makespan: Ns
    cycles: str
    order: str
    shortcuts: str

    @classmethod
    def parse(cls, line: str) -> "Report":
        """The report that a process has printed."""
        return cls(**json.loads(line))


def ways() -> tuple[str, ...]:
    """The ways in which this version of simastra can run."""
    can_choose = any(option.name == "shortcuts" for option in fields(Options))
    return (PLAIN, AUTO) if can_choose else (PLAIN,)


def digest(numbers: Iterable[int]) -> str:
    """A short text that differs where the numbers do."""
    text = ",".join(map(str, numbers))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def simulate(folder: Path, backend: str, way: str) -> Report:
    """Simulate the work in a folder."""
    loading, network = _timed(lambda: load_network(folder / NETWORK))
    reading, trace = _timed(
        lambda: load_trace(folder / TRACE, network.npus, on_demand=way != PLAIN)
    )
    building, simulation = _timed(
        lambda: Simulation(
            trace,
            folder / SYSTEM,
            network,
            folder / MEMORY,
            comm_groups=groups_file(folder),
            options=options_for(backend, way),
        )
    )
    running, result = _timed(lambda: _result(simulation, way))
    cycles = result.cycles
    return Report(
        load=reading,
        build=loading + building,
        run=running,
        peak=peak_of(os.getpid()),
        makespan=result.makespan,
        cycles=digest(cycles[npu] for npu in sorted(cycles)),
        order=digest(result.finish_order),
        shortcuts="; ".join(map(str, getattr(result, "shortcuts", ()))),
    )


def options_for(backend: str, way: str) -> Options:
    """The options of a run in one of the ways, whatever this version of simastra offers."""
    return Options(backend=backend, **(_CHOICE[way] if AUTO in ways() else {}))


def _result(simulation: Simulation, way: str) -> Result:
    """Simulate in one of the ways."""
    if way != COMPILED:
        return simulation.run()
    outcome = try_out.try_out(simulation.experiment, (), end_matters=True)
    if outcome.outcome is None:
        return simulation.run(shortcuts="off")
    return ShortcutRun(simulation.experiment, (), outcome.outcome, outcome.uses).run()


def _timed(action: Callable[[], _T]) -> tuple[float, _T]:
    start = perf_counter()
    outcome = action()
    return perf_counter() - start, outcome


def main() -> None:
    """Simulate what the command line names."""
    folder, backend, way = sys.argv[1:]
    if way in {PLAIN, FOLDED, UNCOMPILED}:
        sys.modules["numba"] = None  # type: ignore[assignment]  # as if it were not installed
    print(json.dumps(asdict(simulate(Path(folder), backend, way))))


if __name__ == "__main__":
    main()
