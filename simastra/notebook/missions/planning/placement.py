"""Two jobs on one cluster: which NPUs does each get, so that they don't get in each other's way?"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import count, product

from simastra import MiB, NetworkConfig, Simulation, Trace, TraceBuilder
from simastra.network_graph.generators import clos
from simastra.notebook.missions.dice import Dice
from simastra.notebook.missions.grading import Limits
from simastra.notebook.missions.machines import system
from simastra.notebook.missions.moves import ForbiddenMoveError, keyed, listed, whole
from simastra.notebook.missions.posed import PosedMission, Rating
from simastra.notebook.missions.running import simulation_of, time_of
from simastra.units import NpuId, Ns

LEAFS, PER_LEAF = 4, 4
NPUS = LEAFS * PER_LEAF
STARS = Limits(three=1.02, two=1.2, one=1.6)  # of the authors' time
JOBS = ("a", "b")
TRIED = 4  # placements that the authors simulate


class JobPlacement(PosedMission):
    """A cluster of four leafs with few uplinks, some NPUs of which are out of order."""

    title = "Two jobs, one cluster"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        dice = Dice("two-jobs", seed)
        self._time = cache(self._simulated)
        for draw in count():
            self._draw(dice, draw)
            if not any(
                self._is_good(it) for it in (self._first_come(JOBS), self._first_come("ba"))
            ):
                break

    def _draw(self, dice: Dice, draw: int) -> None:
        self._time.cache_clear()
        vars(self).pop("_best", None)
        self.broken: Sequence[NpuId] = _broken(dice, draw)
        """NPUs that nobody can have."""
        self.wanted: Mapping[str, int] = {"a": dice.whole(5, 7, "wanted", draw), "b": 4}
        """How many NPUs each job needs."""
        self._size = {job: dice.whole(2, 4, "size", job, draw) * MiB for job in JOBS}

    def _first_come(self, order: Sequence[str]) -> Mapping[str, Sequence[NpuId]]:
        """One job after the other takes the first that are free."""
        free = [npu for npu in range(NPUS) if npu not in self.broken]
        first, second = order
        rest = free[self.wanted[first] :]
        return {first: free[: self.wanted[first]], second: rest[: self.wanted[second]]}

    def _is_good(self, placement: Mapping[str, Sequence[NpuId]]) -> bool:
        return self.score(placement).stars > 1

    @property
    def _story(self) -> str:
        a, b = (f"{self.wanted[job]} NPUs and sums up {self._size[job] // MiB} MiB" for job in JOBS)
        return (
            f"{NPUS} NPUs hang on {LEAFS} leafs, {PER_LEAF} each: 0 to 3 on the first one, and so "
            "on. A leaf has one link to each of 2 spines, half of what its NPUs have. "
            f"NPUs {', '.join(map(str, self.broken))} are out of order.\nJob a needs {a}, over and "
            f"over, by the ring algorithm, in the order in which its NPUs are listed; job b needs "
            f"{b}. Place them so that the last one ends early; `simulation(placement)` tries."
        )

    @property
    def _moves(self) -> str:
        return (
            "a dict of the jobs' lists of NPUs, such as {'a': [0, 1, ...], 'b': [8, ...]}; nobody "
            "is in both, or twice."
        )

    def simulation(self, placement: Mapping[str, Sequence[NpuId]]) -> Simulation:
        """Both jobs, so placed."""
        builders = [TraceBuilder(npu) for npu in range(NPUS)]
        for job in JOBS:
            self._ring(builders, placement[job], self._size[job] // self.wanted[job])
        for builder in builders:
            builder.compute("idle")  # who has nothing at all to do is warned of
        graph = clos(NPUS, leafs=LEAFS, spines=2, bandwidth="50GB/s", latency="500ns")
        return simulation_of(Trace.of(builders), system("ring"), NetworkConfig(graph=graph))

    def _score(self, answer: object) -> Rating:
        asked = self._checked(answer)
        time = self._time(*asked)
        remark = f"The last job ends at {time:,} ns"
        return STARS.times(self._time(*self._best)).score(time, remark)

    def par(self) -> dict[str, list[NpuId]]:
        """As few links between leafs as possible, and of these placements the fastest."""
        return {job: list(npus) for job, npus in zip(JOBS, self._best, strict=True)}

    @cached_property
    def _best(self) -> tuple[tuple[NpuId, ...], tuple[NpuId, ...]]:
        few = sorted(self._placements(), key=_crowding)[:TRIED]
        return min(few, key=lambda it: self._time(*it))

    def _placements(self) -> Iterator[tuple[tuple[NpuId, ...], tuple[NpuId, ...]]]:
        """Ways to take so many NPUs of each leaf for each job, leaf by leaf."""
        free = [
            [npu for npu in range(leaf * PER_LEAF, (leaf + 1) * PER_LEAF) if npu not in self.broken]
            for leaf in range(LEAFS)
        ]
        taken_by_a = product(*(range(len(leaf) + 1) for leaf in free))
        for first in (it for it in taken_by_a if sum(it) == self.wanted["a"]):
            left = [leaf[count:] for leaf, count in zip(free, first, strict=True)]
            for second in product(*(range(len(leaf) + 1) for leaf in left)):
                if sum(second) == self.wanted["b"]:
                    yield _taken(free, first), _taken(left, second)

    def _ring(self, builders: list[TraceBuilder], npus: Sequence[NpuId], size: int) -> None:
        """An all-reduce by the ring algorithm, as messages: each passes on what it has received."""
        for place, npu in enumerate(npus):
            trace, to, source = builders[npu], npus[(place + 1) % len(npus)], npus[place - 1]
            before = trace.compute("begin")
            for step in range(1, 2 * len(npus) - 1):
                trace.send(f"send {step}", size=size, to=to, tag=step, after=before)
                before = trace.recv(
                    f"receive {step}", size=size, source=source, tag=step, after=before
                )

    def _checked(self, answer: object) -> tuple[tuple[NpuId, ...], tuple[NpuId, ...]]:
        asked = keyed(answer, JOBS, all_of_them=True)
        a, b = (
            tuple(
                whole(npu, "an NPU", 0, NPUS - 1)
                for npu in listed(asked[job], f"job {job}", self.wanted[job])
            )
            for job in JOBS
        )
        for npu in (*a, *b):
            if npu in self.broken:
                raise ForbiddenMoveError(f"NPU {npu} is out of order")
            if (*a, *b).count(npu) > 1:
                raise ForbiddenMoveError(f"NPU {npu} is there twice")
        return a, b

    def _simulated(self, a: tuple[NpuId, ...], b: tuple[NpuId, ...]) -> Ns:
        return time_of(self.simulation({"a": a, "b": b}))


def _broken(dice: Dice, draw: int) -> list[NpuId]:
    """Of one leaf none, of the others one or two."""
    counts = dice.shuffled([0, 1, 1, 2], "counts", draw)
    return sorted(
        leaf * PER_LEAF + place
        for leaf, broken in enumerate(counts)
        for place in dice.shuffled(range(PER_LEAF), "broken", leaf, draw)[:broken]
    )


def _taken(leafs: Sequence[Sequence[NpuId]], counts: Sequence[int]) -> tuple[NpuId, ...]:
    return tuple(npu for leaf, count in zip(leafs, counts, strict=True) for npu in leaf[:count])


def _crowding(jobs: tuple[tuple[NpuId, ...], tuple[NpuId, ...]]) -> tuple[int, int]:
    """How many leafs have two rings going out, and how many leafs the jobs are spread over."""
    leafs = [{npu // PER_LEAF for npu in npus} for npus in jobs]
    out = [it if len(it) > 1 else set() for it in leafs]
    return len(out[0] & out[1]), sum(map(len, leafs))
