"""``simastra bandwidth --compare``: all algorithms of a collective, and which is fastest where."""

import argparse
import json
from collections.abc import Iterator, Sequence

from simastra.cli.output import say
from simastra.config import NetworkConfig, SystemConfig
from simastra.errors import OptionError
from simastra.report.bandwidth.chart import comparison_svg
from simastra.report.bandwidth.comparison import AlgorithmComparison, AlgorithmRow, Crossover
from simastra.simulation import Options
from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import collective_name
from simastra.units import Bytes, ns_to_micros
from simastra.view.table import Cell, Table, left, right

_LEAST_WIDTH = 11


def refuse_idle_options(arguments: argparse.Namespace) -> None:
    """Refuse what has no meaning without ``--compare``, or beside it.

    Raises:
        OptionError: if there is some of it.
    """
    if not arguments.compare:
        for option in ("algorithms", "svg"):
            if getattr(arguments, option) is not None:
                raise OptionError(option, "is for a comparison of algorithms; give --compare, too")
    elif arguments.calibration is not None:
        problem = "simulates algorithms, and what is measured has its algorithm in it; leave it out"
        raise OptionError("compare", f"{problem}, or --calibration")


def compare(
    arguments: argparse.Namespace,
    collective: CollectiveType,
    sizes: Sequence[Bytes],
    system: SystemConfig,
    network: NetworkConfig,
    options: Options,
) -> None:
    """Print the table, a line a size as they come, and write what is asked for."""
    comparison = AlgorithmComparison(
        collective, system, network, options, arguments.algorithms or ()
    )
    rows: list[AlgorithmRow] = []
    for size in sizes:
        row = comparison.row(size)
        if not rows:  # not before it is clear which can run it
            say("\n".join(_heading(comparison)))
        rows.append(row)
        say(_line(row, tuple(rows[0].rows)))
    crossovers = tuple(comparison.crossovers(rows))
    say("\n".join(_below(comparison, rows, crossovers)))
    if arguments.csv is not None:
        arguments.csv.write(_table(rows).to_csv())
    if arguments.json is not None:
        document = _document(comparison, rows, crossovers)
        arguments.json.write(json.dumps(document, indent=1) + "\n")
    if arguments.svg is not None:
        arguments.svg.write(comparison_svg(comparison, rows, crossovers) + "\n")


def _heading(comparison: AlgorithmComparison) -> Iterator[str]:
    named = collective_name(comparison.collective)
    yield f"# {named} among {comparison.network.npus} NPUs, simulated: times in us"
    names = " ".join(f"{name:>{_width(name)}}" for name in comparison.names)
    yield f"#{'size (B)':>11} {names}  fastest"


def _line(row: AlgorithmRow, names: Sequence[str]) -> str:
    shown = " ".join(_cell(row, name) for name in names)
    return f"{row.size:>12} {shown}  {row.fastest}"


def _cell(row: AlgorithmRow, name: str) -> str:
    time = f"{ns_to_micros(row.rows[name].time):.2f}" if name in row.rows else "-"
    return f"{time:>{_width(name)}}"


def _width(name: str) -> int:
    return max(len(name), _LEAST_WIDTH)


def _below(
    comparison: AlgorithmComparison, rows: Sequence[AlgorithmRow], crossovers: Sequence[Crossover]
) -> Iterator[str]:
    """The lines below the rows."""
    if not crossovers:
        yield f"# Fastest at all sizes: {rows[0].fastest}"
    for it in crossovers:
        yield f"# From {it.size} B on: {it.after}, before: {it.before}"
    if comparison.unable:
        yield f"# Can't run it here: {', '.join(comparison.unable)} (--json says why)"


def _table(rows: Sequence[AlgorithmRow]) -> Table:
    """A row for each size and algorithm, times in ns."""
    numbers = right("time_ns", "algbw_gb_per_s", "busbw_gb_per_s")
    columns = (*right("size"), *left("algorithm"), *numbers, *right("fastest"))
    cells = [_cells(row, name) for row in rows for name in row.rows]
    return Table(columns, tuple(cells))


def _cells(row: AlgorithmRow, name: str) -> tuple[Cell, ...]:
    timed = row.rows[name]
    rates = (timed.rates.algbw, timed.rates.busbw) if timed.rates else (None, None)
    return (row.size, name, timed.time, *rates, int(name == row.fastest))


def _document(
    comparison: AlgorithmComparison, rows: Sequence[AlgorithmRow], crossovers: Sequence[Crossover]
) -> dict[str, object]:
    return {
        "collective": collective_name(comparison.collective),
        "npus": comparison.network.npus,
        "rows": _table(rows).to_dicts(),
        "crossovers": [it.to_dict() for it in crossovers],
        "unable": comparison.unable,
    }
