"""What a calibration file knows of a collective: its base, and curves of times by size."""

from itertools import pairwise
from typing import Annotated, Self, TypeAlias

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema, model_validator

from simastra.calibration.priced import Knowledge
from simastra.calibration.section import CalibrationSection, Count, NotNegative, Numbers, Positive
from simastra.config.messages import problem
from simastra.suggestions import unknown_name


def _situation(value: object) -> Knowledge | tuple[Knowledge, ...]:
    """One word for all knots, or one for each."""
    if isinstance(value, list | tuple):
        return tuple(map(_one_situation, value))
    return _one_situation(value)


def _one_situation(value: object) -> Knowledge:
    known = [it.value for it in Knowledge]
    if value not in known:
        raise problem(unknown_name("situation", str(value), known))
    return Knowledge(str(value))


def _words(situation: Knowledge | tuple[Knowledge, ...]) -> str | list[str]:
    if isinstance(situation, Knowledge):
        return situation.value
    return [it.value for it in situation]


_WORD = {"enum": [it.value for it in Knowledge]}
_Situations: TypeAlias = Annotated[
    Knowledge | tuple[Knowledge, ...],
    PlainValidator(_situation),
    PlainSerializer(_words, return_type=str | list[str], when_used="json"),
    WithJsonSchema({"anyOf": [_WORD, {"type": "array", "items": _WORD}]}),
]
_Sizes: TypeAlias = Annotated[tuple[Count, ...], Field(strict=False, min_length=1)]


class BaseSection(CalibrationSection):
    """The four parameters of t₀ = c + h·s + b/β + γ·√b."""

    launch_us: NotNegative
    """c: what it takes to launch, in microseconds."""

    hop_us: NotNegative
    """h: what each of the steps takes that follow each other, in microseconds."""

    gb_s: Positive
    """β: bus bandwidth, in GB/s of 10^9 bytes."""

    root_us_per_sqrt_kib: NotNegative
    """γ: price of protocols and of filling pipelines, in microseconds by the root of b in KiB."""


class Curve(CalibrationSection):
    """Times by size, of one collective among as many NPUs of as many nodes."""

    npus: Annotated[Count, Field(ge=2)]
    """How many take part."""

    nodes: Count = 1
    """Of how many nodes they are."""

    situation: _Situations
    """How the times are known: one word for all, or a list with one for each knot."""

    bytes: _Sizes
    """Sizes of the knots as nccl-tests counts them, ascending."""

    us: Numbers
    """Time at each, in microseconds."""

    low_us: Numbers
    """Lower edge of the 90 % band at each."""

    high_us: Numbers
    """Upper edge at each."""

    @property
    def situations(self) -> tuple[Knowledge, ...]:
        """One for each knot."""
        if isinstance(self.situation, Knowledge):
            return (self.situation,) * len(self.bytes)
        return self.situation

    @model_validator(mode="after")
    def _check_knots(self) -> Self:
        if self.nodes > self.npus:
            raise problem(f"{self.npus} NPUs aren't of {self.nodes} nodes", key="nodes")
        for a, b in pairwise(self.bytes):
            if b <= a:
                raise problem(f"must ascend strictly, and {b} follows {a}", key="bytes")
        lists = (self.us, self.low_us, self.high_us, self.situations)
        for name, values in zip(("us", "low_us", "high_us", "situation"), lists, strict=True):
            if len(values) != len(self.bytes):
                raise problem(_lengths(len(values), len(self.bytes)), key=name)
        return self

    @model_validator(mode="after")
    def _check_bands(self) -> Self:
        bands = zip(self.low_us, self.us, self.high_us, strict=True)
        for index, (low, mid, high) in enumerate(bands):
            if not low <= mid <= high:
                text = f"must be between low_us, {low:g}, and high_us, {high:g}, not {mid:g}"
                raise problem(text, key=f"us[{index}]")
        return self


def _lengths(count: int, wanted: int) -> str:
    return f"has {count} entries, and bytes has {wanted}; give one for each size"


class CollectiveSection(CalibrationSection):
    """One collective."""

    base: BaseSection | None = None
    """Its base; without it, numbers of NPUs outside those measured can't be had."""

    curves: Annotated[tuple[Curve, ...], Field(strict=False)] = ()
    """Times by size, for each number of NPUs and nodes."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.base is None and not self.curves:
            raise problem("has neither a base nor a curve; give one of them")
        seen: set[tuple[int, int]] = set()
        for index, curve in enumerate(self.curves):
            if (curve.npus, curve.nodes) in seen:
                text = f"is a second curve of {curve.npus} NPUs of {curve.nodes} nodes"
                raise problem(text, key=f"curves[{index}]")
            seen.add((curve.npus, curve.nodes))
        return self
