"""One NPU asks for its collectives in another order than the others."""

from functools import cached_property

from simastra import KiB
from simastra.notebook.missions.moves import ForbiddenMoveError, listed, one_of, whole
from simastra.units import NpuId

from .hang import Hang
from .program import Deed, Program, Step

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
            "changed what, but `simulation` hangs since then.\n"
            "Mend it by swapping two nodes of one NPU."
        )

    @property
    def _moves(self) -> str:
        return 'NPU and two nodes\' names, such as (1, "gradients 0", "gradients 2").'

    @cached_property
    def layers(self) -> int:
        """How many there are."""
        return self.dice.whole(5, 8, "layers")

    def _mended(self, answer: object) -> Program:
        npu, one, other = listed(answer, "the answer", 3)
        at = whole(npu, "the NPU", 0, NPUS - 1)
        names = self.program.names(at)
        pair = one_of(one, "node", names), one_of(other, "node", names)
        if pair[0] == pair[1]:
            raise ForbiddenMoveError("a node can't be swapped with itself")
        return self.program.swapped(at, *pair)

    def par(self) -> tuple[NpuId, str, str]:
        """Who does something else at a place than most of the others?"""
        orders = [self.program.names(npu) for npu in range(NPUS)]
        usual = max(orders, key=orders.count)
        odd = next(npu for npu, order in enumerate(orders) if order != usual)
        one, other = (
            name for name, wanted in zip(orders[odd], usual, strict=True) if name != wanted
        )
        return odd, one, other

    def _right(self) -> Program:
        steps = []
        for layer in range(self.layers - 1, -1, -1):
            micros = self.dice.whole(20, 60, "micros", layer)
            size = (layer + 1) * 64 * KiB
            steps.append(Step(f"backward {layer}", Deed.COMPUTE, micros=micros))
            steps.append(Step(f"gradients {layer}", Deed.ALL_REDUCE, size=size))
        return Program((tuple(steps),) * NPUS)

    def _planted(self) -> Program:
        npu = self.dice.whole(0, NPUS - 1, "npu")
        one, other = self.dice.shuffled(range(self.layers), "layers")[:2]
        return self.right.swapped(npu, f"gradients {one}", f"gradients {other}")
