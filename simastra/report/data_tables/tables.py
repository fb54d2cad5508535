"""What there is of a simulation: a table by NPU, collective, process group and link.

Times are in ns, sizes in bytes, bandwidths in GB/s of 10^9 bytes. A part of the makespan is between
0 and 1.
"""

from collections.abc import Sequence
from itertools import groupby

from simastra.metrics import npu_statistics
from simastra.metrics.intervals import Interval, length
from simastra.report.bandwidth import CollectiveRecord, collective_records
from simastra.report.statistics import statistics
from simastra.result import Result
from simastra.simulation import Simulation
from simastra.view.devices import DeviceNames
from simastra.view.table import Cell, Table, left, right

TABLES = ("npus", "collectives", "groups", "links")
"""Names of the tables of a result."""


def result_tables(simulation: Simulation, result: Result) -> tuple[Table, ...]:
    """Return all tables.

    Args:
        simulation: that has run.
        result: its result.
    """
    records = collective_records(simulation, result)
    return (
        npu_table(result),
        collective_table(records),
        group_table(records),
        link_table(result, simulation.network.device_names),
    )


def npu_table(result: Result) -> Table:
    """A row an NPU: where its time went (`NpuStatistics`)."""
    columns = right(*(f"{name}_ns" for name in npu_statistics((), 0).to_dict()))
    rows = tuple((npu, *it.to_dict().values()) for npu, it in enumerate(statistics(result)))
    return Table((*left("npu"), *columns), rows, "npus")


def collective_table(records: Sequence[CollectiveRecord]) -> Table:
    """A row a collective, in the order of their ends: size, time and bandwidths as in nccl-tests.

    ``time_ns`` counts from when the last member came (`CollectiveRecord`).
    """
    columns = (
        *left("name", "collective", "group"),
        *right("npus", "size", "first_issued_ns", "last_issued_ns", "finished_ns", "skew_ns"),
        *right("time_ns", "algbw_gb_per_s", "busbw_gb_per_s"),
    )
    return Table(columns, tuple(map(_collective_row, records)), "collectives")


def _collective_row(record: CollectiveRecord) -> tuple[Cell, ...]:
    return (
        record.name,
        record.collective.name,
        record.group,
        len(record.npus),
        record.size,
        record.first_issued,
        record.last_issued,
        record.finished,
        record.skew,
        record.time,
        record.rates.algbw if record.rates else None,
        record.rates.busbw if record.rates else None,
    )


def group_table(records: Sequence[CollectiveRecord]) -> Table:
    """A row for each set of NPUs that had collectives together.

    ``busy_ns`` is how long at least one of them was under way, ``time_ns`` the sum of their times.
    ``busbw_gb_per_s`` is the mean over that time.
    """
    columns = (*left("group"), *right("npus", "first_npu", "collectives", "size", "skew_ns"))
    ordered = sorted(records, key=_members)
    rows = tuple(_group_row(tuple(members)) for _, members in groupby(ordered, key=_members))
    return Table((*columns, *right("time_ns", "busy_ns", "busbw_gb_per_s")), rows, "groups")


def _members(record: CollectiveRecord) -> tuple[int, tuple[int, ...]]:
    return record.group, record.npus


def _group_row(records: Sequence[CollectiveRecord]) -> tuple[Cell, ...]:
    first = records[0]
    time = sum(record.time for record in records)
    moved = sum(record.rates.busbw * record.time for record in records if record.rates)
    return (
        first.group,
        len(first.npus),
        first.npus[0],
        len(records),
        sum(record.size for record in records),
        sum(record.skew for record in records),
        time,
        length(Interval(record.first_issued, record.finished) for record in records),
        moved / time if time else None,
    )


def link_table(result: Result, names: DeviceNames) -> Table:
    """A row for each link that was used, in order of first use.

    Args:
        result: of the simulation.
        names: what devices are called.
    """
    columns = (*left("src"), *right("dst", "from", "to", "busy_ns", "use", "bytes", "messages"))
    span = result.makespan
    rows = tuple(
        (
            link.src,
            link.dst,
            names[link.src],
            names[link.dst],
            link.busy,
            link.busy / span if span else None,
            link.size,
            link.messages,
            link.size / span if span else None,
        )
        for link in result.links
    )
    return Table((*columns, *right("gb_per_s")), rows, "links")
