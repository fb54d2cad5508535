"""What ``simastra generate transformer`` is asked for."""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from simastra.calibration.calibration import Calibration
from simastra.config.converted import kept
from simastra.config.fields import Flag, OptionalFilePath, TextField
from simastra.errors import OptionError
from simastra.suggestions import unknown_name
from simastra.transformer import (
    PRESETS,
    Attention,
    CalibratedCosts,
    ContextStyle,
    Family,
    Generated,
    Hardware,
    Inference,
    Model,
    ModelPhase,
    Parallelism,
    PipelineSchedule,
    Precision,
    Recompute,
    Task,
    Training,
    Zero,
    build,
    read_expert_load,
    read_table,
)
from simastra.transformer.expert_load import UNIFORM

from .base import GeneratedTrace, GenerateRequest
from .fields import AxisOrder, Counts, GigabytesPerSecond, Number, Size, Teraflops

_MODEL_NUMBERS = (
    "layers",
    "hidden",
    "heads",
    "kv_heads",
    "ffn",
    "vocabulary",
    "sequence",
    "experts",
    "top_k",
)
_NEEDED = ("layers", "hidden", "heads", "ffn", "vocabulary", "sequence")
_DEGREES = ("tp", "pp", "dp", "cp", "ep")
_SIZES = ("parameters", "gradients", "optimizer", "activations")
_NODES_PER_LAYER = 20
"""About how many nodes a micro-batch makes of a layer, forward and backward."""

_PRECISION = Precision()

_E = TypeVar("_E", bound=StrEnum)


class TransformerRequest(GenerateRequest):
    """A step of a transformer under any parallelism.

    >>> TransformerRequest(model="llama3-8b", tp=4, dp=2).size_of_machine
    8
    """

    model: TextField | None = None
    """name of a model; with other numbers, if any are given"""
    family: TextField | None = None
    """of a model without a name: gpt or llama"""
    layers: Number | None = None
    """layers"""
    hidden: Number | None = None
    """size of a token's vector"""
    heads: Number | None = None
    """attention heads"""
    kv_heads: Number | None = None
    """heads of keys and values"""
    ffn: Number | None = None
    """inner size of a feed-forward part, or of an expert"""
    vocabulary: Number | None = None
    """tokens that there are; padded to a multiple of 128"""
    sequence: Number | None = None
    """tokens of a sequence"""
    experts: Number | None = None
    """experts of each layer"""
    top_k: Number | None = None
    """experts that each token goes to"""
    expert_load: TextField = UNIFORM
    """how tokens spread over experts: uniform, zipf:A or a CSV file of numbers"""
    seed: Number | None = None
    """of which experts are popular, for zipf; 0, if left out"""
    layer_table: OptionalFilePath = kept(None)
    """a CSV table of tensors, in place of a layer"""

    phase: TextField = ModelPhase.TRAINING.value
    """training, prefill or decode"""
    batch: Number | None = None
    """sequences in all; dp x micro-batches, if left out"""
    micro_batches: Number | None = None
    """into how many each replica's sequences are cut; pp, if left out"""
    recompute: TextField = Recompute.NONE.value
    """compute layers (full) or their attention (selective) again for backward, or none"""
    attention: TextField = Attention.FUSED.value
    """fused, or unfused: its scores pass memory"""
    bytes_of_parameters: Number = _PRECISION.parameters
    """bytes of a weight"""
    bytes_of_gradients: Number = _PRECISION.gradients
    """bytes of a weight's gradient"""
    bytes_of_optimizer: Number = _PRECISION.optimizer
    """bytes of the optimiser's state for each parameter"""
    bytes_of_activations: Number = _PRECISION.activations
    """bytes of an activation"""

    tp: Number = 1
    """tensor parallelism: NPUs that share each layer"""
    pp: Number = 1
    """pipeline parallelism: stages"""
    dp: Number = 1
    """data parallelism: replicas"""
    cp: Number = 1
    """context parallelism: NPUs that share each sequence"""
    ep: Number = 1
    """expert parallelism: NPUs, out of dp, that share the experts"""
    sequence_parallel: Flag = False
    """cut along the sequence what tensor parallelism would repeat"""
    zero: Number = Zero.NONE.value
    """what replicas share out, 0 to 3: optimiser, gradients, weights"""
    context: TextField = ContextStyle.GATHER.value
    """how cp attends: gather or heads"""
    schedule: TextField = PipelineSchedule.ONE_F_ONE_B.value
    """of the pipeline: gpipe, 1f1b or interleaved"""
    chunks: Number | None = None
    """of each stage, for interleaved; 2 there, if left out"""
    scatter_gather: Flag = False
    """stages send 1/tp of what they pass on, and gather it there"""
    gradients_at_end: Flag = False
    """exchange gradients only once all of them are there"""
    order: AxisOrder = kept(None)
    """axes of parallelism, innermost first"""
    npus_count: Counts = kept(None)
    """the network's dimensions, which collectives then name, rather than process groups"""

    peak_perf: Teraflops | None = None
    """TFLOPS of an NPU; gives computations a duration"""
    local_mem_bw: GigabytesPerSecond | None = None
    """GB/s of an NPU's memory"""
    calibration: TextField | None = None
    """a calibration file, or the name of one: durations as on a measured GPU"""
    capacity: Size | None = None
    """bytes of an NPU's memory; warns if more is needed"""

    @property
    def size_of_machine(self) -> int:
        """How many NPUs it is for."""
        return self.parallelism.npus

    @property
    def nodes(self) -> int:
        """About how many nodes each NPU has."""
        parallelism = self.parallelism
        layers = self.described_model.layers // parallelism.pp
        return _NODES_PER_LAYER * layers * self.task_under(parallelism).micro_batches

    def _generated(self) -> GeneratedTrace:
        made = self.built()
        return GeneratedTrace(made.trace, made.comm_groups, made.notices)

    def built(self) -> Generated:
        """Make it, with all that is known of it.

        Raises:
            OptionError: if an option is wrong, or they don't fit together.
            TableError: if the layer's table makes no sense.
        """
        table = self.layer_table
        return build(
            self.described_model,
            self.parallelism,
            self.task_under(self.parallelism),
            Hardware(self.peak_perf, self.local_mem_bw, self.capacity, self._calibrated),
            layer=None if table is None else read_table(table),
            expert_load=read_expert_load(self.expert_load, self.seed),
        )

    @property
    def _calibrated(self) -> CalibratedCosts | None:
        if self.calibration is None:
            return None
        found = Calibration.load(self.calibration)
        if found.compute is None:
            problem = "says nothing of computations: it has no part compute"
            raise OptionError("calibration", f"{self.calibration!r} {problem}")
        return CalibratedCosts(found, training=self.phase.lower() == ModelPhase.TRAINING)

    @property
    def described_model(self) -> Model:
        """The model: one that has a name, with other numbers if any are given, or all the numbers.

        Raises:
            OptionError: if an option is wrong, or one is missing.
        """
        numbers = {name: getattr(self, name) for name in _MODEL_NUMBERS}
        given = {name: value for name, value in numbers.items() if value is not None}
        family = None if self.family is None else _named("family", "family", self.family, Family)
        if self.model is not None:
            if self.model not in PRESETS:
                raise OptionError("model", _unknown_model(self.model, PRESETS))
            changed = given if family is None else {**given, "family": family}
            return replace(PRESETS[self.model], **changed)
        missing = [f"--{name}" for name in _NEEDED if name not in given]
        if missing:
            raise OptionError(
                "model",
                f"is required, one of {', '.join(PRESETS)}; or all the numbers of a model: "
                f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing",
            )
        default = Family.LLAMA if given.get("experts") else Family.GPT
        return Model("model", family or default, **given)

    def task_under(self, parallelism: Parallelism) -> Task:
        """The step: training, prefill or decoding.

        Raises:
            OptionError: if an option is wrong.
        """
        micro_batches = parallelism.pp if self.micro_batches is None else self.micro_batches
        batch = parallelism.dp * micro_batches if self.batch is None else self.batch
        precision = Precision(**{name: getattr(self, f"bytes_of_{name}") for name in _SIZES})
        common = (batch, micro_batches, self.sequence)
        phase = _named("phase", "phase", self.phase, ModelPhase)
        recompute = _named("recompute", "choice", self.recompute, Recompute)
        attention = _named("attention", "choice", self.attention, Attention)
        if phase is ModelPhase.TRAINING:
            return Training(*common, recompute, precision, attention)
        if recompute is not Recompute.NONE:
            raise OptionError("recompute", f"is for training; {phase} has no backward pass")
        return Inference(phase, *common, precision, attention)

    @property
    def parallelism(self) -> Parallelism:
        """The degrees, and how each kind of parallelism is done.

        Raises:
            OptionError: if an option is wrong.
        """
        if self.zero not in tuple(Zero):
            raise OptionError("zero", f"is {self.zero}; 0 to 3 is wanted")
        schedule = _named("schedule", "schedule", self.schedule, PipelineSchedule)
        chunks = self.chunks
        if chunks is None:
            chunks = 2 if schedule is PipelineSchedule.INTERLEAVED else 1
        context = _named("context", "style", self.context, ContextStyle)
        names = _DEGREES if self.order is None else (*_DEGREES, "order")
        return Parallelism(
            **{name: getattr(self, name) for name in names},
            sequence_parallel=self.sequence_parallel,
            zero=Zero(self.zero),
            context=context,
            schedule=schedule,
            chunks=chunks,
            npus_count=self.npus_count,
            scatter_gather=self.scatter_gather,
            gradients_at_end=self.gradients_at_end,
        )


def _unknown_model(name: str, known: Iterable[str]) -> str:
    problem = unknown_name("model", name, known)
    return problem if "known are" in problem else f"{problem} Known are {', '.join(known)}"


def _named(option: str, kind: str, name: str, choices: type[_E]) -> _E:
    known = {choice.value: choice for choice in choices}
    if name.lower() not in known:
        raise OptionError(option, unknown_name(kind, name, known))
    return known[name.lower()]
