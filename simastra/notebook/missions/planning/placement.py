"""Two jobs on one cluster: which NPUs does each get, so that they don't get in each other's way?"""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import count

from simastra import MiB, NetworkConfig, Simulation, Trace, TraceBuilder
from simastra.network_graph.generators import clos
from simastra.notebook.missions.dice import Dice
from simastra.notebook.missions.grading import Limits
from simastra.notebook.missions.machines import system
from simastra.notebook.missions.moves import ForbiddenMoveError, keyed, listed, whole
from simastra.notebook.missions.posed import PosedMission, Rating
from simastra.notebook.missions.running import simulation_of, time_of
from simastra.units import Bytes, NpuId, Ns

from .cluster import JOBS, LEAFS, NPUS, PER_LEAF, Cluster, Placed

STARS = Limits(three=1.02, two=1.2, one=1.6)  # of the authors' time
TRIED = 4  # placements that the authors simulate


class JobPlacement(PosedMission):
    """A cluster of four leafs with few uplinks, some NPUs of which are out of order."""

    title = "Two jobs, one cluster"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        dice = Dice("two-jobs", seed)
        drawn = (Cluster.drawn(dice, draw) for draw in count())
        self._cluster, self._least = next(
            (it, least) for it in drawn if (least := _least_where_it_matters(it))
        )

    @property
    def broken(self) -> Sequence[NpuId]:
        """NPUs that nobody can have."""
        return self._cluster.broken

    @property
    def wanted(self) -> Mapping[str, int]:
        """How many NPUs each job needs."""
        return self._cluster.wanted

    @property
    def _story(self) -> str:
        sizes = {job: size // MiB for job, size in self._cluster.sizes.items()}
        a, b = (f"{self.wanted[job]} NPUs and sums up {sizes[job]} MiB" for job in JOBS)
        return (
            f"{NPUS} NPUs hang on {LEAFS} leafs, {PER_LEAF} each: 0 to 3 on the first one, and so "
            "on. A leaf has one link to each of 2 spines, half of what its NPUs have. "
            f"NPUs {', '.join(map(str, self.broken))} are out of order.\nJob a needs {a} by the "
            f"ring algorithm, in the order in which its NPUs are listed; job b needs {b}. Place "
            "them so that the last one ends early; `simulation(placement)` tries."
        )

    @property
    def _moves(self) -> str:
        return (
            "a dict of the jobs' lists of NPUs, such as {'a': [0, 1, ...], 'b': [8, ...]}; nobody "
            "is in both, or twice."
        )

    def simulation(self, placement: object) -> Simulation:
        """Both jobs, placed as an answer says."""
        return _simulation(self._cluster, self._checked(placement))

    def _score(self, answer: object) -> Rating:
        time = _time(self._cluster, self._checked(answer))
        return _rated(time, _time(self._cluster, self._least))

    def par(self) -> dict[str, list[NpuId]]:
        """As few links between leafs as possible, and of these placements the fastest."""
        return {job: list(npus) for job, npus in zip(JOBS, self._least, strict=True)}

    def _checked(self, answer: object) -> Placed:
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
        return Placed(a, b)


def _rated(time: Ns, least: Ns) -> Rating:
    return STARS.times(least).score(time, f"The last job ends at {time:,} ns")


def _least_where_it_matters(cluster: Cluster) -> Placed | None:
    """The fastest of the least crowded placements; None if it is hardly faster than first come."""
    first_come = [cluster.first_come(order) for order in ("ab", "ba")]
    if not all(it.crowding[0] for it in first_come):
        return None
    few = sorted(cluster.placements(), key=lambda it: it.crowding)[:TRIED]
    time = cache(lambda placed: _time(cluster, placed))
    least = min(few, key=time)
    matters = all(_rated(time(it), time(least)).stars <= 1 for it in first_come)
    return least if matters else None


def _time(cluster: Cluster, placed: Placed) -> Ns:
    return time_of(_simulation(cluster, placed))


def _simulation(cluster: Cluster, placed: Placed) -> Simulation:
    builders = [TraceBuilder(npu) for npu in range(NPUS)]
    for job, npus in zip(JOBS, placed, strict=True):
        _add_ring(builders, npus, cluster.sizes[job] // len(npus))
    for builder in builders:
        builder.compute("idle")  # who has nothing at all to do is warned of
    graph = clos(NPUS, leafs=LEAFS, spines=2, bandwidth="50GB/s", latency="500ns")
    return simulation_of(Trace.of(builders), system("ring"), NetworkConfig(graph=graph))


def _add_ring(builders: Sequence[TraceBuilder], npus: Sequence[NpuId], size: Bytes) -> None:
    """An all-reduce by the ring algorithm, as messages: each passes on what it has received."""
    for place, npu in enumerate(npus):
        trace, to, source = builders[npu], npus[(place + 1) % len(npus)], npus[place - 1]
        before = trace.compute("begin")
        for step in range(1, 2 * len(npus) - 1):
            trace.send(f"send {step}", size=size, to=to, tag=step, after=before)
            before = trace.recv(f"receive {step}", size=size, source=source, tag=step, after=before)
