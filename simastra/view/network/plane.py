"""NPUs of two dimensions on a plane: one from left to right, the other from top to bottom."""

from collections.abc import Sequence

from .shapes import Point


def plane_places(npus_count: Sequence[int]) -> dict[int, Point]:
    """Where each NPU lies, from -1 to 1 along the longer side.

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
