"""One NPU asks for its collectives in another order than the others."""

from functools import cached_property

from simastra import KiB
from simastra.units import NpuId

from .hang import Hang, swapped
from .program import Deed, NpuPrograms, ProgramStep

NPUS = 8


class Disorder(Hang):
    """All-reduces of layers, two of which one NPU does in the other order."""

    name = "deadlock-order"
    title = "A deadlock: the gradients"
    unusual = "layers don't come in order"

    @property
    def _story(self) -> str:
        return (
            f"{NPUS} NPUs go backward through {self.layers} layers, from the last to the first, "
            "and sum up the gradients of each as soon as they are there. Nobody remembers who "
            "changed what, but `simulation` hangs since then. `program` is what NPUs do.\n"
            "Mend it by swapping two nodes of one NPU."
        )

    @property
    def _moves(self) -> str:
        return 'NPU and two nodes\' names, such as (1, "gradients 0", "gradients 2").'

    @cached_property
    def layers(self) -> int:
        """How many there are."""
        return self._dice.whole(5, 8, "layers")

    def _mended(self, answer: object) -> NpuPrograms:
        return swapped(self.program, answer)

    def par(self) -> tuple[NpuId, str, str]:
        """Who does something else at a place than most of the others?"""
        orders = [self.program.names(npu) for npu in range(NPUS)]
        usual = max(orders, key=orders.count)
        odd = next(npu for npu, order in enumerate(orders) if order != usual)
        one, other = (
            name for name, wanted in zip(orders[odd], usual, strict=True) if name != wanted
        )
        return odd, one, other

    def _right(self) -> NpuPrograms:
        steps = []
        for layer in range(self.layers - 1, -1, -1):
            micros = self._dice.whole(20, 60, "micros", layer)
            size = (layer + 1) * 64 * KiB
            steps.append(ProgramStep(f"backward {layer}", Deed.COMPUTE, micros=micros))
            steps.append(ProgramStep(f"gradients {layer}", Deed.ALL_REDUCE, size=size))
        return NpuPrograms((tuple(steps),) * NPUS)

    def _planted(self) -> NpuPrograms:
        npu = self._dice.whole(0, NPUS - 1, "npu")
        one, other = self._dice.shuffled(range(self.layers), "layers")[:2]
        return self._meant.swapped(npu, f"gradients {one}", f"gradients {other}")
