"""A collective's bandwidth by size, as nccl-tests prints it, and as a table for files."""

from collections.abc import Iterator, Sequence

from simastra.calibration import Calibration
from simastra.report.bandwidth import SweepRow
from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import collective_name
from simastra.units import ns_to_micros
from simastra.view.table import Cell, Table, right


def heading(
    collective: CollectiveType, npus: int, calibration: Calibration | None
) -> Iterator[str]:
    """The lines above the rows."""
    name = collective_name(collective)
    size, unit = (f"#{it:>11}" for it in ("size", "(B)"))
    if calibration is None:
        yield f"# {name} among {npus} NPUs, simulated"
        yield f"{size}{'time':>14}{'algbw':>10}{'busbw':>10}"
        yield f"{unit}{'(us)':>14}{'(GB/s)':>10}{'(GB/s)':>10}"
        return
    of = calibration.file.system.name
    yield f"# {name} among {npus} NPUs, as calibrated for {of}: low to high are a 90 % band"
    yield f"{size}{'time':>14}{'algbw':>10}{'busbw':>10}{'low':>14}{'high':>14}  known by"
    yield f"{unit}{'(us)':>14}{'(GB/s)':>10}{'(GB/s)':>10}{'(us)':>14}{'(us)':>14}"


def line(row: SweepRow) -> str:
    """A row, as nccl-tests prints it; its band stands behind it, if it has one."""
    rates = ("-", "-") if row.rates is None else (row.rates.algbw, row.rates.busbw)
    shown = " ".join(f"{it:>9}" if isinstance(it, str) else f"{it:>9.2f}" for it in rates)
    alone = f"{row.size:>12} {ns_to_micros(row.time):>13.2f} {shown}"
    if row.band is None:
        return alone
    edges = (ns_to_micros(it) for it in (row.band.low, row.band.high))
    return f"{alone} {' '.join(f'{it:>13.2f}' for it in edges)}  {row.situation}"


def average(rows: Sequence[SweepRow]) -> str:
    """The line below the rows."""
    busses = [row.rates.busbw for row in rows if row.rates]
    return f"# Avg bus bandwidth    : {sum(busses) / len(busses) if busses else 0:g}"


def table(rows: Sequence[SweepRow]) -> Table:
    """The rows for files, times in ns."""
    names = ["size", "time_ns", "algbw_gb_per_s", "busbw_gb_per_s"]
    if any(row.band is not None for row in rows):
        names += ["low_ns", "high_ns", "situation"]
    return Table(right(*names), tuple(_cells(row) for row in rows))


def _cells(row: SweepRow) -> tuple[Cell, ...]:
    rates = (row.rates.algbw, row.rates.busbw) if row.rates else (None, None)
    band = () if row.band is None else (row.band.low, row.band.high, str(row.situation))
    return (row.size, row.time, *rates, *band)
