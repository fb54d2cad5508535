"""A machine's file: what is known of one NPU, of each dimension of its network, and from where.

Quantities have units there (docs/units.md), as in ``bandwidth: 450GB/s``.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import ConfigDict, Field, PlainValidator, model_validator

from simastra.config.base import ConfigModel
from simastra.config.fields import TextField
from simastra.config.lines import telling_lines
from simastra.config.messages import problem
from simastra.config.quantities import Bandwidth, ComputeRate, Duration, Size
from simastra.config.yaml_file import read_yaml
from simastra.errors import ConfigError

_WANTED = "the keys title, npu, memory_bandwidth and dimensions"
_Texts = Annotated[tuple[TextField, ...], Field(strict=False)]


class PresetDimension(ConfigModel):
    """A dimension of the network, innermost first.

    How many NPUs are along it is the same for all such machines (`npus`), or part of the shape that
    a user gives.
    """

    model_config = ConfigDict(alias_generator=None)

    word: ClassVar[str] = "dimension"

    name: TextField = Field(description="what its links are")
    topology: TextField = Field(description="as in a network file")
    bandwidth: Bandwidth = Field(description="of a link, each way")
    latency: Duration = Field(description="of a link")
    npus: int | None = Field(default=None, ge=2, description="how many there are in each machine")
    default: int | None = Field(default=None, ge=2, description="how many, if no shape is given")
    multiple_of: int = Field(default=1, ge=1, description="what their number must be a multiple of")
    unit: TextField = Field(default="NPUs", description="what is counted along it, in the plural")


def _dimension(value: object) -> PresetDimension:
    """A dimension; what is wrong in it is wrong in an entry of the list."""
    if isinstance(value, PresetDimension):
        return value
    try:
        return PresetDimension.parse(value)
    except ConfigError as error:
        told = (f"{it.key}: {it.problem}" if it.key else it.problem for it in error.mistakes)
        raise problem("; ".join(told)) from None


_Dimension = Annotated[PresetDimension, PlainValidator(_dimension)]


class Preset(ConfigModel):
    """What a machine's file says."""

    model_config = ConfigDict(alias_generator=None)

    word: ClassVar[str] = "machine"

    title: TextField = Field(description="what it is, in a line")
    origin: TextField = Field(default="", description="where the numbers are from, in a few words")
    npu: TextField = Field(description="which product an NPU is")
    peak: ComputeRate | None = Field(default=None, description="of an NPU's computations")
    memory: Size | None = Field(default=None, description="an NPU's own memory")
    memory_bandwidth: Bandwidth = Field(description="of that memory")
    dimensions: tuple[_Dimension, ...] = Field(min_length=1, description="of the network")
    most_npus: int | None = Field(default=None, ge=1, description="how many there can be in all")
    system: Mapping[str, object] = Field(
        default_factory=dict, description="further keys of the system file"
    )
    sources: _Texts = Field(default=(), description="where each number is from")
    notes: _Texts = Field(default=(), description="what the model can't say of the machine")

    @property
    def has_own_shape(self) -> bool:
        """Whether a shape may be left out."""
        first = self.dimensions[0]
        return first.npus is not None or first.default is not None

    @model_validator(mode="after")
    def _check_fixed(self) -> Self:
        for dimension in self.dimensions[1:]:
            if dimension.npus is not None:
                text = "only the innermost dimension can have a number of NPUs of its own"
                raise problem(text, key="dimensions")
        return self


def parse_preset(text: str, source: Path | str) -> Preset:
    """Read a machine's file.

    Raises:
        ConfigError: it isn't plain YAML, or not a machine; with the line where that is known.
    """
    mapping, lines = read_yaml(text, source, _WANTED)
    with telling_lines(lines.get):
        return Preset.parse(mapping, source)
