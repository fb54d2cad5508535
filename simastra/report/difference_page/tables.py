"""The tables of the difference, for everybody to read."""

from __future__ import annotations

from simastra.difference import Difference
from simastra.report.page_frame import Section
from simastra.view.html import Markup, element
from simastra.view.table import Table, shown

_MOST_ROWS = 50


def difference_sections(difference: Difference) -> list[Section]:
    """A section for each table but that of the causes, which the waterfall shows."""
    return [_section(table) for table in difference.tables(_MOST_ROWS)[1:]]


def _section(table: Table) -> Section:
    title = table.title.partition(":")[0]
    name, words = title.replace(" ", "-"), f"{title[:1].upper()}{title[1:]}"
    return Section(name, words, scrolled(table))


def scrolled(table: Table) -> Markup:
    """A table in a region that scrolls, by the keyboard too."""
    label = f"Table {table.title.partition(':')[0]}"
    drawn = _table(table)
    return element("div", drawn, class_="scroll", tabindex=0, role="region", aria_label=label)


def _table(table: Table) -> Markup:
    kinds = ["number" if column.is_number else None for column in table.columns]
    heads = (
        element("th", column.name, scope="col", class_=kind)
        if column.name
        else element("td")  # nothing, to be no heading
        for column, kind in zip(table.columns, kinds, strict=True)
    )
    rows = (
        element(
            "tr",
            *(
                element("td", shown(cell), class_=kind)
                for cell, kind in zip(row, kinds, strict=True)
            ),
            class_="whole" if row[0] == "sum" else None,
        )
        for row in table.rows
    )
    return element(
        "table",
        element("caption", table.title, class_="unseen"),
        element("thead", element("tr", *heads)),
        element("tbody", *rows),
    )
