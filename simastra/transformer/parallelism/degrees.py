"""The degrees of parallelism, and how each kind is done.

Tensor parallelism: arXiv:1909.08053; its sequence parallelism: arXiv:2205.05198. Pipelines: GPipe,
arXiv:1811.06965; 1F1B, arXiv:1806.03377; interleaved, arXiv:2104.04473. ZeRO: arXiv:1910.02054;
FSDP: arXiv:2304.11277. Context parallelism by gathering keys and values: arXiv:2407.21783, section
3.3.2; by exchanging heads, DeepSpeed-Ulysses: arXiv:2309.14509. Expert parallelism:
arXiv:2006.16668, within data parallelism.
"""

from dataclasses import dataclass
from enum import Enum, IntEnum, StrEnum

from simastra.errors import OptionError
from simastra.values import settle, whole

DATA_AXES = ("edp", "ep", "cp")
"""Axes along which NPUs have the same weights, those of experts apart, for different tokens."""


class PipelineSchedule(StrEnum):
    """In which order a pipeline's stages take the micro-batches."""

    GPIPE = "gpipe"
    ONE_F_ONE_B = "1f1b"
    INTERLEAVED = "interleaved"


class Zero(IntEnum):
    """What data-parallel NPUs share out among them rather than keep each in full."""

    NONE = 0
    OPTIMIZER = 1
    GRADIENTS = 2
    PARAMETERS = 3
    """Fully sharded data parallelism (FSDP)."""


class ContextStyle(StrEnum):
    """How NPUs that have different tokens of a sequence attend to all of them."""

    GATHER = "gather"
    """Keys and values are gathered, and their gradients scattered."""
    HEADS = "heads"
    """All-to-alls exchange tokens for heads, and back."""


@dataclass(frozen=True, slots=True)
class Parallelism:
    """How the work is shared out; tp * cp * dp * pp NPUs take part.

    Attributes:
        tp: tensor parallelism: NPUs that share each layer.
        pp: pipeline parallelism: stages.
        dp: data parallelism: replicas, each with its own sequences.
        cp: context parallelism: NPUs that share each sequence.
        ep: expert parallelism: NPUs of a data-parallel group that share the experts.
        sequence_parallel: whether tensor parallelism cuts what it would otherwise repeat.
        zero: what data-parallel NPUs (those of cp among them) share out.
        context: how context parallelism attends.
        schedule: of the pipeline.
        chunks: pieces of the model that each stage has, for the interleaved schedule.
        order: how NPUs are numbered: the axis along which numbers differ by 1 first. Axes of 1 NPU
            may be left out; ep, where it is, comes right before dp. A text with dashes will do.
        npus_count: the network's dimensions, innermost first. If given, each axis must be one of
            them, or several, and collectives name dimensions (involved_dim); otherwise they name
            process groups (pg_name).
        scatter_gather: whether each NPU of a tensor-parallel group sends its share of what the next
            stage gets, which is gathered there (arXiv:2104.04473, section 4.1). Under sequence
            parallelism each has only its share anyway.
        gradients_at_end: whether gradients are exchanged only once all of them are there, rather
            than under the last backward pass.

    Raises:
        OptionError: the degrees contradict each other.
    """

    tp: int = 1
    pp: int = 1
    dp: int = 1
    cp: int = 1
    ep: int = 1
    sequence_parallel: bool = False
    zero: Zero = Zero.NONE
    context: ContextStyle = ContextStyle.GATHER
    schedule: PipelineSchedule = PipelineSchedule.ONE_F_ONE_B
    chunks: int = 1
    order: tuple[str, ...] = ("tp", "cp", "ep", "dp", "pp")
    npus_count: tuple[int, ...] | None = None
    scatter_gather: bool = False
    gradients_at_end: bool = False

    def __post_init__(self) -> None:
        self._settle()
        for name in ("tp", "pp", "dp", "cp", "ep", "chunks"):
            if getattr(self, name) < 1:
                raise OptionError(name, f"is {getattr(self, name)}; 1 or more is wanted")
        if self.dp % self.ep:
            raise OptionError(
                "ep",
                f"is {self.ep}, and dp is {self.dp}: the experts are shared within data "
                "parallelism; a divisor of dp is wanted",
            )
        interleaved = self.schedule is PipelineSchedule.INTERLEAVED
        if interleaved != (self.chunks > 1):
            raise OptionError(
                "chunks",
                f"is {self.chunks} with the schedule {self.schedule}; interleaved has 2 or more "
                "chunks a stage, the other schedules have 1",
            )
        if interleaved and self.pp == 1:
            raise OptionError("schedule", "interleaved is for 2 stages or more; give pp")
        if self.gradients_at_end and self.zero >= Zero.GRADIENTS:
            problem = f"is for zero 0 and 1; {self.zero.value} exchanges in each backward pass"
            raise OptionError("gradients-at-end", problem)
        self._check_order()

    def _settle(self) -> None:
        members: dict[str, type[Enum]] = {
            "zero": Zero,
            "context": ContextStyle,
            "schedule": PipelineSchedule,
        }
        settle(self, numbers=("tp", "pp", "dp", "cp", "ep", "chunks"), members=members)
        given: object = self.order
        order = given.split("-") if isinstance(given, str) else self.order
        object.__setattr__(self, "order", tuple(order))
        if self.npus_count is not None:
            counts = tuple(whole("npus-count", count) for count in self.npus_count)
            object.__setattr__(self, "npus_count", counts)

    def _check_order(self) -> None:
        for name in _AXES:
            needed = getattr(self, name) > 1 and name != "ep"
            if self.order.count(name) > 1 or (needed and name not in self.order):
                break
        else:
            if set(self.order) <= set(_AXES):
                return
        raise OptionError(
            "order",
            f"is {'-'.join(self.order)}; each of tp, cp, ep, dp and pp once is wanted, of which "
            "those of 1 NPU, and ep, may be left out",
        )

    @property
    def npus(self) -> int:
        """How many NPUs take part."""
        return self.tp * self.cp * self.dp * self.pp

    @property
    def shares_messages(self) -> bool:
        """Whether what a stage sends on has to be gathered where it arrives."""
        return self.scatter_gather and self.tp > 1 and not self.sequence_parallel

    @property
    def degrees(self) -> dict[str, int]:
        """The degree of each axis; edp, the data parallelism of experts, is dp / ep."""
        return {
            "tp": self.tp,
            "cp": self.cp,
            "ep": self.ep,
            "edp": self.dp // self.ep,
            "pp": self.pp,
        }

    def symbols(self) -> dict[str, int]:
        """Values of the names of axes, as expressions in tables use them."""
        sp = self.tp if self.sequence_parallel else 1
        return {**self.degrees, "dp": self.dp, "sp": sp}

    def aliases(self) -> dict[str, tuple[str, ...]]:
        """What the names of axes in tables stand for; axes of one NPU are left out."""
        degrees = self.degrees

        def real(*axes: str) -> tuple[str, ...]:
            return tuple(axis for axis in axes if degrees[axis] > 1)

        gathers = self.context is ContextStyle.GATHER
        return {
            "dp": real("edp", "ep"),
            "edp": real("edp"),
            "ep": real("ep"),
            "cp": real("cp"),
            "cq": real("cp") if gathers else (),
            "ch": () if gathers else real("cp"),
            "tp": real("tp"),
            "sp": real("tp") if self.sequence_parallel else (),
        }


_AXES = ("tp", "cp", "ep", "dp", "pp")
