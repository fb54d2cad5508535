"""Two neighbours that both receive before they send."""

from functools import cached_property

from simastra import KiB
from simastra.units import NpuId

from .hang import Hang, swapped
from .program import Deed, NpuPrograms, ProgramStep

SIZE = 32 * KiB


class MarginExchange(Hang):
    """NPUs in a row that exchange their margins with both neighbours, over and over."""

    name = "deadlock-circle"
    title = "A deadlock: the exchange"
    unusual = "an NPU doesn't send to its right before it receives from there"

    @property
    def _story(self) -> str:
        return (
            f"{self.npus} NPUs in a row compute {self.rounds} rounds of a stencil. After each they "
            "exchange margins, first with their left neighbour and then with the right one: who is "
            "at the left sends first and then receives, who is at the right receives first. "
            "`simulation` stands still; `program` is what NPUs do.\n"
            "Mend it by swapping two nodes of one NPU."
        )

    @property
    def _moves(self) -> str:
        return 'NPU and two nodes\' names, such as (1, "send right 0", "receive right 0").'

    @cached_property
    def npus(self) -> int:
        """How many there are."""
        return self._dice.whole(5, 9, "npus")

    @cached_property
    def rounds(self) -> int:
        """How often they exchange."""
        return self._dice.whole(3, 5, "rounds")

    def _mended(self, answer: object) -> NpuPrograms:
        return swapped(self.program, answer)

    def par(self) -> tuple[NpuId, str, str]:
        """Of the two that wait for each other, the left one should have sent."""
        error = self._error()
        left = min(error.cycle)
        name = next(it.name for it in error.waits if it.npu == left)
        return left, name, name.replace("receive", "send")

    def _right(self) -> NpuPrograms:
        return NpuPrograms(tuple(self._steps(npu) for npu in range(self.npus)))

    def _steps(self, npu: NpuId) -> tuple[ProgramStep, ...]:
        steps = []
        for turn in range(self.rounds):
            steps.append(ProgramStep(f"stencil {turn}", Deed.COMPUTE, micros=10))
            if npu:
                pair = {"size": SIZE, "peer": npu - 1, "tag": turn}
                steps.append(ProgramStep(f"receive left {turn}", Deed.RECEIVE, **pair))
                steps.append(ProgramStep(f"send left {turn}", Deed.SEND, **pair))
            if npu < self.npus - 1:
                pair = {"size": SIZE, "peer": npu + 1, "tag": turn}
                steps.append(ProgramStep(f"send right {turn}", Deed.SEND, **pair))
                steps.append(ProgramStep(f"receive right {turn}", Deed.RECEIVE, **pair))
        return tuple(steps)

    def _planted(self) -> NpuPrograms:
        npu = self._dice.whole(0, self.npus - 2, "npu")
        turn = self._dice.whole(0, self.rounds - 1, "turn")
        return self._meant.swapped(npu, f"send right {turn}", f"receive right {turn}")
