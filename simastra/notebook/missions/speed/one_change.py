"""One change that makes a step a fifth faster: which of six, and how much of it?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeAlias

from simastra import MiB, Simulation, TraceBuilder
from simastra.notebook.missions.dice import Dice
from simastra.notebook.missions.machines import network, system
from simastra.notebook.missions.moves import ForbiddenMoveError, keyed, one_of
from simastra.notebook.missions.posed import PosedMission, Rating
from simastra.notebook.missions.running import simulation_of, time_of
from simastra.units import Bytes, Ns

Value: TypeAlias = int | float | str

GOAL = 0.8  # of the time that the step takes now
NEARLY = 1.02  # as fast as the fastest for the same price
NPUS, LAYERS = 8, 3


@dataclass(frozen=True, slots=True)
class TrainingStep:
    """A training step and its machine.

    Attributes:
        micros: what a layer computes, in µs, at the usual speed.
        size: bytes of a layer's gradients.
        bandwidth: of a link, in GB/s.
        latency: of a link, in ns.
        algorithm: of all-reduces.
        chunks: into how many an all-reduce is cut.
        memory: bandwidth of local memory, in GB/s.
        clock: speed of computations.
    """

    micros: float
    size: Bytes
    bandwidth: float = 50
    latency: float = 500
    algorithm: str = "ring"
    chunks: int = 4
    memory: float = 1600
    clock: float = 1

    def simulation(self) -> Simulation:
        """Layers that compute and then sum up their gradients, one after the other."""
        trace = TraceBuilder()
        before = None
        for layer in range(LAYERS):
            micros = self.micros / self.clock
            done = trace.compute(f"layer {layer}", micros=micros, after=before or ())
            before = trace.all_reduce(f"gradients {layer}", size=self.size, after=done)
        npus = system(self.algorithm, chunks=self.chunks, memory_bandwidth=self.memory)
        links = network("Ring", NPUS, bandwidth=self.bandwidth, latency=self.latency)
        return simulation_of(trace, npus, links)


CASES: tuple[TrainingStep, ...] = (
    TrainingStep(micros=400, size=1 * MiB),
    TrainingStep(micros=40, size=16 * MiB),
    TrainingStep(micros=30, size=1 * MiB, chunks=32),
    TrainingStep(micros=60, size=8 * MiB, memory=55),
    TrainingStep(micros=60, size=4 * MiB, algorithm="doubleBinaryTree"),
    TrainingStep(micros=10, size=MiB // 8, latency=4000, chunks=1),
)
"""What is wrong: computations, links, chunks, reductions, the algorithm, and latency."""

PRICES: Mapping[str, Mapping[Value, int]] = MappingProxyType(
    {
        "bandwidth": MappingProxyType({75: 40, 100: 90, 200: 300}),
        "latency": MappingProxyType({3000: 20, 2000: 50, 1000: 120}),
        "algorithm": MappingProxyType({"ring": 0, "halvingDoubling": 0, "doubleBinaryTree": 0}),
        "chunks": MappingProxyType({1: 0, 4: 0, 16: 0, 32: 0}),
        "memory": MappingProxyType({120: 30, 400: 80, 1600: 200}),
        "clock": MappingProxyType({1.1: 50, 1.5: 150, 2: 400}),
    }
)
"""What may be changed, to what, and what that costs, in thousands."""


class OneChange(PosedMission):
    """A step that one change makes a fifth faster."""

    title = "A fifth faster by one change"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        dice = Dice("one-change", seed)
        case = dice.one_of(CASES, "case")
        self.step = replace(case, micros=case.micros + dice.whole(0, 9, "micros"))

    @cached_property
    def now(self) -> Ns:
        """What the step takes, in ns."""
        return time_of(self.step.simulation())

    @property
    def _story(self) -> str:
        step = self.step
        return (
            f"{NPUS} NPUs on a ring compute {LAYERS} layers of {step.micros:g} µs, and sum up "
            f"{step.size / MiB:g} MiB of gradients after each. The step takes {self.now:,} ns.\n"
            f"Now: bandwidth {step.bandwidth} GB/s, latency {step.latency} ns, algorithm "
            f"{step.algorithm}, {step.chunks} chunks, memory {step.memory} GB/s, clock "
            f"{step.clock}.\nMake it at least 20 % faster by one change; pay no more than it takes."
        )

    @property
    def _moves(self) -> str:
        prices = "; ".join(
            f"{key}: " + ", ".join(f"{value} ({price})" for value, price in values.items())
            for key, values in PRICES.items()
        )
        return f"a dict with one change, such as {{'clock': 1.1}}. Values (prices): {prices}."

    def changed(self, answer: object) -> tuple[TrainingStep, int]:
        """The step after a change, and its price.

        Raises:
            ForbiddenMoveError: it isn't one change, or not one that can be had.
        """
        said = keyed(answer, list(PRICES))
        if len(said) != 1:
            raise ForbiddenMoveError(f"these are {len(said)} changes; one is allowed")
        ((key, asked),) = said.items()
        value = one_of(asked, key, PRICES[key])
        if value == getattr(self.step, key):
            raise ForbiddenMoveError(f"{key} is {value} already")
        change: dict[str, Any] = {key: value}  # of a type each, as the table of prices has it
        return replace(self.step, **change), PRICES[key][value]

    def _score(self, answer: object) -> Rating:
        step, price = self.changed(answer)
        time = time_of(step.simulation())
        told = f"It takes {time:,} ns, {1 - time / self.now:.0%} less, and costs {price}"
        if time > GOAL * self.now:
            return Rating(0, f"{told}; 20 % less is the goal.")
        least, fastest = self._best[:2]
        if price > least:
            return Rating(1, f"{told}; {least} is enough.")
        if time > NEARLY * fastest:
            return Rating(2, f"{told}; for that price, {fastest:,} ns are possible.")
        return Rating(3, f"{told}.")

    def par(self) -> dict[str, Value]:
        """The cheapest change that is enough, and the fastest of these."""
        _, _, key, value = self._best
        return {key: value}

    @cached_property
    def _best(self) -> tuple[int, Ns, str, Value]:
        enough = []
        for key, values in PRICES.items():
            for value, price in values.items():
                if value == getattr(self.step, key):
                    continue
                time = time_of(self.changed({key: value})[0].simulation())
                if time <= GOAL * self.now:
                    enough.append((price, time, key, value))
        return min(enough, key=lambda it: it[:2])
