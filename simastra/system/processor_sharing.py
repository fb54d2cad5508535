"""Egalitarian processor sharing: who uses a resource together gets equal parts of it.

(Queueing theory's PS discipline: L. Kleinrock, "Time-shared systems: a theoretical treatment",
JACM 14, 1967; here of jobs that use several resources at once, docs/calibration.md.)

Times inside are exact fractions: a job may end between two nanoseconds, and those that shared with
it speed up just then. What is told is told at the next whole nanosecond. So the outcome doesn't
depend on the order in which jobs begin in a nanosecond, and sums come out to the nanosecond.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from fractions import Fraction
from functools import partial
from heapq import heappop, heappush
from itertools import count
from math import ceil

from simastra.engine import Call, Category, Environment
from simastra.units import Ns


class Customer:
    """Work that is served at the rate that its most crowded resource allows.

    Args:
        work: what it takes alone, in ns.
        resources: what it uses; alone it takes all of each.
        ended: called at its end.
        begun: when it began, in ns.

    Attributes:
        work: as given.
        begun: as given.
        end: when it ends if nobody comes or goes, in ns.
        is_over: whether it has ended.
    """

    __slots__ = (
        "begun",
        "end",
        "ended",
        "is_over",
        "left",
        "resources",
        "since",
        "slowdown",
        "turn",
        "work",
    )

    def __init__(self, work: Ns, resources: Sequence[Hashable], ended: Call, begun: Ns) -> None:
        self.work = work
        self.resources = resources
        self.ended = ended
        self.begun = begun
        self.left = Fraction(work)
        """Of its work, at the time `since`."""
        self.since = Fraction(begun)
        self.slowdown = 0
        """How long a ns of its work takes; 0 before it has been rated."""
        self.end = Fraction(begun)
        self.turn = 0
        """How often it has been rated: what was scheduled before is out of date."""
        self.is_over = False

    def rate(self, slowdown: int, now: Fraction) -> bool:
        """From now on, a ns of its work takes that long; whether that is new."""
        if slowdown == self.slowdown:
            return False
        if self.slowdown:
            self.left -= (now - self.since) / self.slowdown
        self.since = now
        self.slowdown = slowdown
        self.end = now + self.left * slowdown
        self.turn += 1
        return True


class ProcessorSharing:
    """Serves jobs, those that share a resource side by side.

    Of k jobs that use a resource, each has a k-th of it. A job that uses several resources goes as
    slowly as the most crowded of them makes it.

    Args:
        env: the environment.
        penalty: what crowding costs: 1 for as much as that, 0 for nothing, 2 for twice as much.
    """

    def __init__(self, env: Environment, penalty: int = 1) -> None:
        self._env = env
        self._penalty = penalty
        self._users: dict[Hashable, dict[Customer, None]] = {}
        """Who uses each resource now."""
        self._ends: list[tuple[Fraction, int, int, Customer]] = []
        """A heap of ends, with the job's turn when that was known."""
        self._numbers = count()

    def begin(self, work: Ns, resources: Sequence[Hashable], ended: Call) -> Customer:
        """Begin a job now; `ended` is called in the first whole nanosecond in which it is over.

        Args:
            work: what it takes alone, in ns.
            resources: what it uses.
            ended: what is then called.
        """
        now = self._env.now
        self._go_on(now)
        job = Customer(work, resources, ended, now)
        for resource in resources:
            self._users.setdefault(resource, {})[job] = None
        self._rate_again(job, Fraction(now))
        return job

    def says(self, _call: object) -> str:
        """What a call that it has scheduled does, in words."""
        return "a priced collective ends, unless others have come to its links"

    def _rate_again(self, job: Customer, now: Fraction) -> None:
        """Rate a job that comes or goes, and those that it shares something with."""
        touched: dict[Customer, None] = {} if job.is_over else {job: None}
        for resource in job.resources:
            touched.update(self._users.get(resource, {}))
        for each in touched:
            if each.rate(self._slowdown(each), now):
                heappush(self._ends, (each.end, next(self._numbers), each.turn, each))
                wake = partial(self._wake, each, each.turn)
                self._env.call_later(ceil(each.end) - self._env.now, wake, Category.BANDWIDTH)

    def _slowdown(self, job: Customer) -> int:
        most = max((len(self._users[resource]) for resource in job.resources), default=1)
        return 1 + self._penalty * (most - 1)

    def _go_on(self, now: Ns) -> None:
        """Let all end that does until now, each at its time."""
        while self._ends and self._ends[0][0] <= now:
            end, _, turn, job = heappop(self._ends)
            if turn != job.turn or job.is_over:
                continue
            job.is_over = True
            for resource in job.resources:
                users = self._users[resource]
                del users[job]
                if not users:
                    del self._users[resource]
            self._rate_again(job, end)

    def _wake(self, job: Customer, turn: int) -> None:
        """Tell of a job's end, unless it has been rated again since."""
        self._go_on(self._env.now)
        if job.turn == turn:
            job.ended()
