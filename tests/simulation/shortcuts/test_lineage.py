"""Who comes first in a nanosecond: what was inserted earlier, and so on back to the start."""

from __future__ import annotations

import gc
import random
import sys
import weakref
from collections.abc import Hashable
from functools import partial
from itertools import groupby, permutations

import pytest
from lineage_oracle import AllTouches, walk

from simastra.network import LinkTiming
from simastra.network.topology import FullyConnected
from simastra.simulation.shortcuts.fold_environment import FoldEnvironment
from simastra.simulation.shortcuts.folded_topology import FoldedTopology
from simastra.simulation.shortcuts.lineage import Entry, by_number
from simastra.simulation.shortcuts.refusal import Refused
from simastra.simulation.shortcuts.symmetry_group import Action, SymmetryAxis, SymmetryGroup

SYMMETRIES = (
    SymmetryGroup((SymmetryAxis(1, 4, Action.ROTATION),)),
    SymmetryGroup((SymmetryAxis(1, 4, Action.EXCHANGE),)),
    SymmetryGroup((SymmetryAxis(1, 6, Action.ROTATION, 2), SymmetryAxis(6, 2, Action.EXCHANGE))),
)
"""Four as one; four as one; twelve as two."""
EVENTS = 60


def environment(symmetries: SymmetryGroup) -> FoldEnvironment:
    return FoldEnvironment(FoldedTopology(FullyConnected(12, LinkTiming(0.0, 1.0)), symmetries))


class RandomRun:
    """Events that schedule each other at random and touch two NPUs.

    Attributes:
        ran: the events, in the order in which they ran, with when that was.
        places: the renumberings.
        turns: the events' numbers in the order in which they were scheduled.
        wrong: what the folded environment and the comparison of all touches say differently.
    """

    def __init__(self, symmetries: SymmetryGroup, seed: int, kinds: tuple[Hashable, ...]) -> None:
        self.env = environment(symmetries)
        self.turns: dict[Entry, int] = {}
        self.ran: list[tuple[int, Entry]] = []
        self.wrong: list[str] = []
        self.refused = False
        self._draw = random.Random(seed)
        self._kinds = kinds
        self._all = AllTouches(self.env, self.turns)
        self.places = list(symmetries.renumberings())
        size = max(axis.stride * axis.size for axis in symmetries.axes)
        for npu in (npu for npu in range(size) if not symmetries.place(npu)):
            self.env.start(npu)
            self._schedule(2)
        self.env.run()

    def _schedule(self, most: int) -> None:
        for _ in range(self._draw.randint(1, most)):
            if len(self.turns) < EVENTS:
                place, delay = self._place(), self._draw.choice((0, 0, 1, 2))
                entry = self.env.call_from(place, delay, self._happen)
                self.turns[entry] = len(self.turns)

    def _place(self) -> int:
        """Mostly the same: few runs would get far otherwise."""
        return self._draw.choice(self.places) if self._draw.random() < 0.1 else 0

    def _happen(self) -> None:
        self.ran.append((self.env.now, self.env.running))
        for what in self._draw.choice(((), (0,), (1,), (0, 1))):
            kind = self._draw.choice(self._kinds)
            with self.env.acting_at(self._place()):
                self._access(what, kind)
        self._schedule(3)

    def _access(self, what: int, kind: Hashable) -> None:
        if self.refused:  # what comes after a refusal means nothing
            return
        expected = self._all.is_decided_by_number(what, kind)
        try:
            self.env.ties.note_use(what, kind)
        except Refused:
            self.refused = True
        if expected is not self.refused:
            self.wrong.append(f"at {self.env.now} ns, event {len(self.ran)}, NPU {what}")


@pytest.mark.parametrize("symmetries", SYMMETRIES, ids=str)
def test_cohorts_and_starts_say_what_the_whole_lineages_say(symmetries: SymmetryGroup) -> None:
    """Whether by number, with rivals too; and the order, where there are none."""
    compared = 0
    for seed in range(40):
        run = RandomRun(symmetries, seed, ("a",) if seed % 2 else (None,))
        for _, group in groupby(run.ran, key=lambda ran: ran[0]):
            moved = [(entry, at) for _, entry in group for at in (0, *run.places[-1:])]
            for (first, at), (second, there) in permutations(moved[:24], 2):
                walked = walk(symmetries, run.turns, first, at, second, there)
                assert by_number(symmetries, first, at, second, there) is walked.by_number
                mine = (first.cohort, first.start_at(at, symmetries))
                theirs = (second.cohort, second.start_at(there, symmetries))
                if mine != theirs and not (first.rival or second.rival):
                    assert (mine > theirs) is (walked.order > 0)
                compared += 1
    assert compared > 5000


@pytest.mark.parametrize("symmetries", SYMMETRIES, ids=str)
@pytest.mark.parametrize("kinds", [(None,), ("a",), ("a", "a", None), ("a", "b"), (1, 2, None)])
def test_two_touches_of_each_thing_are_enough(
    symmetries: SymmetryGroup, kinds: tuple[Hashable, ...]
) -> None:
    runs = [RandomRun(symmetries, seed, kinds) for seed in range(150)]
    assert [run.wrong for run in runs if run.wrong] == []
    assert any(run.refused for run in runs) is (kinds != ("a",))
    assert any(len(run.ran) == EVENTS and not run.refused for run in runs)


def test_of_one_parents_events_the_first_scheduled_comes_first() -> None:
    """They are of one cohort and go back to one start: not by number."""
    symmetries, env = SYMMETRIES[0], environment(SYMMETRIES[0])
    seen: list[Entry] = []
    env.start(0)
    for _ in range(2):
        env.call_later(0, lambda: seen.append(env.running))
    env.run()
    one, other = seen
    assert one.cohort == other.cohort
    assert not by_number(symmetries, one, 2, other, 2)
    assert by_number(symmetries, one, 2, other, 1)


def test_earlier_inserted_comes_first_whatever_the_numbers() -> None:
    env = environment(SYMMETRIES[0])
    seen: list[Entry] = []
    env.start(0)
    env.call_later(5, lambda: seen.append(env.running))
    env.call_later(2, partial(env.call_later, 3, lambda: seen.append(env.running)))
    env.run()
    early, late = seen
    assert early.cohort < late.cohort
    assert not by_number(SYMMETRIES[0], early, 3, late, 0)


def test_an_event_goes_back_to_a_start_in_another_place() -> None:
    env = environment(SYMMETRIES[0])
    env.start(0)
    first = env.call_from(1, 0, lambda: None)
    env.run()
    assert first.start_at(0, SYMMETRIES[0]) == 1
    assert first.start_at(2, SYMMETRIES[0]) == 3


def lineage(entry: Entry | None) -> list[Entry]:
    found = []
    while entry is not None:
        found.append(entry)
        entry = entry.parent
    return found


def newest_of_a_chain() -> Entry:
    """The last of as many events as there are, each of which schedules the next."""
    env = environment(SYMMETRIES[0])
    env.start(0)

    def go_on() -> None:
        if len(lineage(env.running)) < EVENTS:
            env.call_from(0, 1, go_on)

    go_on()
    env.run()
    return env.running


def test_a_browser_has_no_long_lineage_to_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "emscripten")
    newest = newest_of_a_chain()
    kept = newest.kept
    assert kept is not None
    gc.collect()

    assert len(lineage(newest)) == EVENTS  # as long as any is held, all are
    oldest_but_start = lineage(newest)[-2]
    kept.__del__()  # as the collector calls it, before it frees anything
    assert lineage(newest) == [newest]
    assert lineage(oldest_but_start) == [oldest_but_start]
    is_kept = weakref.ref(kept)
    del newest, oldest_but_start, kept
    gc.collect()
    assert is_kept() is None


def test_elsewhere_no_entry_is_kept_for_others() -> None:
    assert newest_of_a_chain().kept is None
