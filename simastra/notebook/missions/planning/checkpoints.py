"""How often should a training that fails now and then write a checkpoint?"""

from functools import cache
from math import sqrt

from simastra import Simulation, TraceBuilder
from simastra.notebook.missions.dice import Dice
from simastra.notebook.missions.grading import Limits
from simastra.notebook.missions.machines import network, system
from simastra.notebook.missions.moves import number
from simastra.notebook.missions.posed import PosedMission, Rating
from simastra.notebook.missions.running import quietly, simulation_of
from simastra.scenario import ScenarioConfig

NPUS, MICROS = 4, 1_000_000
YEARS = (1, 2, 3)  # seeds of failures that an answer is tried with
STARS = Limits(three=1.02, two=1.1, one=1.3)  # of the time that is lost with the authors' answer


class Checkpoints(PosedMission):
    """A long training, its failures, and what a checkpoint costs."""

    title = "When to write a checkpoint"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        dice = Dice("checkpoint-interval", seed)
        self.write = dice.whole(5, 40, "write")
        """What it takes to write a checkpoint, in s."""
        self.mtbf = 1000 * dice.whole(6, 40, "mtbf")
        """Mean time between failures, in s."""
        self.restart = 20 * dice.whole(3, 15, "restart")
        """What a restart takes, in s."""
        self._lost = cache(self._simulated)

    @property
    def _story(self) -> str:
        return (
            f"A training of steps of 1 s fails every {self.mtbf:,} s on average, at random. It "
            f"takes {self.write} s to write a checkpoint, during which nothing is trained, and "
            f"{self.restart} s to start again at the last one.\nHow long should it train from one "
            "to the next? Too often costs time, too seldom loses work. `simulation(interval)` "
            "tries; its result's `metrics.goodput` says what counts in the end."
        )

    @property
    def _moves(self) -> str:
        return f"the time between two checkpoints, in s, 10 to {self.mtbf:,}, such as 600."

    def simulation(self, interval: float, seed: int = 1) -> Simulation:
        """A step, and the training of it with failures of a seed."""
        trace = TraceBuilder()
        trace.compute("step", micros=MICROS)
        restart = {
            "interval": f"{interval}s",
            "write-time": f"{self.write}s",
            "restart-time": f"{self.restart}s",
            "mtbf": f"{self.mtbf}s",
            "seed": seed,
        }
        links = network("Ring", NPUS, bandwidth=50, latency=500)
        asked = ScenarioConfig.parse({"restart": restart})
        return simulation_of(trace, system("ring"), links, scenario=asked)

    def _score(self, answer: object) -> Rating:
        interval = number(answer, "the interval", 10, self.mtbf)
        lost = self._lost(round(interval))
        remark = f"{lost:.2%} of the time is lost"
        return STARS.times(self._lost(self.par())).score(lost, remark, "{:.2%}")

    def par(self) -> int:
        """Young's rule, the square root of 2 x write x mtbf (A first order approximation, 1974)."""
        return round(sqrt(2 * self.write * self.mtbf))

    def _simulated(self, interval: int) -> float:
        return sum(1 - self._share(interval, seed) for seed in YEARS) / len(YEARS)

    def _share(self, interval: int, seed: int) -> float:
        goodput = quietly(self.simulation(interval, seed)).metrics.goodput
        assert goodput is not None  # it was asked for
        return goodput.share
