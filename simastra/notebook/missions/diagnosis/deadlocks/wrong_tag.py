"""A message of a pipeline is sent with a tag that its receiver doesn't ask for."""

from functools import cached_property

from simastra import KiB
from simastra.notebook.missions.moves import listed, one_of, whole

from .hang import Hang
from .program import Deed, NpuPrograms, ProgramStep

SIZE = 64 * KiB


class WrongTag(Hang):
    """A pipeline, one message of which has the tag of another micro-batch."""

    name = "deadlock-tag"
    title = "A deadlock: the pipeline"
    unusual = "a message's tag isn't the number of its micro-batch"

    @property
    def _story(self) -> str:
        return (
            f"{self.batches} micro-batches go through a pipeline of {self.stages} NPUs. Each "
            "receives one from the NPU before, computes, and sends to the next; a message's tag is "
            "the number of its micro-batch. `simulation` never comes to its end; "
            "`program` is what NPUs do.\n"
            "Mend it by giving one node of one NPU another tag."
        )

    @property
    def _moves(self) -> str:
        return 'NPU, node\'s name and its tag, such as (1, "send 0", 2).'

    @cached_property
    def stages(self) -> int:
        """NPUs of the pipeline."""
        return self._dice.whole(4, 7, "stages")

    @cached_property
    def batches(self) -> int:
        """Micro-batches."""
        return self._dice.whole(4, 7, "batches")

    def _mended(self, answer: object) -> NpuPrograms:
        npu, name, tag = listed(answer, "the answer", 3)
        at = whole(npu, "the NPU", 0, self.stages - 1)
        messages = [it.name for it in self.program.npus[at] if it.deed is not Deed.COMPUTE]
        called = one_of(name, "node", messages)
        return self.program.retagged(at, called, whole(tag, "the tag", 0, 1_000))

    def par(self) -> tuple[int, str, int]:
        """Who waits for what nobody sends? Its partner has sent something else instead."""
        wait = next(it for it in self._error().waits if it.cause.value == "tag mismatch")
        batch = int(wait.name.split()[-1])
        (sender,) = wait.peers
        return sender, f"send {batch}", batch

    def _right(self) -> NpuPrograms:
        return NpuPrograms(tuple(self._stage(npu) for npu in range(self.stages)))

    def _stage(self, npu: int) -> tuple[ProgramStep, ...]:
        steps = []
        for batch in range(self.batches):
            if npu:
                receive = f"receive {batch}"
                steps.append(ProgramStep(receive, Deed.RECEIVE, size=SIZE, peer=npu - 1, tag=batch))
            steps.append(ProgramStep(f"work {batch}", Deed.COMPUTE, micros=20))
            if npu < self.stages - 1:
                steps.append(
                    ProgramStep(f"send {batch}", Deed.SEND, size=SIZE, peer=npu + 1, tag=batch)
                )
        return tuple(steps)

    def _planted(self) -> NpuPrograms:
        npu = self._dice.whole(0, self.stages - 2, "npu")
        batch = self._dice.whole(0, self.batches - 2, "batch")
        tag = self._dice.whole(batch + 1, self.batches - 1, "tag")
        return self._meant.retagged(npu, f"send {batch}", tag)
