"""One NPU leaves out a collective of all: its parameters weren't used, so it has no gradients."""

from functools import cached_property

from simastra import KiB
from simastra.notebook.missions.moves import ForbiddenMoveError, listed, one_of, whole
from simastra.units import NpuId

from .hang import Hang
from .program import Deed, NpuPrograms, ProgramStep

NPUS = 8


class Absent(Hang):
    """All-reduces of experts' gradients, one of which one NPU doesn't do."""

    name = "deadlock-absent"
    title = "A deadlock: the expert that nobody asked"
    unusual = "the all-reduce isn't where the others have it"

    @property
    def _story(self) -> str:
        return (
            f"{NPUS} NPUs sum up the gradients of {self.experts} experts. One of them had no token "
            "for one expert in this step, so it leaves out its all-reduce, and `simulation` "
            "hangs; `program` is what NPUs do.\nMend it: let the NPU take part, at the right place."
        )

    @property
    def _moves(self) -> str:
        return (
            "NPU, the collective that it leaves out, and the node of the NPU before which it "
            'comes, or "end": such as (1, "expert 2", "expert 3").'
        )

    @cached_property
    def experts(self) -> int:
        """How many there are."""
        return self._dice.whole(5, 8, "experts")

    def _mended(self, answer: object) -> NpuPrograms:
        npu, name, before = listed(answer, "the answer", 3)
        at = whole(npu, "the NPU", 0, NPUS - 1)
        names = self.program.names(at)
        called = one_of(name, "collective", [it.name for it in self._collectives])
        if called in names:
            raise ForbiddenMoveError(f"NPU {at} takes part in {called!r} already")
        place = [*names, "end"].index(one_of(before, "node", [*names, "end"]))
        step = next(it for it in self._collectives if it.name == called)
        return self.program.inserted(at, step, place)

    def par(self) -> tuple[NpuId, str, str]:
        """Who does less than the others, what, and what comes next there?"""
        orders = [self.program.names(npu) for npu in range(NPUS)]
        usual = max(orders, key=len)
        npu = min(range(NPUS), key=lambda it: len(orders[it]))
        missing = next(name for name in usual if name not in orders[npu])
        after = [*usual, "end"][usual.index(missing) + 1]
        return npu, missing, after

    @cached_property
    def _collectives(self) -> tuple[ProgramStep, ...]:
        order = self._dice.shuffled(range(self.experts), "order")
        return tuple(
            ProgramStep(f"expert {it}", Deed.ALL_REDUCE, size=(it + 2) * 32 * KiB) for it in order
        )

    def _right(self) -> NpuPrograms:
        first = ProgramStep("backward", Deed.COMPUTE, micros=40)
        return NpuPrograms(((first, *self._collectives),) * NPUS)

    def _planted(self) -> NpuPrograms:
        npu = self._dice.whole(0, NPUS - 1, "npu")
        return self._meant.without(npu, self._dice.one_of(self._collectives, "which").name)
