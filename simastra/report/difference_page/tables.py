"""The tables of the difference, for everybody to read."""

from __future__ import annotations

from simastra.difference import Difference
from simastra.report.page_frame import PageSection
from simastra.report.scrolled_table import scrolled
from simastra.view.table import Table

_MOST_ROWS = 50


def difference_sections(difference: Difference) -> list[PageSection]:
    """A section for each table but that of the causes, which the waterfall shows."""
    return [_section(table) for table in difference.tables(_MOST_ROWS)[1:]]


def _section(table: Table) -> PageSection:
    title = table.title.partition(":")[0]
    name, words = title.replace(" ", "-"), f"{title[:1].upper()}{title[1:]}"
    return PageSection(name, words, scrolled(table))
