"""A measured curve of an all-reduce: which latency and bandwidth does the machine have?"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

from simastra import KiB, Simulation, TraceBuilder
from simastra.notebook.missions.dice import Dice
from simastra.notebook.missions.grading import Limits
from simastra.notebook.missions.machines import network, system
from simastra.notebook.missions.moves import keyed, number
from simastra.notebook.missions.posed import PosedMission, Rating
from simastra.notebook.missions.running import simulation_of, time_of
from simastra.units import Bytes, Ns

NPUS = 8
STEPS = 2 * (NPUS - 1)  # of the ring algorithm
ENDPOINT = 10  # ns that a packet takes there
NOISE = 0.02
GIB_PER_S = 2**30 / 1e9  # bytes a ns
TOLD: Sequence[Bytes] = tuple(KiB * 4**step for step in range(8))
HELD_OUT: Sequence[Bytes] = tuple(2 * KiB * 4**step for step in range(8))
STARS = Limits(three=0.03, two=0.08, one=0.2)  # mean error at sizes that weren't told


class CurveFit(PosedMission):
    """Times of all-reduces on a machine of which nothing else is known."""

    title = "Fit the curve"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        dice = Dice("fit-the-curve", seed)
        self._latency = dice.whole(300, 6000, "latency")
        self._bandwidth = dice.whole(12, 180, "bandwidth")
        self._dice = dice

    @cached_property
    def measured(self) -> Mapping[Bytes, Ns]:
        """What an all-reduce of so many bytes took, in ns; it scatters by 2 %."""
        return MappingProxyType(self._measured(TOLD))

    @property
    def _story(self) -> str:
        return (
            f"{NPUS} NPUs on a ring sum up by the ring algorithm. `measured` has what that took, "
            f"in ns by bytes, from {TOLD[0]:,} to {TOLD[-1]:,}; the times scatter by {NOISE:.0%}.\n"
            "Which latency and which bandwidth of a link make simastra tell the same? You are "
            "judged at sizes in between, which were measured and aren't told. `simulation(size, "
            "latency, bandwidth)` is one."
        )

    @property
    def _moves(self) -> str:
        return (
            "a dict with 'latency' in ns and 'bandwidth' in GB/s of 2^30 bytes, as network files "
            "have it, such as {'latency': 500, 'bandwidth': 50}."
        )

    def simulation(self, size: Bytes, latency: float, bandwidth: float) -> Simulation:
        """An all-reduce of so many bytes on such links."""
        trace = TraceBuilder()
        trace.all_reduce("all-reduce", size=size)
        links = network("Ring", NPUS, bandwidth=bandwidth, latency=latency)
        return simulation_of(trace, system("ring"), links)

    def _score(self, answer: object) -> Rating:
        asked = keyed(answer, ("latency", "bandwidth"), all_of_them=True)
        latency = number(asked["latency"], "the latency", 0, 1e6)
        bandwidth = number(asked["bandwidth"], "the bandwidth", 0.1, 1e5)
        truth = self._measured(HELD_OUT)
        errors = {
            size: abs(self._time(size, latency, bandwidth) / time - 1)
            for size, time in truth.items()
        }
        mean = sum(errors.values()) / len(errors)
        worst = max(errors, key=lambda size: errors[size])
        remark = f"The mean error is {mean:.1%}, most at {worst:,} bytes ({errors[worst]:.1%})"
        return STARS.score(mean, remark, "{:.0%}")

    def par(self) -> dict[str, float]:
        """The line through the times of a step, each weighed by its own size.

        A step takes latency + (size / NPUs) / bandwidth, and passes the endpoint. Least squares of
        relative errors.
        """
        rows = []
        for size, time in self.measured.items():
            step = (time - ENDPOINT) / STEPS - ENDPOINT
            rows.append((1 / step, size / NPUS / step))
        aa, ab, bb = (sum(x[i] * x[j] for x in rows) for i, j in ((0, 0), (0, 1), (1, 1)))
        a, b = (sum(x[i] for x in rows) for i in (0, 1))
        determinant = aa * bb - ab * ab
        latency, inverse = (a * bb - b * ab) / determinant, (b * aa - a * ab) / determinant
        return {"latency": round(latency), "bandwidth": round(1 / inverse / GIB_PER_S, 1)}

    def _measured(self, sizes: Sequence[Bytes]) -> dict[Bytes, Ns]:
        parts = {size: 2 * self._dice.part("noise", size) - 1 for size in sizes}
        exact = {size: self._time(size, self._latency, self._bandwidth) for size in sizes}
        return {size: round(exact[size] * (1 + NOISE * parts[size])) for size in sizes}

    def _time(self, size: Bytes, latency: float, bandwidth: float) -> Ns:
        return time_of(self.simulation(size, latency, bandwidth))
