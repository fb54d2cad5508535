"""What replicas tell each other of weights: gradients, and under ZeRO the weights themselves.

For weights of W bytes, of N replicas, in a step of m micro-batches (arXiv:1910.02054, section 7):

=====  =====================================================================================
ZeRO   of each weight
=====  =====================================================================================
none   an all-reduce of the gradients, once
1      a reduce-scatter of the gradients and an all-gather of the weights, once
2      a reduce-scatter in each backward pass, an all-gather once
3      an all-gather before each forward and each backward pass, a reduce-scatter after the latter
=====  =====================================================================================
"""

from simastra.trace import CollectiveType, Purpose
from simastra.trace.shares import SharedTensor
from simastra.transformer.costs import kept_elements
from simastra.transformer.graph import Computation, Work
from simastra.transformer.parallelism import Zero
from simastra.transformer.plan import Plan, StagePart

from .writer import Writer

_ADAM_OPERATIONS = 12  # for each parameter: two moments, a root, a quotient, the update


class WeightTraffic:
    """Adds the collectives on weights, and the optimiser, of one stage.

    Args:
        plan: who does what.
        writer: where they are added.
    """

    def __init__(self, plan: Plan, writer: Writer) -> None:
        self._plan = plan
        self._writer = writer
        self._zero = plan.parallelism.zero
        self._made: dict[StagePart, tuple[int, ...]] = {}
        self._exchanged: dict[StagePart, tuple[int, ...]] = {}

    def note_made(self, part: StagePart, ids: tuple[int, ...]) -> None:
        """Take note of the nodes after which a block's gradients are there."""
        self._made[part] = ids

    def made(self, part: StagePart) -> tuple[int, ...]:
        """The nodes after which a block's gradients are there."""
        return self._made[part]

    def is_exchanged(self, part: StagePart) -> bool:
        """Whether a block's gradients have been exchanged, or are so in each pass."""
        return part in self._exchanged

    def gather(self, part: StagePart, prefix: str) -> tuple[int, ...]:
        """Gather a block's weights, if replicas have shared them out."""
        if self._zero is not Zero.PARAMETERS:
            return ()
        return self._gathered(part, f"{prefix}.{part.name}", self._writer.computed)

    def exchange(self, part: StagePart, prefix: str = "") -> None:
        """Exchange a block's gradients; the prefix tells passes apart."""
        name = f"{prefix}.{part.name}" if prefix else part.name
        block = self._plan.blocks[part.block]
        size = self._plan.task.precision.gradients
        done = self._made[part]
        for axes, elements in block.by_other_axes().items():
            label = f"{name}.gradients_{'_'.join(axes)}"
            kind = CollectiveType.ALL_REDUCE
            purpose = Purpose.GRADIENTS
            done += self._writer.collective(label, kind, axes, elements * size, purpose, done)
        scatters = self._zero > Zero.NONE
        kind = CollectiveType.REDUCE_SCATTER if scatters else CollectiveType.ALL_REDUCE
        for axes, elements in block.by_replicas().items():
            if not axes:
                continue
            label = f"{name}.gradients"
            purpose = Purpose.GRADIENTS
            if scatters:
                tensor = SharedTensor(elements, elements * size)
                done += self._writer.shared(label, kind, axes, tensor, purpose, done)
            else:
                done += self._writer.collective(label, kind, axes, elements * size, purpose, done)
        self._exchanged[part] = done

    def optimize(self, part: StagePart) -> None:
        """Update a block's weights, and gather them where each replica has updated a share."""
        block, precision = self._plan.blocks[part.block], self._plan.task.precision
        elements = kept_elements(block, self._plan.parallelism, Zero.OPTIMIZER)
        if not elements:
            return
        # Gradients are read, the optimiser's own read and written, weights written.
        size = elements * (precision.gradients + 2 * precision.optimizer + precision.parameters)
        operations = elements * _ADAM_OPERATIONS
        after = self._exchanged[part] + self._made[part]
        step = Computation("optimizer", operations, size, Work.OPTIMIZER, ())
        done = self._writer.compute(step, f"{part.name}.optimizer", Purpose.OPTIMIZER, after)
        if self._zero in (Zero.OPTIMIZER, Zero.GRADIENTS):
            self._gathered(part, part.name, done)

    def _gathered(self, part: StagePart, name: str, after: tuple[int, ...]) -> tuple[int, ...]:
        ids: tuple[int, ...] = ()
        for axes, elements in self._plan.blocks[part.block].by_replicas().items():
            if axes:
                size = self._plan.task.precision.parameters
                ids += self._writer.shared(
                    f"{name}.weights",
                    CollectiveType.ALL_GATHER,
                    axes,
                    SharedTensor(elements, elements * size),
                    Purpose.WEIGHTS,
                    after,
                )
        return ids
