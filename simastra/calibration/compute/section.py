"""What a calibration file says of computations.

The numbers of one GPU come from tables of its matrix products, and from one to three iterations
that were measured on it (docs/transformer.md).
"""

from typing import Annotated, TypeAlias

from pydantic import Field

from simastra.calibration.section import CalibrationSection, Count, NotNegative, Positive

_Share: TypeAlias = Annotated[float, Field(ge=1e-6, le=1)]
_Spread: TypeAlias = Annotated[float, Field(ge=0, lt=1)]
_Pair: TypeAlias = Annotated[tuple[NotNegative, NotNegative], Field(strict=False)]


class WaveSection(CalibrationSection):
    """Wave quantisation: a product is cut into tiles, of which each SM computes one at a time."""

    efficiency: _Share = Field(description="share of the peak that waves of large tiles reach")
    fill_k: NotNegative = Field(description="what starting a tile costs, in terms of k")
    edge: NotNegative = Field(
        description="what a tile's rows and columns cost to load, in terms of k"
    )


class GemmSection(CalibrationSection):
    """Matrix products: `launch + in_training * max(operations, bytes)`."""

    launch_us: NotNegative = Field(description="what a kernel takes before it computes, in us")
    efficiency: _Share = Field(description="share of the peak that large products reach")
    memory_efficiency: _Share = Field(description="share of the memory's bandwidth")
    waves: WaveSection | None = Field(
        default=None,
        description="wave quantisation, where it fits better than `efficiency` alone",
    )
    in_training: Positive = Field(
        default=1.3, description="how many times as long they take amid a training step"
    )
    in_training_spread: _Spread = Field(
        default=0.2, description="half the width of its 90 % band; 0.2 where nobody measured it"
    )
    spread: _Spread = Field(
        default=0.15, description="half the width of the 90 % band of a product alone"
    )


class ComputeSection(CalibrationSection):
    """An NPU's computations."""

    peak_tflops: Positive = Field(description="TFLOPS of dense matrix products")
    memory_gb_s: Positive = Field(description="GB/s of its memory, of 10^9 bytes")
    sms: Count = Field(description="streaming multiprocessors, or compute units")
    gemm: GemmSection = Field(description="matrix products")
    elementwise_efficiency: _Share = Field(
        default=0.7, description="share of the memory's bandwidth that other operations reach"
    )
    attention_efficiency: _Share = Field(
        default=0.35, description="share of the peak that fused attention reaches, of what it needs"
    )
    attention_backward: Positive = Field(
        default=2.5, description="fused attention's operations backward, for each one forward"
    )
    optimizer_efficiency: _Share = Field(
        default=0.8, description="share of the memory's bandwidth that the optimiser reaches"
    )
    host_us_per_layer: _Pair = Field(
        default=(0.0, 0.0),
        description="us that the host takes to launch a layer, forward and backward",
    )
    collectives_in_training: Positive = Field(
        default=1.0, description="how many times as long collectives take amid computations"
    )
