"""A machine to start from: its network and its NPUs as configurations."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from simastra.config import NetworkConfig, SystemConfig
from simastra.quantities import BANDWIDTH, COMPUTE_RATE
from simastra.units import Bytes

from .preset import Preset, PresetDimension
from .shapes import Shape

_ALGORITHMS: Mapping[str, str] = {
    "all-reduce-implementation": "ring",
    "all-gather-implementation": "ring",
    "reduce-scatter-implementation": "ring",
    "all-to-all-implementation": "direct",
}
_COMMON: Mapping[str, object] = {
    "scheduling-policy": "LIFO",
    "endpoint-delay": 10,
    # As in ASTRA-sim's validated files: a switch passes a message on when all of it is there, so of
    # two links in a row each is idle half of the time, unless two chunks are on their way.
    "active-chunks-per-dimension": 2,
    "preferred-dataset-splits": 4,
    "collective-optimization": "localBWAware",
}


@dataclass(frozen=True, slots=True)
class MachineConfig:
    """A machine of a certain shape.

    >>> from simastra import machine
    >>> machine("hgx-h100:8x4").network.npus
    32

    Attributes:
        reference: its name and shape, such as ``hgx-h100:8x4``.
        shape: NPUs along each dimension, innermost first.
        preset: what is known of it, and from where.
    """

    reference: str
    shape: Shape
    preset: Preset

    @property
    def npus(self) -> int:
        """Number of NPUs."""
        return self.network.npus

    @property
    def dimensions(self) -> tuple[PresetDimension, ...]:
        """The dimensions that a machine of this shape has, innermost first."""
        return self.preset.dimensions[: len(self.shape)]

    @property
    def network(self) -> NetworkConfig:
        """The network.

        Its bandwidths are those of the preset in GB/s of 2^30 bytes, rounded to the nearest float.
        """
        return NetworkConfig.parse(self.network_keys, self.source)

    @property
    def system(self) -> SystemConfig:
        """What each NPU does."""
        return self.system_for(len(self.shape))

    @property
    def memory_capacity(self) -> Bytes | None:
        """Bytes of an NPU's memory; None if that isn't known."""
        memory = self.preset.memory
        return None if memory is None else int(memory)

    @property
    def source(self) -> str:
        """What stands for a file's name in messages."""
        return f"@{self.reference}"

    @property
    def network_keys(self) -> dict[str, object]:
        """The network file's keys and values."""
        return {
            "topology": [it.topology for it in self.dimensions],
            "npus_count": list(self.shape),
            "bandwidth": [_in(BANDWIDTH.units["GiB/s"], it.bandwidth) for it in self.dimensions],
            "latency": [float(it.latency) for it in self.dimensions],
        }

    def check(self) -> None:
        """Find what is wrong in a file of one's own beyond what a preset's keys are.

        Raises:
            ConfigError: if it makes no network or no system.
        """
        NetworkConfig.parse(self.network_keys, self.source)
        SystemConfig.parse(self.system_keys(len(self.shape)), self.source)

    def system_for(self, dimensions: int) -> SystemConfig:
        """What each NPU does in a network of that many dimensions, this one's or another."""
        return SystemConfig.parse(self.system_keys(dimensions), self.source)

    def system_keys(self, dimensions: int) -> dict[str, object]:
        """The system file's keys and values, for a network of that many dimensions."""
        preset = self.preset
        keys: dict[str, object] = {**_COMMON, **{key: [it] for key, it in _ALGORITHMS.items()}}
        keys["local-mem-bw"] = float(preset.memory_bandwidth)
        if preset.peak is not None:
            keys["peak-perf"] = _in(COMPUTE_RATE.units["TFLOP/s"], preset.peak)
            keys["roofline-enabled"] = 1
        if self.memory_capacity is not None:
            keys["local-mem-capacity"] = self.memory_capacity
        keys |= preset.system
        return {key: _stretched(key, value, dimensions) for key, value in keys.items()}


def _in(unit: Fraction, value: Fraction) -> float:
    """A quantity in a unit, as the nearest float."""
    return float(value / unit)


def _stretched(key: str, value: object, dimensions: int) -> object:
    """Of an algorithm for each dimension, as many as there are; the last is repeated."""
    if key not in _ALGORITHMS or not isinstance(value, list):
        return value
    return [value[min(index, len(value) - 1)] for index in range(dimensions)]
