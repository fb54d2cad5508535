"""In which order NPUs finish, where what follows goes back to other events at other NPUs.

ASTRA-sim's order within a nanosecond goes back to the order of the events that scheduled these, and
so on to the start (`lineage`). Where events of a nanosecond come in other orders at other NPUs, and
an NPU does the same either way (`alternatives`), these orders are made out for all NPUs: of each
such nanosecond, all events whose order may matter are sorted, at all places, each by the rank that
what it goes back to has there, and by its turn among what follows from that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias, final

from .alternatives import Act, AgendaRun, Interchangeable, Registration
from .lineage import Entry
from .symmetry_group import SymmetryGroup

Column: TypeAlias = Sequence[int]
"""A number for each place, in the order of the renumberings; ascending in the order of events."""

_STEPS = 64
"""Ways back to what has a rank are about that long at the most: events on the way between are
sorted where there is one."""

_PART = 20
"""A place among others is three numbers in one: a rank, a call's turn and a child's turn, of which
the latter two have so many bits."""


class _Child(NamedTuple):
    """Where events stand that follow from one that has a rank, or from a start.

    Attributes:
        column: of what they follow from, at their own places.
        turns: from there on, of all who lead to them and of themselves.
    """

    column: Column
    turns: tuple[int, ...]


@final
class FinishOrder:
    """The order of events at all places.

    Args:
        symmetries: the renumberings.
        entries: the events in question.
        most: so many events are sorted, at all places, for it to be told.

    Attributes:
        is_known: whether it can be told. If not, don't ask for columns.
    """

    def __init__(self, symmetries: SymmetryGroup, entries: Iterable[Entry], most: float) -> None:
        self._symmetries = symmetries
        self._places = tuple(symmetries.renumberings())
        self._moves: dict[int, Column] = {}
        self._ranks: dict[Entry, Column] = {}
        self._ranked: set[int] = set()
        self._ways: dict[Entry, _Child] = {}
        self._slots: dict[tuple[int, int], Sequence[Column]] = {}
        self._calls: dict[int, Sequence[Column]] = {}
        cohorts = _cohorts_to_rank(entries)
        self.is_known = cohorts is not None
        cohorts = cohorts or {}
        if sum(map(len, cohorts.values())) * symmetries.order > most:
            self.is_known, cohorts = False, {}
        for cohort, members in cohorts.items():
            self._ranked.add(cohort)
            self._rank({_whole(member) for member in members})

    def columns(self, acts: Iterable[Act]) -> Sequence[Column]:
        """Where acts of one cohort stand among each other, each at all places."""
        children = [self._child(*act) for act in acts]
        order = {turns: it for it, turns in enumerate(sorted({it.turns for it in children}))}
        return [[at << _PART | order[turns] for at in column] for column, turns in children]

    def _rank(self, entries: Iterable[Entry]) -> None:
        """Sort all events of a cohort, at all places."""
        acts = [(entry, act) for entry in entries for act in _own_acts(entry)]
        found: dict[Entry, Column] = {}
        for (entry, _), column in zip(acts, self.columns(act for _, act in acts), strict=True):
            found[entry] = list(map(min, found[entry], column)) if entry in found else column
        ascending = sorted(at for column in found.values() for at in column)
        ranks = {at: rank for rank, at in enumerate(ascending)}
        for entry, column in found.items():
            self._ranks[entry] = [ranks[at] for at in column]

    def _child(self, parent: Entry, place: int, turn: int) -> _Child:
        """Where it stands what `parent`, or what comes in its place, does in that turn."""
        column, turns = self._way(parent)
        if not turns and isinstance(parent.alternatives, AgendaRun):
            calls = self._calls_of(parent.alternatives)[parent.alternatives.call_at(turn)]
            column = [at | call for at, call in zip(column, calls, strict=True)]
        return _Child(self._moved(column, place), (*turns, turn))

    def _way(self, entry: Entry) -> _Child:
        """Where what comes in the place of `entry` stands, itself or by what it goes back to."""
        passed: list[Entry] = []
        end = entry
        while end not in self._ways:
            if end.parent is None or end.cohort in self._ranked:
                self._ways[end] = _Child([at << _PART for at in self._known(end)], ())
            else:
                passed.append(end)
                end = end.parent
        for it in reversed(passed):
            assert it.parent is not None
            self._ways[it] = self._child(it.parent, it.origin, it.turn)
        return self._ways[entry]

    def _known(self, entry: Entry) -> Column:
        """Ranks of what comes in the place of an entry."""
        if isinstance(entry.alternatives, AgendaRun):
            return self._ranks[entry.alternatives.entry]
        if isinstance(entry.alternatives, Interchangeable):
            return self._known_of_run(entry, entry.alternatives)
        if entry.parent is None:
            return [self._symmetries.move(at, entry.npu) for at in self._places]
        return self._ranks[entry]

    def _known_of_run(self, entry: Entry, run: Interchangeable) -> Column:
        """Of these, the one that has the turn at each place that `entry` has in the folded run."""
        alike = [it for it in run if it.entry.cohort == entry.cohort]
        turn = next(index for index, it in enumerate(alike) if it.entry is entry)
        key = (id(run), entry.cohort)
        if key not in self._slots:
            seen = (self._moved(self._ranks[it.entry], it.place) for it in alike)
            self._slots[key] = _turned([sorted(row) for row in zip(*seen, strict=True)])
        return self._moved(self._slots[key][turn], self._symmetries.inverse(alike[turn].place))

    def _calls_of(self, run: AgendaRun) -> Sequence[Column]:
        """When the calls of an agenda are run, each at all places."""
        if id(run) not in self._calls:
            first = [number for number, it in enumerate(run.registrations) if it.by < 0]
            by_cohort: defaultdict[int, list[int]] = defaultdict(list)
            for number in first:
                by_cohort[run.registrations[number].act.entry.cohort].append(number)
            rows: list[list[int]] = [[] for _ in self._places]
            for _, numbers in sorted(by_cohort.items()):
                columns = self.columns(run.registrations[number].act for number in numbers)
                for row, at in zip(rows, zip(*columns, strict=True), strict=True):
                    row += [number for _, number in sorted(zip(at, numbers, strict=True))]
            self._calls[id(run)] = _turned([_turns(row, run.registrations) for row in rows])
        return self._calls[id(run)]

    def _moved(self, column: Column, by: int) -> Column:
        """A column as seen from places that a renumbering takes to its own."""
        if not by:
            return column
        if by not in self._moves:
            self._moves[by] = self._symmetries.composed(by)
        return [column[index] for index in self._moves[by]]


def _own_acts(entry: Entry) -> Iterator[Act]:
    """Which acts may have scheduled an event: of an agenda's registrations, the first."""
    run = entry.alternatives
    if isinstance(run, AgendaRun):
        cohort = run.registrations[0].act.entry.cohort
        acts = (it.act for it in run.registrations if it.by < 0)
        yield from (act for act in acts if act.entry.cohort == cohort)
    else:
        assert entry.parent is not None  # starts have no alternatives
        yield Act(entry.parent, entry.origin, entry.turn)


def _turns(row: list[int], registrations: Sequence[Registration]) -> list[int]:
    """For each call, when it is run, where the first come in this order."""
    for call in row:  # which sees what is appended
        row += [number for number, it in enumerate(registrations) if it.by == call]
    return sorted(range(len(row)), key=row.__getitem__)


def _turned(rows: Sequence[Sequence[int]]) -> Sequence[Column]:
    return list(zip(*rows, strict=True))


def _whole(entry: Entry) -> Entry:
    """The event that an entry is a part of; mostly itself."""
    run = entry.alternatives
    return run.entry if isinstance(run, AgendaRun) else entry


def _cohorts_to_rank(entries: Iterable[Entry]) -> dict[int, set[Entry]] | None:
    """What those go back to at some NPU, where one may come in another's place, by cohort.

    None where it isn't known.
    """
    found: defaultdict[int, set[Entry]] = defaultdict(set)
    left, seen = list(entries), set[Entry]()
    while left:
        entry = left.pop()
        if entry in seen:
            continue
        seen.add(entry)
        found[entry.cohort].add(entry)
        if entry.has_rival and not isinstance(entry.alternatives, AgendaRun | Interchangeable):
            return None
        left += _before(entry)
    return dict(_to_rank(found))


def _to_rank(found: Mapping[int, set[Entry]]) -> Iterator[tuple[int, set[Entry]]]:
    """Those in which one may come in another's place, and some between, where that is no work."""
    steps = 0
    for cohort, members in sorted(found.items()):
        steps += 1
        is_milestone = steps > _STEPS and len(members) == 1
        if is_milestone or any(member.alternatives is not None for member in members):
            steps = 0
            yield cohort, members


def _before(entry: Entry) -> Iterator[Entry]:
    """What may come in its place, and what it may follow from."""
    if isinstance(entry.alternatives, Interchangeable):
        yield from (it.entry for it in entry.alternatives)
    if isinstance(entry.alternatives, AgendaRun):
        yield entry.alternatives.entry
        yield from (it.act.entry for it in entry.alternatives.registrations)
    if entry.parent is not None:
        yield entry.parent
