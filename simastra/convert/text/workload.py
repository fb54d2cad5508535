"""A text workload as it stands in its file: layers, and how they are parallelised.

(docs/chakra.md 2.2; the format is that of ASTRA-sim 1.0.)
"""

from dataclasses import dataclass
from enum import StrEnum

from simastra.units import Bytes


class Strategy(StrEnum):
    """How a workload is parallelised: the first word of its file."""

    MICRO = "MICRO"
    DATA = "DATA"
    MODEL = "MODEL"
    HYBRID_DATA_MODEL = "HYBRID_DATA_MODEL"
    HYBRID_MODEL_DATA = "HYBRID_MODEL_DATA"
    HYBRID_DLRM = "HYBRID_DLRM"
    HYBRID_DLRM_ENHANCED = "HYBRID_DLRM_ENHANCED"
    HYBRID_TRANSFORMER = "HYBRID_TRANSFORMER"
    HYBRID_TRANSFORMER_FWD_IN_BCKWD = "HYBRID_TRANSFORMER_FWD_IN_BCKWD"
    HYBRID_CUSTOMIZED = "HYBRID_CUSTOMIZED"
    DISTRIBUTED_INFERENCE = "DISTRIBUTED_INFERENCE"


@dataclass(frozen=True, slots=True)
class LayerSlot:
    """Where something stands.

    Attributes:
        line: number of the line, from 1.
        column: number of the character in it, from 1.
    """

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class LayerExchange:
    """What is communicated after a computation.

    Attributes:
        word: the collective's name in the file, such as ALLREDUCE; NONE for none.
        size: its bytes.
        place: where the name stands.
    """

    word: str
    size: Bytes
    place: LayerSlot


@dataclass(frozen=True, slots=True)
class LayerPass:
    """One of a layer's three computations, and what is communicated after it.

    Attributes:
        time: of the computation; which unit it is in, the file doesn't say.
        exchange: what is communicated.
    """

    time: int
    exchange: LayerExchange


@dataclass(frozen=True, slots=True)
class Layer:
    """One line of the file.

    Attributes:
        name: the layer's name.
        forward: the forward pass.
        input_gradient: the backward pass's gradient of the layer's input.
        weight_gradient: the backward pass's gradient of the layer's weights.
        strategy: how this layer is parallelised, in a HYBRID_CUSTOMIZED workload.
    """

    name: str
    forward: LayerPass
    input_gradient: LayerPass
    weight_gradient: LayerPass
    strategy: Strategy | None = None

    @property
    def phases(self) -> tuple[LayerPass, LayerPass, LayerPass]:
        """All three, in the order of their columns."""
        return (self.forward, self.input_gradient, self.weight_gradient)


@dataclass(frozen=True, slots=True)
class SimaiParallelism:
    """How SimAI spreads a model over NPUs, beside `Header.model_group`: its keys of the first line.

    Attributes:
        ep: NPUs that share the experts of a layer.
        pp: stages of the pipeline, of which the file describes one.
        npus: how many NPUs there are, if the file says so.
        stage_size: bytes that a stage passes on for each micro-batch.
    """

    ep: int
    pp: int
    npus: int | None
    stage_size: Bytes


@dataclass(frozen=True, slots=True)
class Header:
    """The first line.

    Attributes:
        strategy: how the workload is parallelised.
        place: where that stands.
        last_bottom_layer: index of the last layer below the interaction, for HYBRID_DLRM.
        model_group: how many NPUs share one copy of the model, for HYBRID_TRANSFORMER.
        checkpoints: indices of the layers whose input is kept, from which a forward pass can be
            run again, for HYBRID_TRANSFORMER_FWD_IN_BCKWD.
        initiates: indices of the layers before whose backward pass that is done.
        parallelism: what the line says in SimAI's form; None in ASTRA-sim 1.0's.
    """

    strategy: Strategy
    place: LayerSlot
    last_bottom_layer: int | None = None
    model_group: int | None = None
    checkpoints: tuple[int, ...] = ()
    initiates: tuple[int, ...] = ()
    parallelism: SimaiParallelism | None = None


@dataclass(frozen=True, slots=True)
class TextWorkload:
    """A whole file.

    Attributes:
        source: its name.
        text: its content, with plain newlines.
        header: its first line.
        declared_layers: the number in its second line.
        declared_at: where that stands.
        layers: one a line.
    """

    source: str
    text: str
    header: Header
    declared_layers: int
    declared_at: LayerSlot
    layers: tuple[Layer, ...]
