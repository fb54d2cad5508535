"""Where has each nanosecond gone? Of one NPU, by category, so that they sum to the whole."""

from collections.abc import Mapping
from functools import cached_property

from simastra import KiB, Simulation, Trace, TraceBuilder
from simastra.explain import Category
from simastra.notebook.missions.dice import Dice
from simastra.notebook.missions.grading import Limits
from simastra.notebook.missions.machines import network, system
from simastra.notebook.missions.moves import ForbiddenMoveError, keyed, whole
from simastra.notebook.missions.posed import PosedMission, Rating
from simastra.notebook.missions.running import simulation_of, time_of
from simastra.units import NpuId, Ns

NPUS = 4
STARS = Limits(three=0, two=0.02, one=0.1)  # of the whole, told of something else


class Nanoseconds(PosedMission):
    """A step of four NPUs, of which one is asked what it spent its time on."""

    title = "Every nanosecond"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        dice = Dice("every-nanosecond", seed)
        self.npu: NpuId = dice.whole(1, NPUS - 1, "npu")
        self._micros = [dice.whole(5, 40, "micros", npu) for npu in range(NPUS)]
        self._size = dice.whole(2, 9, "size") * 64 * KiB
        self._reduced = dice.whole(2, 9, "reduced") * 64 * KiB
        self._latency = 100 * dice.whole(3, 30, "latency")

    @cached_property
    def simulation(self) -> Simulation:
        """The step."""
        builders = [TraceBuilder(npu) for npu in range(NPUS)]
        for npu, trace in enumerate(builders):
            before = trace.compute("forward", micros=self._micros[npu])
            if npu == 0:
                before = trace.send("input", size=self._size, to=self.npu, tag=1, after=before)
            if npu == self.npu:
                received = trace.recv("input", size=self._size, source=0, tag=1, after=before)
                before = trace.compute("use it", micros=5, after=received)
            trace.all_reduce("gradients", size=self._reduced, after=before)
        links = network("Ring", NPUS, bandwidth=50, latency=self._latency)
        return simulation_of(Trace.of(builders), system("ring", memory_bandwidth=100), links)

    @cached_property
    def makespan(self) -> Ns:
        """How long the step takes."""
        return time_of(self.simulation)

    @property
    def _story(self) -> str:
        return (
            f"`simulation` is a step of {NPUS} NPUs: they compute, NPU 0 sends NPU {self.npu} "
            f"something, and all of them sum up. It takes {self.makespan:,} ns.\n"
            f"What has NPU {self.npu} spent them on? Every nanosecond counts, and none twice."
        )

    @property
    def _moves(self) -> str:
        told = ", ".join(category.value for category in Category)
        return (
            f"a dict of whole ns by category, whose sum is {self.makespan:,}. Categories: {told}."
        )

    def _score(self, answer: object) -> Rating:
        names = [category.value for category in Category]
        asked = {
            name: whole(value, name, 0, self.makespan)
            for name, value in keyed(_named(answer), names).items()
        }
        if (total := sum(asked.values())) != self.makespan:
            raise ForbiddenMoveError(f"these are {total:,} ns; the step takes {self.makespan:,}")
        right = self.par()
        off = {name: asked.get(name, 0) - right.get(name, 0) for name in names}
        wrong = sum(max(it, 0) for it in off.values())
        if not wrong:
            return Rating(3, "Every nanosecond is where it belongs.")
        most = max(off, key=lambda name: abs(off[name]))
        remark = f"{wrong:,} ns are told of something else, most of it about {most}"
        return STARS.score(wrong / self.makespan, remark, "{:.0%}")

    def par(self) -> Mapping[str, Ns]:
        """Ask simastra."""
        times = self.simulation.explain().attribution(self.npu).times
        return {category.value: time for category, time in times.items() if time}


def _named(answer: object) -> object:
    """The same with names of categories in place of categories."""
    if not isinstance(answer, Mapping):
        return answer
    return {it.value if isinstance(it, Category) else it: time for it, time in answer.items()}
