"""What missions about deadlocks have in common: a program that stands still, and one move."""

from abc import abstractmethod

from simastra import DeadlockError, Simulation
from simastra.notebook.missions.dice import Dice
from simastra.notebook.missions.machines import network, system
from simastra.notebook.missions.moves import ForbiddenMoveError, listed, one_of, whole
from simastra.notebook.missions.posed import PosedMission, Rating
from simastra.notebook.missions.running import quietly, simulation_of, time_of

from .program import NpuPrograms


class Hang(PosedMission):
    """A program that stands still, and that one move mends."""

    name: str
    """the mission's, in the table"""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._dice = Dice(self.name, seed)
        self._meant = self._right()
        self.program = self._planted()

    @property
    def simulation(self) -> Simulation:
        """What hangs."""
        return self.simulation_of(self.program)

    def simulation_of(self, program: NpuPrograms) -> Simulation:
        """Any such program, on the mission's machine."""
        links = network("Ring", len(program.npus), bandwidth=50, latency=500)
        return simulation_of(program.trace(), system("ring"), links)

    def _score(self, answer: object) -> Rating:
        mended = self._mended(answer)
        try:
            time = time_of(self.simulation_of(mended))
        except DeadlockError as error:
            return Rating(0, f"It still stands still: {error.waits[0]}.")
        remark = f"It ends, at {time:,} ns"
        if mended == self._meant:
            return Rating(3, f"{remark}.")
        return Rating(2, f"{remark}, but {self.unusual}.")

    unusual: str
    """why a program that ends may not be as it should be"""

    @abstractmethod
    def _mended(self, answer: object) -> NpuPrograms:
        """The program after a move.

        Raises:
            ForbiddenMoveError: it isn't one.
        """

    @abstractmethod
    def _right(self) -> NpuPrograms:
        """As it was meant."""

    @abstractmethod
    def _planted(self) -> NpuPrograms:
        """As it is."""

    def _error(self) -> DeadlockError:
        """What the simulation ends with."""
        try:
            quietly(self.simulation)
        except DeadlockError as error:
            return error
        raise AssertionError(f"{self.title}, seed {self.seed}, doesn't hang")


def swapped(program: NpuPrograms, answer: object) -> NpuPrograms:
    """A program after the move that swaps two nodes of one NPU.

    Raises:
        ForbiddenMoveError: it isn't such a move.
    """
    npu, one, other = listed(answer, "the answer", 3)
    at = whole(npu, "the NPU", 0, len(program.npus) - 1)
    names = program.names(at)
    pair = one_of(one, "node", names), one_of(other, "node", names)
    if pair[0] == pair[1]:
        raise ForbiddenMoveError("a node can't be swapped with itself")
    return program.swapped(at, *pair)
