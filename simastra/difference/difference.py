"""The answer: what makes one run longer than another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

from simastra.deferred import deferred

from .compared import ComparedRuns
from .data import difference_tables
from .tables import shown_tables
from .words import divergence_words, headline, reason

if TYPE_CHECKING:
    from simastra.view import html

    from . import frames
    from .frames import DifferenceFrames
else:  # only notebooks ask
    frames = deferred("simastra.difference.frames")
    html = deferred("simastra.view.html")

MOST_ROWS = 10
"""A table for people has that many rows; the rest is one row more."""


@final
class Difference(ComparedRuns):
    """Where the difference in makespan of two runs, A and B, comes from. It never changes.

    All differences are B's time less A's: what B takes longer for is positive. The rows of
    `by_cause`, of `by_node`, of `by_collective` and of `by_link` each sum to `makespan`.

    Args:
        a: why A took as long as it did.
        b: why B did.
    """

    @property
    def headline(self) -> str:
        """Which run is slower, and by how much."""
        return headline(self)

    @property
    def reason(self) -> str:
        """What most of the difference is spent on, and where; empty if there is none."""
        return reason(self)

    def text(self, top: int = MOST_ROWS) -> str:
        """All of it for people; what `print` shows.

        Args:
            top: rows of each table; what is left is summed in one row more.
        """
        lines = (self.headline, self.reason, divergence_words(self))
        said = "\n".join(filter(None, lines))
        if self.is_empty:
            return said
        tables = (f"{table.title}\n{table}" for table in shown_tables(self, top))
        return "\n\n".join((said, *tables))

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        parts = ("" if self.is_empty else self.reason, divergence_words(self))
        tables = () if self.is_empty else shown_tables(self, MOST_ROWS)
        return html.joined(
            html.title(self.headline),
            *map(html.line, filter(None, parts)),
            *(
                html.joined(html.title(it.title), html.notebook_table(it, most=MOST_ROWS + 2))
                for it in tables
            ),
        )

    def to_pandas(self) -> DifferenceFrames:
        """Causes, nodes, collectives, links and NPUs as tables.

        Raises:
            MissingPackageError: if pandas isn't installed.
        """
        return frames.difference_frames(self)

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, numbers and strings, ready for JSON; times in ns."""
        divergence = self.first_divergence
        return {
            "makespan": {"a": self._a.makespan, "b": self._b.makespan, "difference": self.makespan},
            **{table.title: table.to_dicts() for table in difference_tables(self)},
            "first_divergence": None if divergence is None else divergence.to_dict(),
        }
