"""One of twelve NPUs is slow, and all scatter: which one, and how slow?"""

from collections.abc import Mapping
from functools import cached_property
from statistics import median

from simastra import KiB, Result, Simulation, TraceBuilder
from simastra.notebook.missions.dice import Dice
from simastra.notebook.missions.grading import Limits
from simastra.notebook.missions.machines import network, system
from simastra.notebook.missions.moves import listed, number, whole
from simastra.notebook.missions.posed import PosedMission, Rating
from simastra.notebook.missions.running import quietly, simulation_of, time_of
from simastra.scenario import ScenarioConfig
from simastra.units import NpuId, Ns
from simastra.workload.kind_of_work import KindOfWork

NPUS, LAYERS, MICROS = 12, 48, 100
SCATTER = 0.06
STARS = Limits(three=0.04, two=0.1, one=1)  # by how much the speed is wrong


class SlowNpu(PosedMission):
    """Results of a step on NPUs that scatter, one of which is slow."""

    title = "The slow NPU"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        dice = Dice("slow-npu", seed)
        self._npu = dice.whole(0, NPUS - 1, "npu")
        self._speed = dice.whole(70, 88, "speed") / 100

    @cached_property
    def measured(self) -> Result:
        """What was measured: records of each node of each NPU."""
        return quietly(self._simulation(self._npu, self._speed))

    @cached_property
    def usual(self) -> Result:
        """What was measured before one of them became slow; they scattered otherwise."""
        return quietly(self._simulation(0, 1, day=1))

    @property
    def _story(self) -> str:
        return (
            f"{NPUS} NPUs compute {LAYERS} layers of {MICROS} µs, more or less, and meet after "
            f"each in a small all-reduce. Since yesterday the step takes {self.measured.makespan:,}"
            f" ns rather than {self.usual.makespan:,}.\nAll are late, as they wait for each "
            "other: one has become slow. `measured` and `usual` are results, whose `nodes[npu]` "
            f"are an NPU's records; computations scatter by {SCATTER:.0%}. Which one is it, and "
            "at what part of its usual speed does it compute?"
        )

    @property
    def _moves(self) -> str:
        return "a pair of an NPU and a speed below 1, such as (3, 0.9)."

    def _score(self, answer: object) -> Rating:
        npu, speed = listed(answer, "the answer", 2)
        said = whole(npu, "the NPU", 0, NPUS - 1), number(speed, "the speed", 0.01, 0.99)
        time = time_of(self._simulation(*said))
        told = f"With it, the step takes {time:,} ns; measured are {self.measured.makespan:,}"
        if said[0] != self._npu:
            return Rating(0, f"NPU {said[0]} isn't slower than the others. {told}.")
        wrong = abs(said[1] / self._speed - 1)
        return STARS.score(wrong, f"It is NPU {said[0]}. {told}", "an error of {:.0%}")

    def par(self) -> tuple[NpuId, float]:
        """Compare what each NPU computes, on average, with the others."""
        means = [sum(self._computed(npu)) / LAYERS for npu in range(NPUS)]
        slowest = max(range(NPUS), key=lambda npu: means[npu])
        return slowest, round(median(means) / means[slowest], 3)

    def _computed(self, npu: NpuId) -> list[Ns]:
        records = self.measured.nodes[npu]
        return [it.duration for it in records if it.kind is KindOfWork.COMPUTE]

    def _simulation(self, npu: NpuId, speed: float, day: int = 0) -> Simulation:
        trace, before = TraceBuilder(), None
        for layer in range(LAYERS):
            done = trace.compute(f"layer {layer}", micros=MICROS, after=before or ())
            before = trace.all_reduce(f"norm {layer}", size=4 * KiB, after=done)
        scenario: Mapping[str, object] = {
            "npus": [{"npus": npu, "compute": speed}],
            "jitter": {
                "seed": 2 * self.seed + day,
                "compute": {"distribution": "lognormal", "sigma": SCATTER},
            },
        }
        links = network("FullyConnected", NPUS, bandwidth=50, latency=500)
        asked = ScenarioConfig.parse(scenario)
        return simulation_of(trace, system("direct"), links, scenario=asked)
