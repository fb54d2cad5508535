"""Bytes of an NPU's local memory: weights, gradients, optimiser, activations, cache."""

from dataclasses import dataclass

from simastra.transformer.costs import LoweredBlock, kept_elements, task_symbols
from simastra.transformer.models import ModelBlock, ModelPhase, cache_of
from simastra.transformer.parallelism import Zero, most_in_flight
from simastra.transformer.plan import Plan
from simastra.units import Bytes


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of one NPU, at the most.

    Attributes:
        weights: its weights.
        gradients: of its weights.
        optimizer: what the optimiser keeps.
        activations: what the forward passes in flight keep for their backward passes, and what is
            being computed again; in inference, the largest of what a step reads and writes.
        cache: keys and values, in inference.
    """

    weights: Bytes
    gradients: Bytes
    optimizer: Bytes
    activations: Bytes
    cache: Bytes

    @property
    def total(self) -> Bytes:
        """All of it."""
        return self.weights + self.gradients + self.optimizer + self.activations + self.cache


def stage_memory(plan: Plan, stage: int) -> Memory:
    """Return the local memory of each NPU of a stage."""
    precision, parallelism = plan.task.precision, plan.parallelism
    blocks = [plan.blocks[part.block] for part in plan.stage_parts(stage)]

    def kept(least: Zero) -> int:
        return sum(kept_elements(block, parallelism, least) for block in blocks)

    weights = kept(Zero.PARAMETERS)
    if parallelism.zero is Zero.PARAMETERS:  # and two blocks in full: in use, and gathered ahead
        weights += 2 * max(block.elements for block in blocks)
    if not plan.trains:
        activations, cache = _inference(plan, blocks)
        return Memory(weights * precision.parameters, 0, 0, activations, cache)
    return Memory(
        weights * precision.parameters,
        kept(Zero.GRADIENTS) * precision.gradients,
        kept(Zero.OPTIMIZER) * precision.optimizer,
        _activations(plan, stage),
        0,
    )


def _activations(plan: Plan, stage: int) -> Bytes:
    def kept(piece: int) -> Bytes:
        return sum(plan.blocks[part.block].kept for part in plan.parts(piece))

    most = most_in_flight(plan.orders[stage], kept)
    return most + plan.blocks[ModelBlock.LAYER].made_again


def _inference(plan: Plan, blocks: list[LoweredBlock]) -> tuple[Bytes, Bytes]:
    working = max(block.forward.largest for block in blocks)
    symbols = task_symbols(plan.model, plan.parallelism, plan.task)
    layout = cache_of(plan.model).layout.resolved(plan.parallelism.aliases())
    elements = layout.elements(symbols) * plan.task.micro_batches
    if plan.task.phase is ModelPhase.PREFILL:
        elements //= plan.parallelism.cp
    layers = plan.model.layers // plan.parallelism.pp
    return working, elements * layers * plan.task.precision.activations
