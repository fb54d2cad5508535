"""What a calibration file says of computations.

The numbers of one GPU come from tables of its matrix products, and from one to three iterations
that were measured on it (docs/transformer.md).
"""

from typing import Annotated, TypeAlias

from pydantic import Field

from simastra.calibration.section import Section

_Positive: TypeAlias = Annotated[float, Field(gt=0, allow_inf_nan=False)]
_Share: TypeAlias = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
_Amount: TypeAlias = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Spread: TypeAlias = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]
_Pair: TypeAlias = Annotated[tuple[_Amount, _Amount], Field(strict=False)]


class WaveSection(Section):
    """Wave quantisation: a product is cut into tiles, of which each SM computes one at a time."""

    efficiency: _Share = Field(description="share of the peak that waves of large tiles reach")
    fill_k: _Amount = Field(description="what starting a tile costs, in terms of k")
    edge: _Amount = Field(description="what a tile's rows and columns cost to load, in terms of k")


class GemmSection(Section):
    """Matrix products: `launch + in_training * max(operations, bytes)`."""

    launch_us: _Amount = Field(description="what a kernel takes before it computes, in us")
    efficiency: _Share = Field(description="share of the peak that large products reach")
    memory_efficiency: _Share = Field(description="share of the memory's bandwidth")
    waves: WaveSection | None = Field(
        default=None,
        description="wave quantisation, where it fits better than `efficiency` alone",
    )
    in_training: _Positive = Field(
        default=1.3, description="how many times as long they take amid a training step"
    )
    in_training_spread: _Spread = Field(
        default=0.2, description="half the width of its 90 % band; 0.2 where nobody measured it"
    )
    spread: _Spread = Field(
        default=0.15, description="half the width of the 90 % band of a product alone"
    )


class ComputeSection(Section):
    """An NPU's computations."""

    peak_tflops: _Positive = Field(description="TFLOPS of dense matrix products")
    memory_gb_s: _Positive = Field(description="GB/s of its memory, of 10^9 bytes")
    sms: int = Field(ge=1, description="streaming multiprocessors, or compute units")
    gemm: GemmSection = Field(description="matrix products")
    elementwise_efficiency: _Share = Field(
        default=0.7, description="share of the memory's bandwidth that other operations reach"
    )
    attention_efficiency: _Share = Field(
        default=0.35, description="share of the peak that fused attention reaches, of what it needs"
    )
    attention_backward: _Positive = Field(
        default=2.5, description="fused attention's operations backward, for each one forward"
    )
    optimizer_efficiency: _Share = Field(
        default=0.8, description="share of the memory's bandwidth that the optimiser reaches"
    )
    host_us_per_layer: _Pair = Field(
        default=(0.0, 0.0),
        description="us that the host takes to launch a layer, forward and backward",
    )
    collectives_in_training: _Positive = Field(
        default=1.0, description="how many times as long collectives take amid computations"
    )
