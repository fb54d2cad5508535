"""NPUs without switches on a plane: grids of two dimensions, and hypercubes."""

from collections.abc import Sequence

from .shapes import Point

_GROUPED = (
    2.2  # how much further each digit of a hypercube leads than the one before along its axis
)


def plane_places(npus_count: Sequence[int]) -> dict[int, Point]:
    """Where each NPU lies, from -1 to 1 along the longer side.

    One dimension goes from left to right, the other from top to bottom.

    Args:
        npus_count: NPUs along either dimension; at least one has several.
    """
    width, height = npus_count
    step = 2 / max(width - 1, height - 1)
    places = {}
    for npu in range(width * height):
        row, column = divmod(npu, width)
        x, y = (column - (width - 1) / 2) * step, (row - (height - 1) / 2) * step
        places[npu] = Point(round(x, 6), round(y, 6))
    return places


def hypercube_places(digits: int) -> dict[int, Point]:
    """Where each NPU of a hypercube lies, from -1 to 1 along either side.

    The binary digits of its rank lead in turn from left to right and from top to bottom.

    Args:
        digits: dimensions of the hypercube; two at the least.
    """
    return {
        npu: Point(_along(npu, range(0, digits, 2)), _along(npu, range(1, digits, 2)))
        for npu in range(2**digits)
    }


def _along(npu: int, digits: range) -> float:
    """The place along an axis that some digits lead along, the last ones furthest."""
    steps = [_GROUPED**number for number in range(len(digits))]
    reached = sum(step for step, digit in zip(steps, digits, strict=True) if npu >> digit & 1)
    return round(2 * reached / sum(steps) - 1, 6) + 0.0
