"""The same bandwidth out of each NPU, laid as a ring, a torus, links to all, or a switch."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from simastra import KiB, MiB, NetworkConfig, Simulation, SystemConfig, Trace, TraceBuilder
from simastra.notebook.missions.dice import Dice
from simastra.notebook.missions.grading import Limits
from simastra.notebook.missions.moves import one_of
from simastra.notebook.missions.posed import PosedMission, Rating
from simastra.notebook.missions.running import simulation_of, times_of

NPUS = 16
EACH = 240  # GB/s out of each NPU
STARS = Limits(three=1.02, two=1.1, one=1.3)  # of the best
EQUAL = 1.02  # such ratios of times aren't worth a dearer network


@dataclass(frozen=True, slots=True)
class Laying:
    """One way to lay an NPU's bandwidth; of the table below, the cheapest first.

    Attributes:
        topology: of each dimension.
        counts: of NPUs in each.
        links: into how many an NPU's bandwidth is parted.
        all_reduce: the algorithm in each dimension.
    """

    topology: tuple[str, ...]
    counts: tuple[int, ...]
    links: int
    all_reduce: tuple[str, ...]


LAYINGS: Mapping[str, Laying] = MappingProxyType(
    {
        "ring": Laying(("Ring",), (16,), 2, ("bidirectionalRing",)),
        "torus": Laying(("Ring", "Ring"), (4, 4), 4, ("bidirectionalRing", "bidirectionalRing")),
        "fully connected": Laying(("FullyConnected",), (16,), 15, ("direct",)),
        "switch": Laying(("Switch",), (16,), 1, ("halvingDoubling",)),
    }
)


@dataclass(frozen=True, slots=True)
class Load:
    """What a step communicates, in words and as bytes; 0 for none."""

    words: str
    all_reduce: int = 0
    all_to_all: int = 0
    shift: int = 0
    distance: int = 1


LOADS: tuple[Load, ...] = (
    Load("an all-to-all of 16 MiB from each NPU", all_to_all=16 * MiB),
    Load("an all-reduce of 4 KiB", all_reduce=4 * KiB),
    Load("an all-reduce of 64 MiB", all_reduce=64 * MiB),
    Load("a message of 16 MiB from each NPU to the next one", shift=16 * MiB),
    Load("a message of 16 MiB from each NPU to that 4 on", shift=16 * MiB, distance=4),
    Load("a message of 16 MiB from each NPU to that 8 on", shift=16 * MiB, distance=8),
)


class Topologies(PosedMission):
    """A load, and four ways to lay the same bandwidth."""

    title = "Choose the topology"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        dice = Dice("topology", seed)
        self.load = dice.one_of(LOADS, "load")
        self.latency = dice.one_of([300, 500, 700], "latency")
        self._time = times_of(self.simulation)

    @property
    def _story(self) -> str:
        return (
            f"{NPUS} NPUs have {EACH} GB/s each for their links, of {self.latency} ns. Their step "
            f"communicates {self.load.words}.\nWhich topology carries it fastest: a ring (2 links "
            f"of {EACH // 2} GB/s), a torus of 4 x 4 (4 of {EACH // 4}), links to all others "
            f"(15 of {EACH // 15}), or one link of {EACH} to a switch? Of those that are equally "
            "fast (within 2 %), the one named first is cheapest. `simulation(topology)` tries."
        )

    @property
    def _moves(self) -> str:
        return f"one of {', '.join(map(repr, LAYINGS))}."

    def simulation(self, topology: str) -> Simulation:
        """The step on one of the topologies."""
        it = LAYINGS[_topology(topology)]
        dimensions = len(it.counts)
        links = NetworkConfig(
            topology=it.topology,
            npus_count=it.counts,
            bandwidth=[EACH / it.links] * dimensions,
            latency=[self.latency] * dimensions,
        )
        npus = SystemConfig(
            all_reduce_implementation=it.all_reduce,
            all_to_all_implementation=["direct"] * dimensions,
            preferred_dataset_splits=4,
            active_chunks_per_dimension=4,
            local_mem_bw=0,
        )
        return simulation_of(self._trace(), npus, links)

    def _score(self, answer: object) -> Rating:
        topology = _topology(answer)
        time = self._time(topology)
        best = self._time(min(LAYINGS, key=self._time))
        remark = f"On {topology} it takes {time:,} ns"
        if time <= EQUAL * best and topology != self.par():
            return Rating(2, f"{remark}; {self.par()} is as fast, and cheaper.")
        return STARS.times(best).score(time, remark)

    def par(self) -> str:
        """Try all four; of those that are as fast as the fastest, the cheapest."""
        best = min(map(self._time, LAYINGS))
        return next(it for it in LAYINGS if self._time(it) <= EQUAL * best)

    def _trace(self) -> Trace:
        builders = [TraceBuilder(npu) for npu in range(NPUS)]
        load = self.load
        for npu, trace in enumerate(builders):
            if load.all_reduce:
                trace.all_reduce("all-reduce", size=load.all_reduce)
            if load.all_to_all:
                trace.all_to_all("all-to-all", size=load.all_to_all)
            if load.shift:
                to, source = (npu + load.distance) % NPUS, (npu - load.distance) % NPUS
                trace.send("send", size=load.shift, to=to)
                trace.recv("receive", size=load.shift, source=source)
        return Trace.of(builders)


def _topology(answer: object) -> str:
    return one_of(answer, "topology", LAYINGS)
