"""Which algorithm sums up small messages best, which one middling, which one large ones?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simastra import KiB, MiB, Simulation, TraceBuilder
from simastra.notebook.missions.dice import Dice
from simastra.notebook.missions.grading import Limits
from simastra.notebook.missions.machines import network, system
from simastra.notebook.missions.moves import keyed, one_of
from simastra.notebook.missions.posed import PosedMission, Rating
from simastra.notebook.missions.running import simulation_of, times_of
from simastra.units import Bytes

STARS = Limits(three=1.02, two=1.25, one=1.7)  # of the best, by the size that is worst


@dataclass(frozen=True, slots=True)
class Library:
    """A machine, and what its library of collectives has."""

    topology: str
    npus: int
    latency: int
    algorithms: tuple[str, ...]


RING = ("ring", "direct", "recursiveDoubling", "halvingDoubling")
SWITCH = ("ring", "halvingDoubling", "recursiveDoubling", "doubleBinaryTree")
LIBRARIES: tuple[Library, ...] = (
    Library("Ring", 8, 500, RING),
    Library("Ring", 16, 500, RING),
    Library("Ring", 8, 1500, RING),
    Library("Switch", 8, 500, SWITCH),
    Library("Switch", 16, 1000, SWITCH),
    Library("FullyConnected", 8, 2000, SWITCH),
)
SIZES: tuple[tuple[Bytes, ...], ...] = (
    (512, 1 * KiB, 2 * KiB),
    (128 * KiB, 256 * KiB, 512 * KiB),
    (16 * MiB, 32 * MiB, 64 * MiB),
)


class Algorithms(PosedMission):
    """Three all-reduces, small, middling and large, and some algorithms."""

    title = "An algorithm for each size"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        dice = Dice("algorithm-per-size", seed)
        self.library = dice.one_of(LIBRARIES, "library")
        self.sizes = tuple(dice.one_of(sizes, "size", index) for index, sizes in enumerate(SIZES))
        self._time = times_of(self.simulation)

    @property
    def _story(self) -> str:
        it = self.library
        return (
            f"{it.npus} NPUs ({it.topology}, 50 GB/s, latency {it.latency} ns a link) sum up "
            f"{self.sizes[0]:,}, {self.sizes[1]:,} and {self.sizes[2]:,} bytes, each by itself. "
            f"Their library has {', '.join(it.algorithms)}.\n"
            "Say which algorithm is fastest for each size; `simulation(size, algorithm)` is one."
        )

    @property
    def _moves(self) -> str:
        return f"a dict with an algorithm for each of {self.sizes}."

    def simulation(self, size: Bytes, algorithm: str) -> Simulation:
        """An all-reduce of so many bytes."""
        trace = TraceBuilder()
        trace.all_reduce("all-reduce", size=size)
        it = self.library
        links = network(it.topology, it.npus, bandwidth=50, latency=it.latency)
        return simulation_of(trace, system(algorithm, memory_bandwidth=1600), links)

    def _score(self, answer: object) -> Rating:
        asked = keyed(answer, self.sizes, all_of_them=True)
        ratios: dict[Bytes, float] = {}
        for size in self.sizes:
            algorithm = one_of(asked[size], "algorithm", self.library.algorithms)
            ratios[size] = self._time(size, algorithm) / self._time(size, self.par()[size])
        worst = max(ratios, key=lambda size: ratios[size])
        remark = f"{worst:,} bytes take {ratios[worst]:.2f} times what is possible"
        return STARS.score(ratios[worst], remark, "{:.2f} times")

    def par(self) -> Mapping[Bytes, str]:
        """Try all of them."""
        return {size: self._fastest(size, self.library.algorithms) for size in self.sizes}

    def _fastest(self, size: Bytes, algorithms: Sequence[str]) -> str:
        return min(algorithms, key=lambda algorithm: self._time(size, algorithm))
