"""The answer: what makes one run longer than another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

from simastra.deferred import deferred
from simastra.view.table import Table

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
    `by_cause`, `by_work`, `by_node`, `by_collective` and `by_link` each sum to `makespan`.

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

    @property
    def summary(self) -> str:
        """Which run is slower, what most of that is, and where they first differ: a line each."""
        return "\n".join(filter(None, (self.headline, self.reason, divergence_words(self))))

    def tables(self, top: int | None = MOST_ROWS) -> tuple[Table, ...]:
        """The tables for people; none if nothing differs.

        Args:
            top: rows of each; what is left is summed in one row more. None for all.
        """
        return () if self.is_empty else tuple(shown_tables(self, top))

    def text(self, top: int | None = MOST_ROWS) -> str:
        """The summary and the tables; what `print` shows.

        Args:
            top: as of `tables`.
        """
        return "\n\n".join((self.summary, *(f"{it.title}\n{it}" for it in self.tables(top))))

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        headline, *rest = self.summary.splitlines()
        return html.joined(
            html.title(headline),
            *map(html.line, rest),
            *(
                html.joined(html.title(it.title), html.notebook_table(it, most=MOST_ROWS + 3))
                for it in self.tables()
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
