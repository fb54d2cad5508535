"""What a training comes to that fails now and then: checkpoints, failures and restarts.

A renewal model, as J. W. Young (CACM 17, 1974) and J. T. Daly (Future Generation Computer Systems
22, 2006) have it: a checkpoint is written after so many steps, while nothing else goes on; a
failure loses what has been done since the last one that was written; a restart takes its time, and
may fail as well. Failures are as many in each second as in any other, so that times between them
are exponential, drawn by a seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from heapq import merge
from itertools import count
from math import ceil, sqrt

from simastra.draws import uniform
from simastra.scenario import Restart
from simastra.scenario.same_everywhere import logarithm
from simastra.units import Ns

_FAILURES = 100
"""How many come in a training whose length isn't given, on average."""

_MOST_FAILURES = 100_000
"""A training that isn't over by then is given up: most lose work faster than they do it."""


@dataclass(frozen=True, slots=True)
class Goodput:
    """What comes of a training. Times are in ns, and sum to `time`.

    Attributes:
        steps: of the training.
        step_time: of each.
        steps_between: two checkpoints.
        time: from the first step to the end of the last; None if it hasn't come after very many
            failures.
        useful: for how long steps were done that count.
        writing: for how long checkpoints were written that count.
        lost: for how long something was done that had to be done again.
        restarting: for how long it was restarted.
        failures: how many there were.
        best_interval: between two checkpoints, by Daly's formula of first order.
    """

    steps: int
    step_time: Ns
    steps_between: int
    time: Ns | None
    useful: Ns
    writing: Ns
    lost: Ns
    restarting: Ns
    failures: int
    best_interval: Ns

    @property
    def share(self) -> float:
        """The part of the time in which steps were done that count, from 0 to 1."""
        return self.useful / self.time if self.time else 0.0

    def to_dict(self) -> dict[str, object]:
        """Plain numbers, ready for JSON; times in ns."""
        return {"share": self.share, **asdict(self)}


def goodput(step: Ns, told: Restart, stops: Sequence[Ns] = ()) -> Goodput:
    """What a training comes to.

    Args:
        step: what a step takes, in ns.
        told: what is known of checkpoints and failures.
        stops: further failures, in ns from the beginning.
    """
    steps = told.steps or max(1, _FAILURES * told.mtbf // max(step, 1))
    between = max(1, told.interval // max(step, 1))
    training = _Training(step, told, steps, between)
    time = training.run(merge(_failures(told), sorted(stops)))
    best = round(sqrt(2 * told.writing * told.mtbf))
    useful = training.saved * step
    return Goodput(steps, step, between, time, useful, *training.spent, training.failures, best)


def _failures(told: Restart) -> Iterator[Ns]:
    """When failures come that nobody has planted, in ns."""
    time = 0
    for number in count():
        time += max(1, round(-told.mtbf * logarithm(next(uniform(told.seed, "failure", number)))))
        yield time


class _Training:
    """A training under way.

    Args:
        step: what a step takes, in ns.
        told: what is known of checkpoints and restarts.
        steps: in all.
        between: steps between two checkpoints.
    """

    def __init__(self, step: Ns, told: Restart, steps: int, between: int) -> None:
        self._step = step
        self._write = told.writing
        self._restart = told.restart_time
        self._steps = steps
        self._between = between
        self.saved = 0
        self.failures = 0
        self._writing = self._lost = self._restarting = 0

    @property
    def spent(self) -> tuple[Ns, Ns, Ns]:
        """For how long it wrote checkpoints, lost what was done, and was restarted."""
        return self._writing, self._lost, self._restarting

    def run(self, failures: Iterator[Ns]) -> Ns | None:
        """Run to the end, and tell when that is; None where there are too many failures."""
        now = 0
        for failure in failures:
            if self.failures > _MOST_FAILURES:
                return None
            if now >= failure:  # amid a restart, which begins again
                self.failures += 1
                self._restarting += failure + self._restart - now
                now = failure + self._restart
                continue
            end = now + self._left()
            if end <= failure:
                self._finish()
                return end
            self._fail(failure - now)
            now = failure + self._restart
            self._restarting += self._restart
        raise AssertionError("failures don't end")

    def _left(self) -> Ns:
        """What is left to do, with checkpoints, in ns; none is written behind the last step."""
        left = self._steps - self.saved
        return left * self._step + (ceil(left / self._between) - 1) * self._write

    def _finish(self) -> None:
        left = self._steps - self.saved
        self._writing += (ceil(left / self._between) - 1) * self._write
        self.saved = self._steps

    def _fail(self, worked: Ns) -> None:
        """Keep what has been saved since the last failure."""
        self.failures += 1
        cycle = self._between * self._step + self._write
        cycles = worked // cycle
        self.saved += cycles * self._between
        self._writing += cycles * self._write
        self._lost += worked - cycles * cycle
