"""What came of a calibration, in tables."""

from collections.abc import Iterable
from statistics import median

from simastra.calibration import CalibrationFile
from simastra.calibration.comparison import Compared, ComparedRow, Comparison
from simastra.calibration.document import Curve
from simastra.calibration.measurements import Measurement
from simastra.calibration.priced import Knowledge, by_rank, half_width
from simastra.trace.nccl_tests import collective_name
from simastra.units import ns_to_micros
from simastra.view.phrases import share_words
from simastra.view.table import Cell, Table, left, right

_WORST = 5


def curves_table(comparison: Comparison) -> Table:
    """For each curve that was measured: how far the calibration is off, and what bands contain."""
    rows = (
        _row((collective_name(kind), npus, nodes), compared)
        for (kind, npus, nodes), compared in comparison.by_curve()
    )
    columns = (
        *left("collective"),
        *right("NPUs", "nodes", "rows", "MAPE", "band +-", "in band"),
        *left("situations"),
    )
    return Table(columns, tuple(rows), "measured")


def _row(curve: tuple[str, int, int], compared: Compared) -> tuple[Cell, ...]:
    return (
        *curve,
        len(compared.rows),
        share_words(compared.mape),
        share_words(compared.half_width),
        share_words(compared.coverage),
        _words(compared.situations),
    )


def predicted_table(file: CalibrationFile, measurements: Iterable[Measurement]) -> Table:
    """Curves that nobody measured."""
    measured = {(collective_name(it.collective), it.npus, it.nodes) for it in measurements}
    rows = (
        (
            name,
            curve.npus,
            curve.nodes,
            share_words(_half_width(curve)),
            _words(by_rank(curve.situations)),
        )
        for name, section in file.collectives.items()
        for curve in section.curves
        if (name, curve.npus, curve.nodes) not in measured
    )
    columns = (*left("collective"), *right("NPUs", "nodes", "band +-"), *left("situations"))
    return Table(columns, tuple(rows), "predicted")


def worst_table(compared: Compared) -> Table:
    """Where the calibration is furthest off."""
    columns = (
        *left("collective"),
        *right("NPUs", "nodes", "bytes", "measured us", "low us", "calibrated us", "high us"),
        *right("off"),
        *left("situation"),
    )
    return Table(columns, tuple(map(_point, compared.worst(_WORST))), "furthest off")


def _point(row: ComparedRow) -> tuple[Cell, ...]:
    it, priced = row.measurement, row.priced
    times = (ns_to_micros(time) for time in (priced.low, priced.mid, priced.high))
    return (
        collective_name(it.collective),
        it.npus,
        it.nodes,
        it.size,
        f"{it.us:.2f}",
        *(f"{time:.2f}" for time in times),
        f"{100 * row.off:+.1f} %",
        priced.situation.value,
    )


def summary(compared: Compared) -> str:
    """All of it in a line."""
    return (
        f"{len(compared.rows):,} measurements: MAPE {share_words(compared.mape)}, "
        f"{share_words(compared.coverage)} inside their 90 % bands"
    )


def _words(situations: Iterable[Knowledge]) -> str:
    return ", ".join(it.value for it in situations)


def _half_width(curve: Curve) -> float:
    bands = zip(curve.low_us, curve.high_us, strict=True)
    return median(half_width(low, high) for low, high in bands)
