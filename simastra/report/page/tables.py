"""The page's tables: collectives, process groups, NPUs and links."""

from collections.abc import Sequence

from simastra.report.bandwidth import CollectiveRecord, collective_records
from simastra.report.data_tables import group_table
from simastra.report.page_frame.page_table import (
    MOST_ROWS,
    PageColumn,
    PageTable,
    Unit,
    counts,
    text,
    times,
)
from simastra.report.statistics import statistics
from simastra.result import LinkRecord
from simastra.view.alike import alike
from simastra.view.phrases import part_shown
from simastra.view.table import Cell
from simastra.workload import Activity
from simastra.workload.kind_of_work import COLLECTIVE_KINDS

from .causes import fared_alike
from .contents import PageContents
from .operators import operators
from .places import Places
from .scenario_tables import events, jobs
from .step_table import steps
from .words import npu_words

_RATES = (
    PageColumn("algorithm bandwidth", Unit.GB_PER_S, "size over time (algbw of nccl-tests)"),
    PageColumn(
        "bus bandwidth",
        Unit.GB_PER_S,
        "algorithm bandwidth times what makes it comparable with a link's (busbw of nccl-tests)",
    ),
)
_NAMES = {Activity.CPU: "CPU"}
_FIGURES = {
    "wall": PageColumn("finishes", Unit.NS),
    **{
        it.value.replace(" ", "_"): PageColumn(f"{_NAMES.get(it, it.value)} under way", Unit.NS)
        for it in Activity
    },
    "overlap": PageColumn("overlap", Unit.NS, "computation and communication under way at once"),
    "exposed_communication": PageColumn(
        "exposed communication", Unit.NS, "communication under way, and no computation"
    ),
    "idle": PageColumn("nothing under way", Unit.NS),
}
"""Headings of the statistics' figures; of another figure, its name is the heading."""
_BYTES = PageColumn("size", Unit.BYTES)


def page_tables(contents: PageContents, places: Places) -> list[PageTable]:
    """All tables that have rows."""
    records = collective_records(contents.simulation, contents.result)
    tables = (
        jobs(contents),
        events(contents),
        collectives(records),
        groups(records),
        purposes(contents),
        operators(contents),
        attributed(contents),
        under_way(contents),
        links(contents, places),
        steps(contents),
    )
    return [table for table in tables if table.rows]


def collectives(records: Sequence[CollectiveRecord]) -> PageTable:
    """Size, time and bandwidths as nccl-tests shows them, the longest first."""
    longest = sorted(records, key=lambda it: (-it.time, it.first_issued, it.npus))[:MOST_ROWS]
    columns = (
        *text("name", "collective"),
        *counts("group", "NPUs"),
        _BYTES,
        PageColumn("begins", Unit.NS, "when its first member came"),
        PageColumn("skew", Unit.NS, "how much later than the first its last member came"),
        PageColumn("time", Unit.NS, "from when the last member came to its end"),
        *_RATES,
    )
    return PageTable(
        "collective-table",
        "Each collective",
        columns,
        [_collective(it) for it in longest],
        "Time counts from when the last member came. GB are 10^9 bytes. "
        + part_shown(len(longest), len(records), "collectives", "those that took longest"),
        sort=7,
    )


def _collective(it: CollectiveRecord) -> tuple[str | int | float | None, ...]:
    rates = it.rates
    return (
        *(it.name, COLLECTIVE_KINDS[it.collective].value, it.group, len(it.npus), it.size),
        *(it.first_issued, it.skew, it.time),
        *((rates.algbw, rates.busbw) if rates else (None, None)),
    )


def groups(records: Sequence[CollectiveRecord]) -> PageTable:
    """What each process group communicated."""
    rows = sorted(group_table(records).rows, key=lambda row: -int(row[7] or 0))[:MOST_ROWS]
    columns = (
        *counts("group", "NPUs", "first NPU", "collectives"),
        _BYTES,
        PageColumn("skew", Unit.NS, "the sum of its collectives' skews"),
        PageColumn("time", Unit.NS, "the sum of its collectives' times"),
        PageColumn("under way", Unit.NS, "for how long at least one of them was"),
        PageColumn("bus bandwidth", Unit.GB_PER_S, "mean over that time"),
    )
    return PageTable("group-table", "Process groups", columns, rows, sort=7)


def purposes(contents: PageContents) -> PageTable:
    """What bytes are sent for; nothing where traces don't say."""
    result = contents.result
    known = {} if result.measures is None else result.metrics.bytes_by_purpose
    whole = sum(known.values())
    rows = [(purpose, size, size / whole if whole else None) for purpose, size in known.items()]
    columns = (
        *text("purpose"),
        PageColumn("bytes", Unit.BYTES, "of all NPUs together, at the least"),
        PageColumn("part", Unit.PART),
    )
    return PageTable("purpose-table", "Bytes by purpose", columns, rows, sort=1)


def attributed(contents: PageContents) -> PageTable:
    """What the time of NPUs went to, each nanosecond once; those with the same in one row."""
    causes = list(dict.fromkeys(kind for it in contents.attribution.values() for kind in it))
    groups = fared_alike(contents.attribution, causes)
    rows: list[tuple[Cell, ...]] = [
        (npu_words(npus), len(npus), sum(key), *key) for key, npus in groups.items()
    ]
    return PageTable(
        "attributed-table",
        "Attributed time by NPU",
        (*text("NPUs"), *counts("how many"), *times("all", *causes)),
        rows[:MOST_ROWS],
        "Each nanosecond of an NPU counts once, as what the NPU waited for: a computation beside "
        "which the NPU waited for a message counts only where it was what held the NPU up. So "
        "“compute” here is at most the computing time under way of the next table. "
        + part_shown(min(len(rows), MOST_ROWS), len(rows), "rows", "the first"),
    )


def under_way(contents: PageContents) -> PageTable:
    """For how long NPUs had what under way; those with the same in one row."""
    finished = contents.result.cycles
    groups = alike(
        tuple((it.to_dict() | ({} if npu in finished else {"wall": None})).items())
        for npu, it in enumerate(statistics(contents.result))
    )
    rows: list[tuple[Cell, ...]] = [
        (npu_words(npus), len(npus), *dict(key).values()) for key, npus in groups.items()
    ]
    figures = dict(next(iter(groups), ()))
    columns = (
        *text("NPUs"),
        *counts("how many"),
        *(_FIGURES.get(it, PageColumn(it.replace("_", " "), Unit.NS)) for it in figures),
    )
    return PageTable(
        "under-way-table",
        "Time under way by NPU",
        columns,
        rows[:MOST_ROWS],
        "From when a node was issued to when it finished, whatever the NPU waited for meanwhile. "
        "Activities overlap, so these times don't add up, and differ from attributed ones. "
        + part_shown(min(len(rows), MOST_ROWS), len(rows), "rows", "the first"),
    )


def links(contents: PageContents, places: Places) -> PageTable:
    """What each link carried, the busiest first."""
    span = contents.duration
    every = contents.result.links
    busiest = sorted(every, key=lambda it: (-it.busy, it.src, it.dst))[:MOST_ROWS]
    rows = [
        (
            *(places.device(it.src), places.device(it.dst), _kind(places, it)),
            *(it.busy, it.busy / span if span else None, it.size, it.messages),
            it.size / span if span else None,
        )
        for it in busiest
    ]
    columns = (
        *text("from", "to"),
        *(text("kind") if places.is_graph else counts("dimension")),
        *times("busy"),
        PageColumn("use", Unit.PART, "the part of the whole time for which it was busy"),
        PageColumn("carried", Unit.BYTES),
        *counts("messages"),
        PageColumn("mean rate", Unit.GB_PER_S, "what it carried over the whole time"),
    )
    note = part_shown(len(rows), len(every), "links", "the busiest")
    return PageTable("link-table", "Links", columns, rows, note, sort=3)


def _kind(places: Places, link: LinkRecord) -> str | int:
    """What of a link stands beside its ends."""
    if places.is_graph:
        return places.kind(link.src, link.dst)
    return places.link(link.src, link.dst).dimension
