"""A table on a page, in a region that scrolls."""

from simastra.view.html import Markup, element
from simastra.view.table import Table, shown


def scrolled(table: Table) -> Markup:
    """A table in a region that scrolls, by the keyboard too."""
    return scroll_region(_table(table), f"Table {table.title.partition(':')[0]}")


def scroll_region(drawn: Markup, label: str) -> Markup:
    """What may be wider than the page, in a region that scrolls, by the keyboard too."""
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
