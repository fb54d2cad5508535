"""One link between switches has lost a part of its bandwidth: which one?"""

from collections.abc import Mapping
from functools import cached_property
from itertools import combinations, pairwise, permutations
from types import MappingProxyType

from simastra import MiB, NetworkConfig, Result, Simulation, Trace, TraceBuilder
from simastra.network_graph.generators import clos
from simastra.notebook.missions.dice import Dice
from simastra.notebook.missions.grading import Limits
from simastra.notebook.missions.machines import system
from simastra.notebook.missions.moves import ForbiddenMoveError, listed, number, one_of
from simastra.notebook.missions.posed import PosedMission, Rating
from simastra.notebook.missions.running import quietly, simulation_of, time_of
from simastra.scenario import ScenarioConfig
from simastra.units import NpuId, Ns

LEAFS, SPINES, PER_LEAF = 4, 3, 2
NPUS = LEAFS * PER_LEAF
SIZE = 4 * MiB
STARS = Limits(three=0.03, two=0.2, one=10)  # by the pair whose time is told worst
LINKS = tuple(
    (f"leaf.{leaf}", f"spine.{spine}") for leaf in range(LEAFS) for spine in range(SPINES)
)


class BrokenLink(PosedMission):
    """Times of messages through leafs and spines, one link of which is slow."""

    title = "The broken link"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        dice = Dice("broken-link", seed)
        self._link = dice.one_of(self._told_apart(), "link")
        self._rate = dice.whole(20, 60, "rate") / 100

    @cached_property
    def measured(self) -> Mapping[tuple[NpuId, NpuId], Ns]:
        """How long a message takes from one NPU to another, in ns, all else being quiet."""
        return MappingProxyType(self._times(self._link, self._rate))

    @cached_property
    def usual(self) -> Mapping[tuple[NpuId, NpuId], Ns]:
        """The same when all was well."""
        return MappingProxyType({pair: it.makespan for pair, it in self._sound.items()})

    @cached_property
    def routes(self) -> Mapping[tuple[NpuId, NpuId], tuple[str, ...]]:
        """The devices that a message passes, both NPUs included."""
        return MappingProxyType({pair: _route(it, pair) for pair, it in self._sound.items()})

    @property
    def _story(self) -> str:
        slow = sum(time > self.usual[pair] for pair, time in self.measured.items())
        return (
            f"{NPUS} NPUs hang on {LEAFS} leafs, which {SPINES} spines join. Of the {NPUS}·"
            f"{NPUS - 1} ways between them, {slow} have become slow: one link between a leaf and a "
            "spine carries, in both directions, a part of its bandwidth only. Switches don't tell; "
            f"look at messages of {SIZE // MiB} MiB alone.\n`measured` and `usual` are their times "
            "in ns by (sender, receiver), `routes` the devices that they pass."
        )

    @property
    def _moves(self) -> str:
        return 'two devices and a part of their bandwidth, such as ("leaf.0", "spine.1", 0.5).'

    def _score(self, answer: object) -> Rating:
        leaf, spine, part = listed(answer, "the answer", 3)
        ends = tuple(sorted((f"{leaf}", f"{spine}")))
        said = (
            one_of(ends[0], "leaf", _names("leaf", LEAFS)),
            one_of(ends[1], "spine", _names("spine", SPINES)),
        )
        rate = number(part, "the part of the bandwidth", 0.01, 0.99)
        if said not in self._used:
            raise ForbiddenMoveError(
                f"no message passes {said[0]} - {said[1]}, so nobody could say"
            )
        told = self._times(said, rate)
        worst = max(told, key=lambda pair: abs(told[pair] / self.measured[pair] - 1))
        remark = (
            f"With it, a message from {worst[0]} to {worst[1]} takes {told[worst]:,} ns; measured "
            f"are {self.measured[worst]:,}"
        )
        if said != self._link:
            return Rating(0, f"{remark}.")
        error = abs(told[worst] / self.measured[worst] - 1)
        return STARS.score(error, remark, "an error of {:.0%}")

    def par(self) -> tuple[str, str, float]:
        """The link that all slow ways have in common, and no other; then its bandwidth."""
        slow = {pair for pair, time in self.measured.items() if time > 1.01 * self.usual[pair]}
        link = next(it for it in self._used if self._passing(it) == slow)
        pair = min(slow)
        hops = len(self.routes[pair]) - 1
        once = self.usual[pair] / hops  # of a link that is well: stored and forwarded
        return (*link, round(once / (self.measured[pair] - (hops - 1) * once), 3))

    @cached_property
    def _sound(self) -> Mapping[tuple[NpuId, NpuId], Result]:
        pairs = permutations(range(NPUS), 2)
        return {pair: quietly(self._simulation(*pair, {})) for pair in pairs}

    @cached_property
    def _used(self) -> tuple[tuple[str, str], ...]:
        return tuple(link for link in LINKS if self._passing(link))

    def _passing(self, link: tuple[str, str]) -> set[tuple[NpuId, NpuId]]:
        """The ways over a link, in either direction."""
        steps = {link, link[::-1]}
        return {pair for pair, way in self.routes.items() if steps & set(pairwise(way))}

    def _told_apart(self) -> tuple[tuple[str, str], ...]:
        """Links that other ways pass than any other link."""
        unclear = {
            it
            for pair in combinations(self._used, 2)
            for it in pair
            if self._passing(pair[0]) == self._passing(pair[1])
        }
        return tuple(link for link in self._used if link not in unclear)

    def _times(self, link: tuple[str, str], rate: float) -> dict[tuple[NpuId, NpuId], Ns]:
        scenario = {"links": [{"links": list(link), "rate": f"x{rate}"}]}
        passing = self._passing(link)
        return {
            pair: time_of(self._simulation(*pair, scenario)) if pair in passing else time
            for pair, time in self.usual.items()
        }

    def _simulation(self, src: NpuId, dst: NpuId, scenario: Mapping[str, object]) -> Simulation:
        builders = [TraceBuilder(npu) for npu in range(NPUS)]
        for builder in builders:
            builder.compute("ready")  # who has nothing at all to do is warned of
        builders[src].send("send", size=SIZE, to=dst)
        builders[dst].recv("receive", size=SIZE, source=src)
        graph = clos(NPUS, leafs=LEAFS, spines=SPINES, bandwidth="50GB/s", latency="500ns")
        asked = ScenarioConfig.parse(scenario)
        links = NetworkConfig(graph=graph)
        return simulation_of(Trace.of(builders), system("ring"), links, scenario=asked)


def _names(kind: str, count: int) -> tuple[str, ...]:
    return tuple(f"{kind}.{index}" for index in range(count))


def _route(result: Result, pair: tuple[NpuId, NpuId]) -> tuple[str, ...]:
    """The way of a run's only message."""
    onward = {it.src: it.dst for it in result.links if it.messages}
    way = [pair[0]]
    while way[-1] != pair[1]:
        way.append(onward[way[-1]])
    return tuple(result.device_names[device] for device in way)
