"""Shapes of machines: how many NPUs along each dimension, such as 8x4; and which are possible."""

import math
import re
from collections.abc import Iterator

from .preset import Preset, PresetDimension

Shape = tuple[int, ...]


class ShapeError(ValueError):
    """A shape that a machine can't have; the text says which it can."""


def shape_of(preset: Preset, text: str | None) -> Shape:
    """The shape that is asked for, or the machine's own if none is.

    A last dimension of one machine alone is left out: 8x1 is 8.

    Raises:
        ShapeError: if the machine can't have it, or has none of its own.
    """
    shape = _own_shape(preset) if text is None else _written(text, preset)
    problem = next(_problems(preset, shape), None)
    if problem is not None:
        raise ShapeError(f"{problem}; {possible_shapes(preset)}")
    return shape


def possible_shapes(preset: Preset) -> str:
    """Which shapes there are, in words.

    The first number is the innermost dimension's.
    """
    first, *others = preset.dimensions
    if first.npus is not None:
        own = f"{first.npus}, or fewer in one"
        return f"shapes are {own}, or {first.npus}xN for N {others[0].unit}" if others else own
    letters = "x".join("NML"[: len(preset.dimensions)]) if others else "N"
    step = first.multiple_of
    if step > 1:
        return f"shapes are {letters}, each a multiple of {step}, such as {example_shape(preset)}"
    return f"shapes are {letters}, such as {example_shape(preset)}"


def example_shape(preset: Preset) -> str:
    """A shape that the machine can have, in characters."""
    first = preset.dimensions[0]
    if preset.has_own_shape:
        return str(first.npus or first.default)
    return "x".join(str(max(2, it.multiple_of)) for it in preset.dimensions)


def sizes_in_words(preset: Preset) -> str:
    """The shapes in a few characters, for a table."""
    first, *others = preset.dimensions
    if first.npus is not None:
        return f"{first.npus}, {first.npus}xN" if others else str(first.npus)
    return "x".join("NML"[: len(preset.dimensions)])


def _own_shape(preset: Preset) -> Shape:
    first = preset.dimensions[0]
    size = first.npus or first.default
    if size is None:
        raise ShapeError(f"needs its shape behind a colon; {possible_shapes(preset)}")
    return (size,)


def _written(text: str, preset: Preset) -> Shape:
    if not re.fullmatch(r"[1-9][0-9]{0,8}(x[1-9][0-9]{0,8})*", text):
        raise ShapeError(f"{text!r} is no shape; {possible_shapes(preset)}")
    shape = tuple(map(int, text.split("x")))
    is_one = preset.dimensions[0].npus is not None and len(shape) > 1 and shape[-1] == 1
    return shape[:-1] if is_one else shape


def _problems(preset: Preset, shape: Shape) -> Iterator[str]:
    first = preset.dimensions[0]
    dimensions = preset.dimensions[: len(shape)]
    if len(shape) > len(preset.dimensions) or (first.npus is None and shape[len(dimensions) :]):
        yield f"has {len(shape)} dimensions, more than the {len(preset.dimensions)} there are"
    if first.npus is None and len(shape) < len(preset.dimensions):
        yield f"has {len(shape)} of {len(preset.dimensions)} dimensions"
    for size, dimension in zip(shape, dimensions, strict=False):
        yield from _problems_along(dimension, size, alone=len(shape) == 1)
    if preset.most_npus is not None and math.prod(shape) > preset.most_npus:
        yield f"has {math.prod(shape):,} NPUs; {preset.most_npus:,} are possible"


def _problems_along(dimension: PresetDimension, size: int, *, alone: bool) -> Iterator[str]:
    fixed = dimension.npus
    if size == 1:
        yield "has 1 NPU along a dimension, which is none"
    elif size % dimension.multiple_of:
        yield f"has {size} along {dimension.name}, no multiple of {dimension.multiple_of}"
    elif fixed is not None and size > fixed:
        whole = f": {size} NPUs are {fixed}x{size // fixed}" if size % fixed == 0 and alone else ""
        yield f"has {size} along {dimension.name}, which joins {fixed}{whole}"
    elif fixed is not None and not alone and size != fixed:
        yield f"has {size} along {dimension.name}, which joins {fixed}"
