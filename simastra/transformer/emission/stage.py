"""What the NPUs of a stage do, in order: passes, messages, then the end of the step.

Within the last pass of a stage that sends its result to nobody, gradients are exchanged as soon as
a block's backward pass has made them, under the rest of the pass. Other stages are done earlier:
they send first, so that the pipeline goes on, and exchange then.
"""

from collections.abc import Sequence

from simastra.trace import CollectiveType, Purpose, TensorUse
from simastra.transformer.costs import TABLES, Hardware, LoweredBlock
from simastra.transformer.models import ModelBlock
from simastra.transformer.parallelism import Pass, Zero, receipts
from simastra.transformer.plan import Plan, StagePart
from simastra.units import Bytes

from .draft import Draft
from .step_end import StepEnd
from .weights import WeightTraffic
from .writer import KeptTensors, PipelineMessage, Writer


def stage_drafts(plan: Plan, stage: int, hardware: Hardware) -> tuple[Draft, ...]:
    """Return the drafts of the nodes that each NPU of a stage has."""
    return _Stage(plan, stage, hardware).drafts()


class _Stage:
    def __init__(self, plan: Plan, stage: int, hardware: Hardware) -> None:
        self._plan = plan
        self._stage = stage
        self._writer = Writer(plan.placement, hardware)
        self._weights = WeightTraffic(plan, self._writer)
        self._by_pass = plan.parallelism.zero >= Zero.GRADIENTS
        self._scatters = plan.parallelism.shares_messages

    def drafts(self) -> tuple[Draft, ...]:
        order, pipeline = self._plan.orders[self._stage], self._plan.pipeline
        result: Sequence[int] = ()
        before: Pass | None = None
        here: dict[Pass, int] = {}
        for one, received in zip(order, receipts(order, pipeline, self._plan.times), strict=True):
            here.update(self._messages(before, received, result))
            source = pipeline.source(one)
            given = () if source is None else (here.pop(source),)
            if one.backward:
                result = self._backward(one, given, last=one == order[-1])
            else:
                result = self._forward(one, given)
            before = one
        self._messages(before, (), result)
        if self._plan.trains:
            StepEnd(self._plan, self._stage, self._writer, self._weights).write()
        return tuple(self._writer.drafts)

    def _forward(self, one: Pass, given: Sequence[int]) -> Sequence[int]:
        parts = self._plan.parts(one.piece)
        gathered: Sequence[int] = self._weights.gather(parts[0], _prefix("F", one))
        for index, part in enumerate(parts):
            ahead = self._ahead(parts, index, _prefix("F", one))
            segment = self._block(part).forward
            start = (*given, *gathered)
            name = f"{_prefix('F', one)}.{part.name}"
            kept = KeptTensors(written=self._kept(one, part))
            layer = part.block is ModelBlock.LAYER
            self._writer.layer = part.number
            ids = self._writer.segment(segment, name, start, Purpose.FORWARD, kept, layer=layer)
            given, gathered = [ids[last] for last in segment.last], ahead
        return given

    def _backward(self, one: Pass, given: Sequence[int], *, last: bool) -> Sequence[int]:
        parts = self._plan.parts(one.piece)[::-1]
        overlaps = not self._plan.parallelism.gradients_at_end
        at_once = self._by_pass or (overlaps and last and self._sink(one) is None)
        gathered: Sequence[int] = self._weights.gather(parts[0], _prefix("B", one))
        for index, part in enumerate(parts):
            ahead = self._ahead(parts, index, _prefix("B", one))
            start = (*given, *gathered)
            start = (*given, *self._recompute(one, part, start))
            given, gathered = self._backward_block(one, part, start), ahead
            if at_once and not self._waits_for_table(part):
                self._weights.exchange(part, _prefix("B", one) if self._by_pass else "")
        return given

    def _backward_block(self, one: Pass, part: StagePart, start: Sequence[int]) -> Sequence[int]:
        segment = self._block(part).backward
        assert segment is not None  # a backward pass is there only where there is training
        name = f"{_prefix('B', one)}.{part.name}"
        kept = KeptTensors(read=(*self._kept(one, part), *self._made_again(one, part)))
        layer = part.block is ModelBlock.LAYER
        self._writer.layer = part.number
        ids = self._writer.segment(segment, name, start, Purpose.BACKWARD, kept, layer=layer)
        steps = [gradient.step for gradient in segment.gradients if gradient.step >= 0]
        self._weights.note_made(part, (ids[max(steps)] if steps else ids[-1],))
        return [ids[last] for last in segment.last]

    def _recompute(self, one: Pass, part: StagePart, start: Sequence[int]) -> Sequence[int]:
        """Compute again what a block's backward pass needs; return what that waits for."""
        again = self._block(part).again
        if again is None:
            return start
        kept = KeptTensors(written=self._made_again(one, part))
        name = f"{_prefix('R', one)}.{part.name}"
        whole = again is self._block(part).forward
        self._writer.layer = part.number
        ids = self._writer.segment(again, name, start, Purpose.RECOMPUTATION, kept, layer=whole)
        return [ids[step] for step in again.last]

    def _kept(self, one: Pass, part: StagePart) -> tuple[TensorUse, ...]:
        """What a block's forward pass keeps for its backward pass."""
        return _tensors(f"{_prefix('F', one)}.{part.name}", self._block(part).kept)

    def _made_again(self, one: Pass, part: StagePart) -> tuple[TensorUse, ...]:
        """What is there only from its being computed again, to the end of the backward pass."""
        return _tensors(f"{_prefix('R', one)}.{part.name}", self._block(part).made_again)

    def _waits_for_table(self, part: StagePart) -> bool:
        """Whether a block's gradients are exchanged only once the tied table's are complete."""
        return self._plan.exchanges_tables and not self._by_pass and part.block in TABLES

    def _ahead(self, parts: Sequence[StagePart], index: int, prefix: str) -> Sequence[int]:
        """Gather the weights of the next block, while this one is computed."""
        return self._weights.gather(parts[index + 1], prefix) if index + 1 < len(parts) else ()

    def _block(self, part: StagePart) -> LoweredBlock:
        return self._plan.blocks[part.block]

    def _sink(self, one: Pass) -> int | None:
        """The stage to which a pass sends its result, None if it does not."""
        piece = one.piece + (-1 if one.backward else 1)
        pipeline = self._plan.pipeline
        return piece % pipeline.stages if 0 <= piece < pipeline.pieces else None

    def _messages(
        self, before: Pass | None, received: Sequence[Pass], result: Sequence[int]
    ) -> dict[Pass, int]:
        """Send what one pass has made, and receive; return the ids of what is there, by sender."""
        batch = [
            (one, self._message(one, one.piece % self._plan.pipeline.stages, sends=False))
            for one in received
        ]
        sink = self._sink(before) if before is not None else None
        if before is not None and sink is not None:
            batch.append((before, self._message(before, sink, sends=True)))
        batch.sort(key=lambda entry: self._moment(entry[0]))
        ids = self._writer.messages([message for _, message in batch], result)
        pairs = zip(ids, batch, strict=True)
        return {one: self._whole(message, id) for id, (one, message) in pairs if not message.sends}

    def _whole(self, message: PipelineMessage, id: int) -> int:
        """Gather the shares of a message, where each NPU of a tensor-parallel group has one."""
        if not self._scatters:
            return id
        name, size = f"{message.name}_all_gather", message.size
        kind, purpose = CollectiveType.ALL_GATHER, Purpose.PIPELINE
        (gathered,) = self._writer.collective(name, kind, ("tp",), size, purpose, (id,))
        return gathered

    def _moment(self, one: Pass) -> tuple[int, bool, Pass]:
        """Orders messages alike on both sides: by when they are made; forward ones first."""
        return (self._plan.times[one].end, one.backward, one)

    def _message(self, one: Pass, peer: int, *, sends: bool) -> PipelineMessage:
        verb = "send" if sends else "receive"
        number = one.micro_batch * self._plan.pipeline.pieces + one.piece
        if one.backward:
            number += self._plan.pipeline.pieces * self._plan.pipeline.micro_batches
        size = self._plan.blocks[ModelBlock.LAYER].input_size
        if self._scatters:
            size = -(-size // self._plan.parallelism.tp)
        name = f"{_prefix('B' if one.backward else 'F', one)}.{verb}"
        return PipelineMessage(name, sends, peer, size, number)


def _tensors(name: str, size: Bytes) -> tuple[TensorUse, ...]:
    return (TensorUse(name, size),) if size else ()


def _prefix(letter: str, one: Pass) -> str:
    """What names begin with: F, B or R (computed again), and the number of the micro-batch."""
    return f"{letter}{one.micro_batch}"
