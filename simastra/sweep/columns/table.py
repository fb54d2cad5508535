"""The columns that every row has beside its axes.

To add one: an entry in `COLUMNS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from simastra.calibration.priced import BandEdge, Knowledge
from simastra.errors import DeadlockError
from simastra.simulation.checks.calibrated import situation_code
from simastra.simulation.measures.computing import step_worth
from simastra.simulation.measures.planned_memory import largest_need
from simastra.sweep.dataset import FieldKind

from .column import Cell, FinishedPoint, OfTime, PendingPoint, SweepColumn

_INT, _FLOAT, _TEXT = FieldKind.INT, FieldKind.FLOAT, FieldKind.TEXT


def _memory(pending: PendingPoint) -> int | None:
    return largest_need(pending.simulation.experiment).total or None


def _edge(finished: FinishedPoint, edge: BandEdge) -> int | None:
    """The makespan at an edge of a calibrated run's band; None where it can't finish there."""
    try:
        band = finished.result.band
    except DeadlockError:
        return None
    if band is None:
        return None
    return band.low if edge is BandEdge.LOW else band.high


def _situation(finished: FinishedPoint) -> str | None:
    """How that collective of a calibrated run is known of which least is known."""
    if finished.result.band is None:
        return None
    codes = {it.code for it in finished.pending.simulation.notices}
    known = (it for it in Knowledge if situation_code(it) in codes)
    return max(known, key=lambda it: it.rank, default=Knowledge.MEASURED).value


def _shortcut(finished: FinishedPoint) -> str:
    return ", ".join(use.shortcut.value for use in finished.result.shortcuts if use.taken)


_TABLE = (
    SweepColumn.timed(
        ("makespan_ns", _INT, "ns", "when the last NPU finished"),
        lambda _, makespan: makespan,
        OfTime.GROWS,
    ),
    SweepColumn(
        "makespan_low_ns",
        _INT,
        "ns",
        "calibrated: when it finished if all took as little as may be expected (90 % band)",
        lambda finished: _edge(finished, BandEdge.LOW),
    ),
    SweepColumn(
        "makespan_high_ns",
        _INT,
        "ns",
        "calibrated: when it finished if all took as much as may be expected (90 % band)",
        lambda finished: _edge(finished, BandEdge.HIGH),
    ),
    SweepColumn(
        "known_by",
        _TEXT,
        "",
        "calibrated: the situation of the collective of which least is known",
        _situation,
    ),
    SweepColumn.known(
        "npus",
        _INT,
        "count",
        "how many NPUs there are",
        lambda pending: pending.simulation.network.npus,
    ),
    SweepColumn.part_of_makespan("compute", "how long it computed", lambda it: it.compute),
    SweepColumn.part_of_makespan(
        "exposed communication",
        "how long it communicated and computed nothing",
        lambda it: it.exposed_communication,
    ),
    SweepColumn.part_of_makespan(
        "remote memory",
        "how long it did nothing but access remote memory",
        lambda it: it.remote_memory,
    ),
    SweepColumn.part_of_makespan("idle", "how long nothing was under way", lambda it: it.idle),
    SweepColumn.known(
        "bound_ns",
        _INT,
        "ns",
        "what no run of the point is faster than, told before it",
        lambda pending: pending.bound.time,
    ),
    SweepColumn.known(
        "bound_limit",
        _TEXT,
        "",
        "what bounds it: compute, ports, links or dependencies",
        lambda pending: pending.bound.limit.value,
    ),
    SweepColumn.timed(
        ("slack_ns", _INT, "ns", "how much longer than its bound the run took"),
        lambda pending, makespan: makespan - pending.bound.time,
        OfTime.GROWS,
    ),
    SweepColumn.known(
        "memory_per_npu",
        _INT,
        "B",
        "memory of the NPU that needs most, its nodes one by one in order of their ids",
        _memory,
    ),
    SweepColumn.timed(
        ("mfu", _FLOAT, "%", "model FLOPs utilisation: model FLOPs by what all NPUs could do"),
        lambda pending, makespan: step_worth(pending.simulation.experiment, makespan).mfu,
        OfTime.LESSENS,
    ),
    SweepColumn.timed(
        ("tokens_per_s", _FLOAT, "", "tokens a second, of all NPUs together"),
        lambda pending, makespan: step_worth(pending.simulation.experiment, makespan).tokens_per_s,
        OfTime.LESSENS,
    ),
    SweepColumn("shortcut", _TEXT, "", "the shortcut that the run took; empty for none", _shortcut),
)

COLUMNS: Mapping[str, SweepColumn] = MappingProxyType({column.name: column for column in _TABLE})
"""By name, in the order of the table."""

BANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"makespan_ns": ("makespan_low_ns", "makespan_high_ns")}
)
"""Columns that have a low and a high edge where they are calibrated, with the columns of these."""

PARTS: Mapping[str, str] = MappingProxyType({it.name: it.part for it in _TABLE if it.part})
"""The columns that sum to the makespan, and what they are called among its parts."""


def column_values(finished: FinishedPoint) -> dict[str, Cell]:
    """All columns of a point that has been run."""
    return {name: column.of(finished) for name, column in COLUMNS.items()}


def values_before(pending: PendingPoint) -> dict[str, Cell]:
    """All columns of one that hasn't; None where that takes a run."""
    return {
        name: None if column.before is None else column.before(pending)
        for name, column in COLUMNS.items()
    }
