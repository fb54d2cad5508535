"""What came of a sweep, for people: the best points, the Pareto front, how seeds scatter.

>>> made = SweepResults(
...     {"number": [0, 1, 2], "tp": [1, 2, 4], "status": ["ok"] * 3, "makespan_ns": [9, 5, 5]},
...     {"axes": [{"name": "tp", "keys": ["generate.tp"]}], "objectives": {"makespan_ns": "min"}},
... )
>>> made.best("makespan_ns").columns["tp"]
[2, 4]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from simastra.errors import OptionError
from simastra.report.page_frame.page_table import Unit
from simastra.requirement import require
from simastra.suggestions import unknown_name
from simastra.view.html import Markup, joined, line, notebook_table, title
from simastra.view.phrases import listed
from simastra.view.table import Cell, Column, Table, shown

from .columns import BANDS, COLUMNS
from .comparison import alike_in, best_of_each, front_of, parts_of_means
from .repeats import Scatter, scatter_of, together
from .sensitivity import Sensitivity, sensitivity
from .status import Status
from .study.objectives import Goal, Objective
from .study.statistic import STATISTICS
from .values import (
    cell_of,
    from_json_list,
    is_number,
    is_numeric,
    point_count,
    unit_of_numbers,
    value_words,
)

if TYPE_CHECKING:
    from pandas import DataFrame

_SEED = "seed"
_MOST_ROWS, _MOST_AXES = 10, 8


class ColumnFacts(NamedTuple):
    """In what a column counts ("ns", "B", "%" for a part of 1, ...), and what it means."""

    unit: str = ""
    meaning: str = ""


@dataclass(frozen=True)
class SweepResults:
    """A sweep's table, and what was asked.

    Attributes:
        columns: by name, all equally long, in the order of the points' numbers. Missing values are
            None.
        document: the study: its ``title``, ``axes`` (each with ``name`` and ``keys``) and
            ``objectives`` (column: "min" or "max"), and ``for-each``, the axes whose values aren't
            compared with each other.
        facts: units and meanings of columns.
        replay: the command that runs a point again, to which the point's digest is added.
    """

    columns: Mapping[str, Sequence[Any]]
    document: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, ColumnFacts] = field(default_factory=dict)
    replay: str = ""

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.title}: {self.summary}>"

    def _repr_html_(self) -> Markup:
        """For a notebook: how many points there are, and the front or, if it is small, all."""
        part = self if len(self) <= _MOST_ROWS else self.front()
        head = title(self.title, aside=self.summary)
        if not len(part):
            return head
        words = "" if part is self else line("the front:")
        return joined(head, words, notebook_table(part.table(), most=_MOST_ROWS))

    @property
    def title(self) -> str:
        """The study's."""
        return str(self.document.get("title") or "Sweep")

    @property
    def axes(self) -> tuple[str, ...]:
        """Their names; the first is the outermost."""
        return tuple(it["name"] for it in self.document.get("axes", ()))

    @property
    def seeds(self) -> tuple[str, ...]:
        """The axes that choose seeds: points that differ in them alone are repeats."""
        return tuple(
            it["name"]
            for it in self.document.get("axes", ())
            if all(str(key).rpartition(".")[2] == _SEED for key in it.get("keys", ("",)))
        )

    @property
    def objectives(self) -> Mapping[str, str]:
        """What was asked for: column, and whether the least ("min") or the most ("max") is best."""
        given: Mapping[str, str] = self.document.get("objectives", {})
        return {name: goal for name, goal in given.items() if name in self.columns}

    @property
    def objective_columns(self) -> tuple[str, ...]:
        """Those of the objectives that are no axes, with the edges of their bands."""
        wanted = (name for name in self.objectives if name not in self.axes)
        return tuple(dict.fromkeys(it for name in wanted for it in self.with_band(name)))

    @property
    def for_each(self) -> tuple[str, ...]:
        """The axes that are part of the question: points are compared with those alike in them."""
        return tuple(name for name in self.document.get("for-each", ()) if name in self.columns)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many points there are of each status."""
        counts: dict[str, int] = {}
        for status in self.columns.get("status", ()):
            counts[status] = counts.get(status, 0) + 1
        return counts

    @cached_property
    def finished(self) -> Sequence[bool]:
        """Whether each point was simulated to its end; all were where no column says so."""
        statuses = self.columns.get("status", [Status.OK] * len(self))
        return [it == Status.OK for it in statuses]

    @property
    def summary(self) -> str:
        """As in "12 points: 10 ok, 2 error"."""
        points = point_count(len(self))
        parts = ", ".join(f"{count:,} {status}" for status, count in self.counts.items())
        return f"{points}: {parts}" if parts else points

    def unit(self, name: str) -> Unit:
        """In what a column counts."""
        return self._units[name]

    @cached_property
    def _units(self) -> Mapping[str, Unit]:
        return {name: self._unit(name) for name in self.columns}

    def _unit(self, name: str) -> Unit:
        if not is_numeric(self.columns[name]):
            return Unit.TEXT
        return unit_of_numbers(self.fact(name).unit)

    def fact(self, name: str) -> ColumnFacts:
        """What is known of a column: of those that every row has, where nothing else is said."""
        if name in self.facts or name not in COLUMNS:
            return self.facts.get(name, ColumnFacts())
        return ColumnFacts(COLUMNS[name].unit, COLUMNS[name].meaning)

    def with_band(self, name: str) -> tuple[str, ...]:
        """A column, and those of the edges of its band where any of its values has one."""
        edges = [it for it in BANDS.get(name, ()) if it in self.columns]
        known = (value is not None for it in edges for value in self.columns[it])
        return (name, *edges) if any(known) else (name,)

    def cells(self, name: str) -> Sequence[Cell]:
        """A column as tables have it; lists that an axis has as JSON text, as their values."""
        values = self.columns[name]
        return [cell_of(from_json_list(it) if name in self.axes else it) for it in values]

    def words(self, name: str, value: object) -> str:
        """A column's value as people read it."""
        unit = self.unit(name)
        if unit is Unit.TEXT or not is_number(value):
            return shown(cell_of(from_json_list(value)))
        return value_words(unit, value)

    def point_words(self, place: int) -> str:
        """A row's number and the values of the axes, as in "point 17: tp 4, pp 2"."""
        number = self.columns.get("number", range(len(self)))[place]
        setting = self.setting_words(place, self.axes)
        return f"point {number}{': ' if setting else ''}{setting}"

    def setting_words(self, place: int, axes: Iterable[str]) -> str:
        """The values of some axes in a row, as in "tp 4, pp 2"."""
        known = (name for name in axes if name in self.columns)
        values = [f"{name} {self.words(name, self.columns[name][place])}" for name in known]
        return listed(values, _MOST_AXES)

    def numbers(self, name: str) -> list[float | None]:
        """A column of a finished point's numbers; None for all else.

        Raises:
            OptionError: there is no such column.
        """
        if name not in self.columns:
            raise OptionError("column", unknown_name("column", name, self.columns))
        pairs = zip(self.columns[name], self.finished, strict=True)
        return [it if finished and is_number(it) else None for it, finished in pairs]

    def best(self, objective: str) -> SweepResults:
        """The points that share the best value, most often a single one; `for_each`, of each part.

        Args:
            objective: a column; the least is best where the study doesn't say otherwise.

        Raises:
            OptionError: there is no such column.
        """
        return self.at(self.best_places(objective))

    def front(self) -> SweepResults:
        """The Pareto front: finished points that no other is better than in all objectives.

        Of points that are alike in all objectives, all are on it. `for_each`, it is the fronts of
        all parts together.
        """
        return self.at(self.front_places)

    def best_of_each(self, objective: str) -> SweepResults:
        """A best point `for_each` part; a single one of all points where nothing is asked so.

        Of those that share the best value, it is the first that is on the front.
        """
        return self.at(self.best_of_each_places(objective))

    def best_places(self, objective: str) -> list[int]:
        """The rows of the points that share the best value, `for_each` part after part."""
        return [place for part in self._best_of_parts(objective) for place in part]

    def best_of_each_places(self, objective: str) -> list[int]:
        """The rows of `best_of_each`."""
        front = set(self.front_places)
        parts = self._best_of_parts(objective)
        return [next((it for it in part if it in front), part[0]) for part in parts]

    def _best_of_parts(self, objective: str) -> Iterator[list[int]]:
        return best_of_each(self._parts(self.for_each).values(), self.costs(objective))

    @cached_property
    def front_places(self) -> Sequence[int]:
        """The rows of the points on the front, ascending, `for_each` part after part."""
        if not self.objectives:
            return []
        of_rows = zip(*map(self.costs, self.objectives), strict=True)
        costs = [None if None in it else it for it in of_rows]
        parts = self._parts(self.for_each).values()
        return [part[it] for part in parts for it in front_of([costs[at] for at in part])]

    def _parts(self, axes: Sequence[str]) -> dict[tuple[Cell, ...], list[int]]:
        """The rows with the same values of some axes, by these."""
        return alike_in([self.columns[name] for name in axes], len(self))

    def costs(self, objective: str) -> list[float | None]:
        """A column's numbers, the less the better; None for a point that has none.

        Raises:
            OptionError: there is no such column.
        """
        wanted = self._objective(objective)
        return [None if it is None else wanted.cost(it) for it in self.numbers(objective)]

    def _objective(self, name: str) -> Objective:
        """A column as the study wants it; small where it doesn't say otherwise."""
        return Objective(name, Goal(self.objectives.get(name, Goal.MIN)))

    def at(self, places: Sequence[int]) -> SweepResults:
        """The same with some of the rows."""
        columns = {name: [given[at] for at in places] for name, given in self.columns.items()}
        return replace(self, columns=columns)

    @property
    def statistic(self) -> str:
        """Of repeats, the one that the study asks for: the median where it doesn't say."""
        return str(self.document.get("statistic", "median"))

    def over_seeds(self, statistic: str = "") -> SweepResults:
        """Repeats taken together: a row for all points that differ in seeds alone.

        Numbers become a statistic of theirs; anything else is what all have in common, and a point
        is ok if all are. ``repeats`` says how many they are. Best points, the front and what
        matters are then those of the statistic: ``results.over_seeds("p99").best("makespan_ns")``.

        Args:
            statistic: ``median``, ``mean``, ``p50``, ``p90``, ``p99``, ``min`` or ``max``; the
                study's by default.

        Raises:
            OptionError: there is no such statistic.
        """
        statistic = statistic or self.statistic
        if statistic not in STATISTICS:
            raise OptionError("statistic", unknown_name("statistic", statistic, STATISTICS))
        fixed = [name for name in self.axes if name not in self.seeds]
        groups = list(self._parts(fixed).values())
        columns = {
            name: together(given, groups, statistic)
            for name, given in self.columns.items()
            if name not in (*self.seeds, "point", "number")
        }
        axes = [it for it in self.document.get("axes", ()) if it["name"] not in self.seeds]
        counted = {"number": list(range(len(groups))), **columns, "repeats": list(map(len, groups))}
        return replace(self, columns=counted, document={**self.document, "axes": axes})

    def by(self, axis: str) -> dict[Cell, SweepResults]:
        """The points of each of an axis' values, of which each then has a best and a front.

        As in ``{tp: part.best("makespan_ns") for tp, part in results.by("tp").items()}``. What is
        always part of the question, such as the size of a collective, is the study's `for_each`.

        Args:
            axis: one of `axes`. Lists and mappings are keys as tables write them.

        Raises:
            OptionError: there is no such axis.
        """
        if axis not in self.axes:
            raise OptionError("axis", unknown_name("axis", axis, self.axes))
        return {value: self.at(places) for (value,), places in self._parts([axis]).items()}

    def rows(self) -> Iterator[dict[str, Any]]:
        """One dict a point."""
        for values in zip(*self.columns.values(), strict=True):
            yield dict(zip(self.columns, values, strict=True))

    def to_pandas(self) -> DataFrame:
        """As a data frame, one row a point.

        Raises:
            MissingPackageError: there is no pandas; it comes with ``simastra[sweep]``.
        """
        pandas: Any = require("pandas", "sweep", "SweepResults.to_pandas()")
        frame: DataFrame = pandas.DataFrame(dict(self.columns))
        return frame

    def table(self) -> Table:
        """Its axes, status and objectives, as text and HTML show them."""
        names = [
            *(name for name in ("number", *self.axes, "status") if name in self.columns),
            *self.objective_columns,
        ]
        heads = tuple(Column(name, is_numeric(self.columns[name])) for name in names)
        rows = zip(*map(self.cells, names), strict=True)
        return Table(heads, tuple(rows), "points")

    def scatter(self, objective: str) -> Scatter | None:
        """How far points scatter that differ in seeds alone; None where no two do."""
        if not self.seeds:
            return None
        fixed = [self.columns[name] for name in self.axes if name not in self.seeds]
        return scatter_of(self.numbers(objective), fixed, self._objective(objective))

    def sensitivity(self, objective: str) -> Sensitivity:
        """Which axis moves an objective; those that choose seeds count as repeats.

        `for_each`, values are parts of the mean of those that they are compared with. So these axes
        themselves move nothing; they do together with others where what is best depends on them.

        Raises:
            OptionError: there is no such column.
        """
        axes = {name: self.columns[name] for name in self.axes if name not in self.seeds}
        found = sensitivity(objective, self._compared(objective), axes)
        return found.without(self.for_each)

    def _compared(self, objective: str) -> list[float | None]:
        """A column's numbers, each as a part of the mean of those that it is compared with."""
        numbers = self.numbers(objective)
        if not self.for_each:
            return numbers
        return parts_of_means(numbers, self._parts(self.for_each).values())
