"""The cheapest network on which a step meets its deadline."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from types import MappingProxyType

from simastra import MiB, NetworkConfig, Options, Simulation, SystemConfig, TraceBuilder
from simastra.notebook.missions.dice import Dice
from simastra.notebook.missions.grading import Limits
from simastra.notebook.missions.moves import keyed, one_of
from simastra.notebook.missions.posed import PosedMission, Rating
from simastra.notebook.missions.running import simulation_of, time_of
from simastra.units import Ns

INNER, OUTER = 4, 4
STARS = Limits(three=1, two=1.15, one=1.5)  # of the least price
TOPOLOGIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"inner": ("Ring", "FullyConnected"), "outer": ("Ring", "FullyConnected", "Switch")}
)
BANDWIDTHS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {"inner-bandwidth": (100, 300), "outer-bandwidth": (25, 50, 100)}
)
KEYS = ("inner", "inner-bandwidth", "outer", "outer-bandwidth")
LINKS: Mapping[str, int] = MappingProxyType({"Ring": 2, "FullyConnected": 3, "Switch": 1})
"""How many an NPU has in a dimension of four."""
ALGORITHMS: Mapping[str, str] = MappingProxyType(
    {"Ring": "ring", "FullyConnected": "direct", "Switch": "halvingDoubling"}
)
FIXED = (10, 40)  # the price of a link, whatever it carries: within a server, and between servers
RATES = (0.2, 0.8)  # and by GB/s
PORT = 60  # of a switch


@dataclass(frozen=True, slots=True)
class TwoTierNetwork:
    """A network within servers and between them."""

    inner: str
    inner_bandwidth: int
    outer: str
    outer_bandwidth: int

    @property
    def price(self) -> int:
        """In thousands."""
        parts = ((self.inner, self.inner_bandwidth), (self.outer, self.outer_bandwidth))
        each = sum(
            LINKS[topology] * (fixed + bandwidth * rate) + (PORT if topology == "Switch" else 0)
            for (topology, bandwidth), fixed, rate in zip(parts, FIXED, RATES, strict=True)
        )
        return round(INNER * OUTER * each)

    @property
    def config(self) -> NetworkConfig:
        """As a network file has it."""
        return NetworkConfig(
            topology=[self.inner, self.outer],
            npus_count=[INNER, OUTER],
            bandwidth=[self.inner_bandwidth, self.outer_bandwidth],
            latency=[300, 800],
        )


class Cheapest(PosedMission):
    """A step with a deadline, and prices."""

    title = "The cheapest network in time"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        dice = Dice("cheapest-network", seed)
        self._size = dice.whole(2, 6, "size") * MiB
        self._micros = dice.whole(20, 90, "micros")
        self._rank = dice.part("deadline")
        self._spare = 1.01 + 0.03 * dice.part("spare")

    @cached_property
    def deadline(self) -> Ns:
        """What the step may take at most, in ns: what a network that is worth its price needs."""
        worthy = sorted(
            time
            for network, time in self._times.items()
            if not any(
                other.price < network.price and needed <= time
                for other, needed in self._times.items()
            )
        )
        inside = worthy[1:-1] or worthy
        return round(inside[int(self._rank * len(inside))] * self._spare)

    @property
    def _story(self) -> str:
        return (
            f"{OUTER} servers of {INNER} NPUs compute {self._micros} µs, and sum up "
            f"{self._size // MiB} MiB: in a Ring by rings, where they are FullyConnected directly, "
            f"by a Switch in halves. The step has to end by {self.deadline:,} ns.\n"
            f"A link within servers costs {FIXED[0]} and {RATES[0]} a GB/s, one between them "
            f"{FIXED[1]} and {RATES[1]}. An NPU has 2 in a Ring, 3 where they are FullyConnected, "
            f"and 1 to a Switch, which costs it {PORT} more. "
            "Find the cheapest network in time. `price(answer)` tells its price, "
            "`simulation(answer)` simulates it."
        )

    @property
    def _moves(self) -> str:
        return (
            "a dict of 'inner' (Ring or FullyConnected) and 'outer' (or Switch), and of "
            "'inner-bandwidth' (100 or 300 GB/s) and 'outer-bandwidth' (25, 50 or 100)."
        )

    def price(self, answer: object) -> int:
        """What an answer costs."""
        return _network(answer).price

    def simulation(self, answer: object) -> Simulation:
        """The step on an answer's network."""
        return self._simulation(_network(answer))

    def _score(self, answer: object) -> Rating:
        asked = _network(answer)
        time = self._times[asked]
        if time > self.deadline:
            return Rating(0, f"It takes {time:,} ns; the deadline is {self.deadline:,}.")
        remark = f"It takes {time:,} ns, and costs {asked.price:,}"
        return STARS.times(self._best.price).score(asked.price, remark)

    def par(self) -> dict[str, str | int]:
        """Try all of them."""
        it = self._best
        values = (it.inner, it.inner_bandwidth, it.outer, it.outer_bandwidth)
        return dict(zip(KEYS, values, strict=True))

    @cached_property
    def _best(self) -> TwoTierNetwork:
        in_time = [it for it, time in self._times.items() if time <= self.deadline]
        return min(in_time, key=lambda it: it.price)

    @cached_property
    def _times(self) -> Mapping[TwoTierNetwork, Ns]:
        return {it: time_of(self._simulation(it)) for it in _networks()}

    def _simulation(self, network: TwoTierNetwork) -> Simulation:
        trace = TraceBuilder()
        done = trace.compute("step", micros=self._micros)
        trace.all_reduce("gradients", size=self._size, after=done)
        algorithms = [ALGORITHMS[it] for it in (network.inner, network.outer)]
        npus = SystemConfig(
            all_reduce_implementation=algorithms, preferred_dataset_splits=1, local_mem_bw=0
        )
        options = Options(backend="congestion-unaware")
        return simulation_of(trace, npus, network.config, options=options)


def _networks() -> Iterator[TwoTierNetwork]:
    inner, outer = BANDWIDTHS.values()
    for it in product(TOPOLOGIES["inner"], inner, TOPOLOGIES["outer"], outer):
        yield TwoTierNetwork(*it)


def _network(answer: object) -> TwoTierNetwork:
    asked = keyed(answer, KEYS, all_of_them=True)
    inner, outer = (one_of(asked[key], key, values) for key, values in TOPOLOGIES.items())
    rates = [one_of(asked[key], key, values) for key, values in BANDWIDTHS.items()]
    return TwoTierNetwork(inner, rates[0], outer, rates[1])
