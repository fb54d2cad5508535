"""NPUs as digits of a mesh, and process groups along these."""

from __future__ import annotations

from math import prod
from random import Random

from random_wishes import Wishes


def draw_mesh(rnd: Random, npus: int) -> tuple[int, ...]:
    """Cut the NPUs' numbers into digits, the innermost first."""
    sizes = []
    left = npus
    while left > 1:
        factors = [factor for factor in range(2, left + 1) if left % factor == 0]
        sizes.append(rnd.choice(factors))
        left //= sizes[-1]
    return tuple(sizes)


def digits_of(npu: int, mesh: tuple[int, ...]) -> list[int]:
    digits = []
    for size in mesh:
        digits.append(npu % size)
        npu //= size
    return digits


def npu_of(digits: list[int], mesh: tuple[int, ...]) -> int:
    npu = 0
    for digit, size in zip(reversed(digits), reversed(mesh), strict=True):
        npu = npu * size + digit
    return npu


def draw_groups(
    rnd: Random, wishes: Wishes, mesh: tuple[int, ...], dialect: str
) -> tuple[dict[str, list[int]] | None, dict[int, list[int]]]:
    """Process groups along digits; and for each of these digits every NPU's group."""
    if rnd.random() >= wishes.groups or not mesh:
        return None, {}
    wanted = [axis for axis in range(len(mesh)) if rnd.random() < 0.7] or [0]
    if dialect == "hoti2024":
        wanted = wanted[:1]  # of an NPU's groups the last would count
    groups: dict[str, list[int]] = {}
    axes = {}
    for axis in wanted:
        axes[axis] = _groups_along(rnd, axis, mesh, groups)
    if rnd.random() < 0.1:
        groups.popitem()
        return groups, {}
    return groups, axes


def _groups_along(
    rnd: Random, axis: int, mesh: tuple[int, ...], groups: dict[str, list[int]]
) -> list[int]:
    """Add the groups along a digit; every NPU's."""
    npus = prod(mesh)
    lines: dict[tuple[int, ...], list[int]] = {}
    for npu in range(npus):
        digits = digits_of(npu, mesh)
        lines.setdefault((*digits[:axis], *digits[axis + 1 :]), []).append(npu)
    numbers = list(range(len(groups) + 1, len(groups) + 1 + len(lines)))
    if rnd.random() < 0.2:
        rnd.shuffle(numbers)
    way = rnd.choice((None, None, None, "reversed", "turned", "shuffled"))
    numbers_by_npu = [0] * npus
    for number, line in zip(numbers, lines.values(), strict=True):
        groups[str(number)] = _reordered(rnd, line, way)
        for npu in line:
            numbers_by_npu[npu] = number
    return numbers_by_npu


def _reordered(rnd: Random, line: list[int], way: str | None) -> list[int]:
    match way:
        case "reversed":
            return line[::-1]
        case "turned":
            return line[1:] + line[:1]
        case "shuffled":
            return rnd.sample(line, len(line))
        case _:
            return line
