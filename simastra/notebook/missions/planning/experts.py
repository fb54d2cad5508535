"""Which expert goes where? All-to-alls wait for the NPU that most tokens go to."""

from collections.abc import Sequence
from functools import cached_property
from itertools import combinations

from simastra import KiB, Simulation, Trace, TraceBuilder
from simastra.notebook.missions.dice import Dice
from simastra.notebook.missions.grading import Limits
from simastra.notebook.missions.machines import network, system
from simastra.notebook.missions.moves import ForbiddenMoveError, listed, whole
from simastra.notebook.missions.posed import PosedMission, Rating
from simastra.notebook.missions.running import simulation_of, time_of
from simastra.units import Ns

NPUS, EACH = 8, 3
EXPERTS = NPUS * EACH
TOKEN = 4 * KiB
TOKENS = 600  # that each NPU sends
SKEW = 0.6  # of Zipf's law, by which some experts are asked more than others
NANOS_A_TOKEN = 30
STARS = Limits(three=1.01, two=1.06, one=1.2)  # of the authors' time


class Experts(PosedMission):
    """A layer of experts, some of which are asked far more than others."""

    title = "Experts, shared out"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        dice = Dice("expert-placement", seed)
        shares = [(rank + 2 + dice.part("share", rank)) ** -SKEW for rank in range(EXPERTS)]
        counts = [round(TOKENS * it / sum(shares)) for it in shares]
        # The two that most tokens go to are on one NPU, as luck would have it.
        rest, place = dice.shuffled(counts[2:], "tokens"), EACH * dice.whole(0, NPUS - 1, "hot")
        self.tokens: Sequence[int] = (*rest[:place], *counts[:2], *rest[place:])
        """How many tokens each NPU has for each expert."""

    @property
    def _story(self) -> str:
        return (
            f"{NPUS} NPUs hold {EXPERTS} experts, {EACH} each: no more fit into their memory. Each "
            f"NPU sends every token to its expert ({TOKEN // KiB} KiB), the experts compute "
            f"({NANOS_A_TOKEN} ns a token), and the answers go back, in two all-to-alls over a "
            f"switch. `tokens` says how many each NPU has for each expert: {list(self.tokens)}.\n"
            "As they are now (0, 1 and 2 on NPU 0, and so on), the layer takes "
            f"{self.now:,} ns. Share them out better; `simulation(placement)` tries."
        )

    @property
    def _moves(self) -> str:
        return (
            f"for each of the {NPUS} NPUs a list of its {EACH} experts, such as [[0, 1, 2], "
            "[3, 4, 5], ...]. Each expert must be somewhere, and only once."
        )

    @cached_property
    def now(self) -> Ns:
        """What the layer takes as experts are now, in ns."""
        return self._time([list(range(EACH * npu, EACH * (npu + 1))) for npu in range(NPUS)])

    def simulation(self, placement: object) -> Simulation:
        """The layer, with experts placed as an answer says."""
        return self._simulation(_placement(placement))

    def _simulation(self, placement: Sequence[Sequence[int]]) -> Simulation:
        to = [self._load(experts) for experts in placement]
        builders = [TraceBuilder(npu) for npu in range(NPUS)]
        for npu, trace in enumerate(builders):
            sent = trace.all_to_all("dispatch", sizes=[TOKEN * it for it in to])
            micros = NPUS * to[npu] * NANOS_A_TOKEN / 1000
            done = trace.compute("experts", micros=micros, after=sent)
            trace.all_to_all("combine", sizes=[TOKEN * to[npu]] * NPUS, after=done)
        links = network("Switch", NPUS, bandwidth=50, latency=500)
        return simulation_of(Trace.of(builders), system("direct"), links)

    def _score(self, answer: object) -> Rating:
        placement = _placement(answer)
        time = self._time(placement)
        remark = f"The layer takes {time:,} ns rather than {self.now:,}"
        return STARS.times(self._time(self.par())).score(time, remark)

    def par(self) -> list[list[int]]:
        """Each to the NPU with least so far, the most asked first; then swap while it helps."""
        placed: list[list[int]] = [[] for _ in range(NPUS)]
        for expert in sorted(range(EXPERTS), key=lambda it: -self.tokens[it]):
            min((it for it in placed if len(it) < EACH), key=self._load).append(expert)
        while self._swapped(placed):
            pass
        return placed

    def _load(self, experts: Sequence[int]) -> int:
        return sum(self.tokens[it] for it in experts)

    def _swapped(self, placed: list[list[int]]) -> bool:
        """Swap two experts such that the busier one of two NPUs has less; whether any were."""
        for one, other in combinations(placed, 2):
            before = max(self._load(one), self._load(other))
            for i, j in ((i, j) for i in range(EACH) for j in range(EACH)):
                one[i], other[j] = other[j], one[i]
                if max(self._load(one), self._load(other)) < before:
                    return True
                one[i], other[j] = other[j], one[i]
        return False

    def _time(self, placement: Sequence[Sequence[int]]) -> Ns:
        return time_of(self._simulation(placement))


def _placement(answer: object) -> list[list[int]]:
    placement = [
        [whole(expert, "an expert", 0, EXPERTS - 1) for expert in listed(experts, "an NPU", EACH)]
        for experts in listed(answer, "the answer", NPUS)
    ]
    placed = [expert for experts in placement for expert in experts]
    twice = [expert for expert in range(EXPERTS) if placed.count(expert) > 1]
    if twice:
        raise ForbiddenMoveError(f"expert {twice[0]} is in two places, so another one is nowhere")
    return placement
