"""Collectives, process groups, NPUs and links in numbers."""

from simastra.report.bandwidth import CollectiveRecord, collective_records
from simastra.report.data_tables import DataTable, group_table, link_table, npu_table
from simastra.report.data_tables.table import Cell

from .contents import PageContents
from .markup import Markup, cut_note, element, joined, table

_MOST_ROWS = 500


def collectives(contents: PageContents) -> Markup:
    """Size, time and bandwidths as nccl-tests shows them; process groups."""
    records = collective_records(contents.simulation, contents.result)
    if not records:
        return element("p", "No collective was finished by all its members.")
    slowest = sorted(records, key=lambda it: -it.time)[:_MOST_ROWS]
    shown = sorted(slowest, key=lambda it: (it.first_issued, it.group, it.npus))
    headings = (
        *("name", "collective", "group", "NPUs", "size, B", "begins, ns", "skew, ns"),
        *("time, µs", "algbw, GB/s", "busbw, GB/s"),
    )
    listed = table(headings, [_collective(it) for it in shown], numbers=frozenset(range(2, 10)))
    return joined(
        element(
            "p",
            "Time counts from when the last member came; skew is how much later it came than the "
            "first. algbw is size over time; busbw makes it comparable with a link's bandwidth, as "
            "nccl-tests does. GB are 10^9 bytes.",
            class_="note",
        ),
        *cut_note(len(shown), len(records), "collectives", "those that took longest"),
        element("div", listed, class_="scroll"),
        element("h3", "By process group"),
        element("div", _data_table(group_table(records)), class_="scroll"),
    )


def _collective(record: CollectiveRecord) -> tuple[str, ...]:
    rates = record.rates
    return (
        record.name,
        record.collective.name,
        str(record.group),
        f"{len(record.npus):,}",
        f"{record.size:,}",
        f"{record.first_issued:,}",
        f"{record.skew:,}",
        f"{record.time / 1000:,.2f}",
        f"{rates.algbw:.2f}" if rates else "-",
        f"{rates.busbw:.2f}" if rates else "-",
    )


def tables(contents: PageContents) -> Markup:
    """NPUs and links in numbers."""
    links = link_table(contents.result, contents.simulation.network.npus)
    busiest = sorted(links.rows, key=lambda row: -int(row[4] or 0))[:_MOST_ROWS]
    return joined(
        element("h3", "By NPU"),
        element("div", _data_table(npu_table(contents.result)), class_="scroll"),
        element("h3", "By link"),
        *cut_note(len(busiest), len(links.rows), "links", "the busiest"),
        element(
            "div",
            _data_table(DataTable(links.name, links.columns, tuple(busiest))),
            class_="scroll",
        ),
    )


def _data_table(data: DataTable) -> Markup:
    headings = tuple(column.replace("_ns", ", ns").replace("_", " ") for column in data.columns)
    return table(headings, [tuple(map(_cell, row)) for row in data.rows])


def _cell(value: Cell) -> str:
    match value:
        case None:
            return "-"
        case float():
            return f"{value:,.4g}"
        case int():
            return f"{value:,}"
        case str():
            return value
