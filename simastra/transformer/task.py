"""What a model is run for: a training step, or a step of inference."""

from dataclasses import dataclass, field
from enum import StrEnum

from simastra.errors import OptionError
from simastra.transformer.models import ModelPhase
from simastra.units import Bytes
from simastra.values import settle


class Recompute(StrEnum):
    """What is computed again for the backward pass, rather than kept (arXiv:1604.06174)."""

    NONE = "none"
    FULL = "full"
    """Each layer's forward pass; of a layer only its input is kept."""
    SELECTIVE = "selective"
    """Each layer's attention, whose scores aren't kept (arXiv:2205.05198, section 5)."""


class Attention(StrEnum):
    """How attention is computed."""

    FUSED = "fused"
    """In one kernel, which keeps no scores (arXiv:2205.14135)."""
    UNFUSED = "unfused"
    """In three: scores are written to memory, and read again."""


_PARTS = ("parameters", "gradients", "optimizer", "activations")


@dataclass(frozen=True, slots=True)
class Precision:
    """Bytes of an element.

    The defaults are those of mixed precision with Adam, 16 bytes a parameter in all (ZeRO,
    arXiv:1910.02054, section 3.1).

    Attributes:
        parameters: of a weight.
        gradients: of a weight's gradient, kept and communicated.
        optimizer: what the optimiser keeps for each parameter.
        activations: of an activation, and its gradient.
    """

    parameters: Bytes = 2
    gradients: Bytes = 2
    optimizer: Bytes = 12
    activations: Bytes = 2

    def __post_init__(self) -> None:
        settle(self, numbers=_PARTS, prefix="bytes-of-")
        for name in ("parameters", "gradients", "activations"):
            if getattr(self, name) < 1:
                raise OptionError(f"bytes-of-{name}", "must be 1 or more")
        if self.optimizer < 0:
            raise OptionError("bytes-of-optimizer", "must be 0 or more")


@dataclass(frozen=True, slots=True)
class Training:
    """One training step: forward, backward, gradient exchange, optimiser.

    Attributes:
        batch: sequences in all, on all NPUs together.
        micro_batches: into how many the sequences of each data-parallel replica are cut.
        sequence: tokens of each; None for the model's own number.
        recompute: what is computed again.
        precision: bytes of an element.
        attention: how it is computed.
    """

    batch: int
    micro_batches: int = 1
    sequence: int | None = None
    recompute: Recompute = Recompute.NONE
    precision: Precision = field(default_factory=Precision)
    attention: Attention = Attention.FUSED

    def __post_init__(self) -> None:
        settle(self, members={"recompute": Recompute, "attention": Attention})
        _check(self)

    @property
    def phase(self) -> ModelPhase:
        """What this is."""
        return ModelPhase.TRAINING


@dataclass(frozen=True, slots=True)
class Inference:
    """One step of inference.

    Attributes:
        phase: PREFILL, which reads the whole sequence, or DECODE, which adds one token to it.
        batch: sequences in all, on all NPUs together.
        micro_batches: into how many the sequences of each replica are cut.
        sequence: tokens of each; those that are there already, for DECODE. None for the model's
            own number.
        precision: bytes of an element.
        attention: how it is computed.
    """

    phase: ModelPhase
    batch: int
    micro_batches: int = 1
    sequence: int | None = None
    precision: Precision = field(default_factory=Precision)
    attention: Attention = Attention.FUSED

    def __post_init__(self) -> None:
        settle(self, members={"phase": ModelPhase, "attention": Attention})
        if self.phase is ModelPhase.TRAINING:
            raise OptionError("phase", "training isn't inference; use Training")
        _check(self)

    @property
    def recompute(self) -> Recompute:
        """Nothing: there is no backward pass."""
        return Recompute.NONE


Task = Training | Inference


def _check(task: Task) -> None:
    settle(task, numbers=("batch", "micro_batches", "sequence"))
    for name in ("batch", "micro_batches"):
        value = getattr(task, name)
        if value < 1:
            raise OptionError(name.replace("_", "-"), f"is {value}; 1 or more are wanted")
    if task.sequence is not None and task.sequence < 1:
        raise OptionError("sequence", f"is {task.sequence}; 1 or more are wanted")
