"""``--statistics``: what each NPU's time went to, on stderr, NPUs that are alike in one row.

(Behaviour 6.)
"""

from collections.abc import Iterator

from simastra.cli.output import tell
from simastra.metrics import NpuStatistics
from simastra.report import RooflineStatistics, roofline_statistics, statistics
from simastra.result import Result
from simastra.simulation import Simulation
from simastra.units import Ns
from simastra.view.alike import alike
from simastra.view.phrases import ranges
from simastra.view.table import Cell, Table, left, right

_WALL = "wall"  # is shown in any case


def tell_statistics(simulation: Simulation, result: Result) -> None:
    """Tell them; times in ns. With the roofline model, tell where the computations lie under it."""
    _tell("statistics, in ns", _times(statistics(result)))
    if simulation.system.roofline_enabled:
        table = _roofline(roofline_statistics(simulation, result))
        if table.rows:
            _tell("statistics of computations under the roofline", table)


def _times(figures: tuple[NpuStatistics, ...]) -> Table:
    """A row for NPUs that are alike, a column for each figure that isn't 0 everywhere."""
    of_each: list[dict[str, Ns]] = [npu.to_dict() for npu in figures]
    names = [it for it in of_each[0] if it == _WALL or any(npu[it] for npu in of_each)]
    groups = alike(tuple(npu[name] for name in names) for npu in of_each)
    rows: list[tuple[Cell, ...]] = [(ranges(npus), *values) for values, npus in groups.items()]
    columns = (*left("NPUs"), *right(*(name.replace("_", " ") for name in names)))
    return Table(columns, tuple(rows))


def _roofline(figures: tuple[RooflineStatistics | None, ...]) -> Table:
    names = ("compute bound %", "compute utilization %", "memory utilization %", "intensity")
    groups = alike(figures)
    rows = tuple((ranges(npus), *_figures(it)) for it, npus in groups.items() if it is not None)
    return Table((*left("NPUs"), *right(*names)), rows)


def _figures(roofline: RooflineStatistics) -> Iterator[str]:
    yield f"{roofline.compute_bound:.3f}"
    yield f"{roofline.compute_utilization:.3f}"
    yield f"{roofline.memory_utilization:.3f}"
    yield f"{roofline.operation_intensity:.3f}"


def _tell(what: str, table: Table) -> None:
    tell("\n  ".join([f"{what}:", *table.lines()]), whole=True)
