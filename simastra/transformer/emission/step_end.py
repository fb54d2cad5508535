"""The end of a training step: what is left of the gradient exchange, and the optimiser."""

from simastra.trace import CollectiveType
from simastra.trace.shares import SharedTensor
from simastra.transformer.costs import TABLES, replica_count
from simastra.transformer.models import ModelBlock
from simastra.transformer.parallelism import Zero
from simastra.transformer.plan import Plan, StagePart
from simastra.units import Bytes

from .weights import WeightTraffic
from .writer import PipelineMessage, Writer


class StepEnd:
    """Writes the end of a stage's step.

    Args:
        plan: who does what.
        stage: which.
        writer: where it is added.
        weights: what has been exchanged so far.
    """

    def __init__(self, plan: Plan, stage: int, writer: Writer, weights: WeightTraffic) -> None:
        self._plan = plan
        self._stage = stage
        self._writer = writer
        self._weights = weights
        self._parts = tuple(plan.stage_parts(stage))

    def write(self) -> None:
        """Exchange, then optimise; blocks in the order in which their gradients were made."""
        tables = self._tables()
        for part in reversed(self._parts):
            if part not in tables and not self._weights.is_exchanged(part):
                self._weights.exchange(part)
        for part in tables:
            self._exchange_table(part)
            if not self._weights.is_exchanged(part):
                self._weights.exchange(part)
        for part in self._parts:
            self._weights.optimize(part)

    def _tables(self) -> list[StagePart]:
        """The stage's copies of a table that another stage has too."""
        if not self._plan.exchanges_tables:
            return []
        return [part for part in self._parts if part.block in TABLES]

    def _exchange_table(self, part: StagePart) -> None:
        """Send the gradient of a tied table to the stage that has the other copy, and take its."""
        pipeline = self._plan.pipeline
        first = part.block is ModelBlock.EMBEDDING
        peer = pipeline.stages - 1 if first else 0
        size, tensor = self._table(part)
        number = 2 * pipeline.pieces * pipeline.micro_batches
        batch = [
            # From the first stage to the last one first, on both of them.
            PipelineMessage(f"{part.name}.table_to_last", first, peer, size, number, tensor),
            PipelineMessage(
                f"{part.name}.table_to_first", not first, peer, size, number + 1, tensor
            ),
        ]
        ids = self._writer.messages(batch, self._weights.made(part))
        self._weights.note_made(part, ids)

    def _table(self, part: StagePart) -> tuple[Bytes, SharedTensor | None]:
        """How many bytes of a table's gradient are sent, and of what they are a share."""
        plan = self._plan
        weights = plan.blocks[part.block].weights
        (table,) = (weight for weight in weights if weight.id == TABLES[part.block])
        whole = table.elements * plan.task.precision.gradients
        if plan.parallelism.zero < Zero.GRADIENTS:
            return whole, None
        tensor = SharedTensor(table.elements, whole)
        count = replica_count(plan.parallelism, table.replicas)
        return tensor.comm_size(CollectiveType.ALL_GATHER, count), tensor
