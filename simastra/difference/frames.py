"""A difference as pandas DataFrames. Imports pandas only where they are made."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

from simastra.requirement import require
from simastra.view.table import Table

from .compared import ComparedRuns
from .data import difference_tables

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class DifferenceFrames:
    """A difference as pandas DataFrames; all times in ns, all differences B less A.

    ``a_ns`` and ``b_ns`` are missing where nothing of the row is on that critical path. After
    ``difference_ns`` follow the parts of it that causes make up, a column each.

    Attributes:
        causes: a row a category: cause, a_ns, b_ns, difference_ns.
        work: a row a kind of work: work, and the same times, and causes.
        nodes: a row a node: npu, node, name, a_ns, b_ns, difference_ns, and causes.
        collectives: a row for those alike: name, collective, size, group, and the same times.
        links: a row a link: from, to, and the same times.
        npus: a row an NPU: npu, finish_a_ns, finish_b_ns, difference_ns, of its finish; the causes
            are of its own time, and sum to the difference of the makespans.
    """

    causes: pd.DataFrame
    work: pd.DataFrame
    nodes: pd.DataFrame
    collectives: pd.DataFrame
    links: pd.DataFrame
    npus: pd.DataFrame


def difference_frames(difference: ComparedRuns) -> DifferenceFrames:
    """Make the frames.

    Raises:
        MissingPackageError: if pandas isn't installed.
    """
    pandas = require("pandas", "notebook", "Difference.to_pandas()")
    return DifferenceFrames(*(_frame(pandas, it) for it in difference_tables(difference)))


def _frame(pandas: ModuleType, table: Table) -> pd.DataFrame:
    """Numbers stay whole where some are missing: columns have pandas' own type for that."""
    columns = zip(*table.rows, strict=True) if table.rows else ((),) * len(table.columns)
    frame: pd.DataFrame = pandas.DataFrame(
        {
            column.name: pandas.Series(list(values), dtype="Int64" if column.is_number else object)
            for column, values in zip(table.columns, columns, strict=True)
        }
    )
    return frame
