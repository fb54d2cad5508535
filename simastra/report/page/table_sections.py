"""Collectives, process groups, NPUs and links in numbers."""

from dataclasses import replace

from simastra.report.bandwidth import CollectiveRecord, collective_records
from simastra.report.data_tables import group_table, link_table, npu_table
from simastra.units import ns_to_micros
from simastra.view.html import Markup, element, joined, page_table, part_note
from simastra.view.table import Cell, Column, Table, left, right

from .contents import PageContents

_MOST_ROWS = 500


def collectives(contents: PageContents) -> Markup:
    """Size, time and bandwidths as nccl-tests shows them; process groups."""
    records = collective_records(contents.simulation, contents.result)
    if not records:
        return element("p", "No collective was finished by all its members.")
    slowest = sorted(records, key=lambda it: -it.time)[:_MOST_ROWS]
    shown = sorted(slowest, key=lambda it: (it.first_issued, it.group, it.npus))
    columns = (
        *left("name", "collective"),
        *right("group", "NPUs", "size, B", "begins, ns", "skew, ns"),
        *right("time, µs", "algbw, GB/s", "busbw, GB/s"),
    )
    listed = page_table(Table(columns, tuple(map(_collective, shown))))
    return joined(
        element(
            "p",
            "Time counts from when the last member came; skew is how much later it came than the "
            "first. algbw is size over time; busbw makes it comparable with a link's bandwidth, as "
            "nccl-tests does. GB are 10^9 bytes.",
            class_="note",
        ),
        *part_note(len(shown), len(records), "collectives", "those that took longest"),
        element("div", listed, class_="scroll"),
        element("h3", "By process group"),
        element("div", _data_table(group_table(records)), class_="scroll"),
    )


def _collective(record: CollectiveRecord) -> tuple[Cell, ...]:
    rates = record.rates
    return (
        record.name,
        record.collective.name,
        str(record.group),
        len(record.npus),
        record.size,
        record.first_issued,
        record.skew,
        f"{ns_to_micros(record.time):,.2f}",
        f"{rates.algbw:.2f}" if rates else None,
        f"{rates.busbw:.2f}" if rates else None,
    )


def tables(contents: PageContents) -> Markup:
    """NPUs and links in numbers."""
    links = link_table(contents.result, contents.simulation.network.npus)
    busiest = sorted(links.rows, key=lambda row: -int(row[4] or 0))[:_MOST_ROWS]
    return joined(
        element("h3", "By NPU"),
        element("div", _data_table(npu_table(contents.result)), class_="scroll"),
        element("h3", "By link"),
        *part_note(len(busiest), len(links.rows), "links", "the busiest"),
        element("div", _data_table(replace(links, rows=tuple(busiest))), class_="scroll"),
    )


def _data_table(data: Table) -> Markup:
    columns = (
        Column(it.name.replace("_ns", ", ns").replace("_", " "), it.is_number)
        for it in data.columns
    )
    return page_table(replace(data, columns=tuple(columns)))
