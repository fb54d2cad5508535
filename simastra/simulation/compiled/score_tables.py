"""Scores as tables: what each part in a phase does, once for all that are alike."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simastra.collectives import Algorithm, Leg, LogicalDimension, LogicalRing, Packet, RingSymmetry
from simastra.collectives.score import (
    Action,
    Actions,
    Finish,
    NotCounting,
    Receive,
    Score,
    Send,
    score_of,
)
from simastra.shortcut_use import Shortcut
from simastra.simulation.promised import has_scores, period, ring_symmetry
from simastra.simulation.shortcuts.refusal import Refused
from simastra.units import Bytes, NpuId, Ns

from .layout import (
    ACTION,
    BY_EXCHANGE,
    BY_POSITION,
    BY_SHIFT,
    DO_ADMIT,
    DO_FINISH,
    DO_RECEIVE,
    DO_SEND,
    SCORE,
    SEND_BACK,
    STEP,
    TOWARD_MEMORY,
    Numbers,
    Records,
)

_ADDRESSING = {
    RingSymmetry.SHIFTS: BY_SHIFT,
    RingSymmetry.EXCHANGES: BY_EXCHANGE,
    RingSymmetry.IDENTITY: BY_POSITION,
    RingSymmetry.NONE: BY_POSITION,
}


@dataclass(frozen=True, slots=True)
class ScoreFamily:
    """The scores of one phase in one direction, one after the other.

    Attributes:
        first: the first one's number.
        period: how many turns have scores of their own.
        positions: how many positions have scores of their own; 0 where one stands for all.
    """

    first: int
    period: int
    positions: int


class ScoreTables:
    """Gathers the scores that a run needs.

    Args:
        reduction: how long a packet is reduced, by its size.

    Attributes:
        most_at_once: actions that follow from one thing that happens.
    """

    def __init__(self, reduction: Callable[[Bytes], Ns]) -> None:
        self._reduction = reduction
        self.most_at_once = 0
        self._families: dict[Hashable, ScoreFamily] = {}
        self._scores: list[tuple[int, ...]] = []
        self._arrivals: list[int] = [0]
        self._steps: list[tuple[int, ...]] = []
        self._actions: list[tuple[int, ...]] = []

    def family(self, leg: Leg, dimension: LogicalDimension, ring: LogicalRing) -> ScoreFamily:
        """The scores of a phase.

        Args:
            leg: the phase.
            dimension: where it is.
            ring: its members, in the direction of the phase.

        Raises:
            Refused: if its algorithm's machines have no scores, or aren't known to.
        """
        algorithm = dimension.algorithm
        symmetry = ring_symmetry(algorithm)
        whose = ring.members if symmetry is RingSymmetry.NONE else range(len(ring))
        key = (
            identity(algorithm), leg.collective, leg.size, whose, ring.is_group, ring.clockwise,
        )  # fmt: skip
        known = self._families.get(key)
        if known is None:
            known = self._families[key] = self._new(leg, algorithm, symmetry, whose, ring)
        return known

    def _new(
        self,
        leg: Leg,
        algorithm: Algorithm,
        symmetry: RingSymmetry,
        members: Sequence[NpuId],
        ring: LogicalRing,
    ) -> ScoreFamily:
        turns = period(algorithm)
        if not has_scores(algorithm) or turns is None:
            raise Refused(
                f"nothing is known about the algorithm {algorithm.name}", Shortcut.COMPILED
            )
        alike = symmetry in (RingSymmetry.SHIFTS, RingSymmetry.EXCHANGES)
        positions = 0 if alike else len(members)
        first = len(self._scores)
        places = {member: place for place, member in enumerate(members)}
        for turn in range(turns):
            for position in range(positions or 1):
                seen = LogicalRing(members, position, ring.is_group, ring.clockwise)
                self._add(self._score(leg, algorithm, seen, turn), places, _ADDRESSING[symmetry])
        return ScoreFamily(first, turns, positions)

    def _score(self, leg: Leg, algorithm: Algorithm, ring: LogicalRing, turn: int) -> Score:
        try:
            return score_of(lambda: algorithm.machine(leg.collective, leg.size, ring, turn))
        except NotCounting as problem:
            raise Refused(
                f"of the algorithm {algorithm.name}: {problem}", Shortcut.COMPILED
            ) from None

    def _add(self, score: Score, position: Mapping[NpuId, int], addressing: int) -> None:
        first_start = len(self._actions)
        self._write(score.start, position)
        end_start = len(self._actions)
        first_arrival = len(self._arrivals) - 1
        self._arrivals[-1] = end_start
        for actions in score.at_arrivals:
            self._write(actions, position)
            self._arrivals.append(len(self._actions))
        self._arrivals.append(0)  # the next score's beginning
        first_step = len(self._steps)
        for step in score.at_admissions:
            first = len(self._actions)
            self._write(step.actions, position)
            self._steps.append((step.admissions, step.arrivals, first, len(self._actions)))
        row = (addressing, first_start, end_start, first_arrival, len(score.at_arrivals))
        self._scores.append((*row, first_step, len(self._steps)))

    def _write(self, actions: Actions, position: Mapping[NpuId, int]) -> None:
        self.most_at_once = max(self.most_at_once, len(actions))
        self._actions.extend(self._row(action, position) for action in actions)

    def _row(self, action: Action, position: Mapping[NpuId, int]) -> tuple[int, ...]:
        match action:
            case Packet(size, reduces, toward_memory, send_back):
                way = TOWARD_MEMORY * toward_memory | SEND_BACK * send_back
                return size, self._reduction(size) if reduces else -1, DO_ADMIT, way
            case Send(to, size):
                return size, 0, DO_SEND, position[to]
            case Receive(source, size):
                return size, 0, DO_RECEIVE, position[source]
            case Finish():
                return 0, 0, DO_FINISH, 0

    @property
    def scores(self) -> Records:
        """All scores."""
        return np.array(self._scores, SCORE)

    @property
    def arrivals(self) -> Numbers:
        """Where the actions of each arrival begin, and those of the last one end."""
        return np.array(self._arrivals, np.int32)

    @property
    def steps(self) -> Records:
        """What is done at admissions."""
        return np.array(self._steps, STEP)

    @property
    def actions(self) -> Records:
        """What is done."""
        return np.array(self._actions, ACTION)

    def addressing(self, score: int) -> int:
        """How a score names members."""
        return self._scores[score][0]

    def partners(self, score: int) -> tuple[Numbers, Numbers]:
        """Whom a score sends to, and from whom it receives, each once; as the score names them."""
        row = self._scores[score]
        _, first, end, first_arrival, arrivals, first_step, end_step = row
        if arrivals:
            end = self._arrivals[first_arrival + arrivals]
        if end_step > first_step:
            end = self._steps[end_step - 1][3]  # steps are written last
        actions = self._actions[first:end]
        sent = {it[3] for it in actions if it[2] == DO_SEND}
        received = {it[3] for it in actions if it[2] == DO_RECEIVE}
        return np.array(sorted(sent), np.int32), np.array(sorted(received), np.int32)


def identity(algorithm: Algorithm) -> Hashable:
    """What algorithms that do the same have in common."""
    try:
        hash(algorithm)
    except TypeError:
        return id(algorithm)
    return algorithm
