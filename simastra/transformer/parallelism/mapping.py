"""From axes of parallelism to NPUs: their numbers, and the network's dimensions."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod

from simastra.errors import OptionError
from simastra.trace.builder import ALL_DIMS
from simastra.units import NpuId

from .degrees import Parallelism


@dataclass(frozen=True)
class RankMapping:
    """Where each NPU stands along the axes; an axis of one NPU is left out.

    >>> placement = RankMapping(Parallelism(tp=2, dp=4))
    >>> placement.position(5), placement.line(5, ("tp",)), placement.line(5, ("edp",))
    ({'tp': 1, 'edp': 2}, (4, 5), (1, 3, 5, 7))

    Attributes:
        parallelism: the degrees, and the order of the axes.
    """

    parallelism: Parallelism

    @cached_property
    def axes(self) -> tuple[str, ...]:
        """The axes with more than one NPU; numbers differ by 1 along the first."""
        order = ["edp" if axis == "dp" else axis for axis in self.parallelism.order]
        if "ep" not in order and "edp" in order:
            order.insert(order.index("edp"), "ep")
        degrees = self.parallelism.degrees
        return tuple(axis for axis in order if degrees[axis] > 1)

    @cached_property
    def strides(self) -> dict[str, int]:
        """By how much numbers differ along each axis."""
        degrees = [self.parallelism.degrees[axis] for axis in self.axes]
        return {axis: prod(degrees[:index]) for index, axis in enumerate(self.axes)}

    def position(self, npu: NpuId) -> dict[str, int]:
        """An NPU's place along each axis."""
        degrees = self.parallelism.degrees
        return {axis: npu // stride % degrees[axis] for axis, stride in self.strides.items()}

    def stage(self, npu: NpuId) -> int:
        """An NPU's stage of the pipeline."""
        return npu // self.strides["pp"] % self.parallelism.pp if "pp" in self.strides else 0

    def on_stage(self, npu: NpuId, stage: int) -> NpuId:
        """The NPU with the same place on another stage."""
        return npu + (stage - self.stage(npu)) * self.strides.get("pp", 0)

    def first(self, npu: NpuId, axes: Iterable[str]) -> NpuId:
        """The lowest of the NPUs that differ from this one along some axes only."""
        position = self.position(npu)
        return npu - sum(position[axis] * self.strides[axis] for axis in axes)

    def line(self, npu: NpuId, axes: Iterable[str]) -> tuple[NpuId, ...]:
        """The NPUs that differ from this one along some axes only, in order."""
        chosen = [axis for axis in self.axes if axis in set(axes)]
        steps = [range(self.parallelism.degrees[axis]) for axis in reversed(chosen)]
        strides = [self.strides[axis] for axis in reversed(chosen)]
        start = self.first(npu, chosen)
        offsets = (
            sum(step * stride for step, stride in zip(place, strides, strict=True))
            for place in product(*steps)
        )
        return tuple(sorted(start + offset for offset in offsets))

    @cached_property
    def dimensions(self) -> dict[str, tuple[int, ...]] | None:
        """The network dimensions that each axis is; None where process groups are wanted.

        Raises:
            OptionError: an axis isn't a number of whole dimensions.
        """
        counts = self.parallelism.npus_count
        if counts is None:
            return None
        if prod(counts) != self.parallelism.npus:
            raise OptionError(
                "npus-count",
                f"{'x'.join(map(str, counts))} are {prod(counts)} NPUs; tp x cp x dp x pp are "
                f"{self.parallelism.npus}",
            )
        return self._dimensions(counts)

    def _dimensions(self, counts: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
        taken: dict[str, tuple[int, ...]] = {}
        dimension = 0
        for axis in self.axes:
            degree, covered, own = self.parallelism.degrees[axis], 1, list[int]()
            while covered < degree and dimension < len(counts):
                covered *= counts[dimension]
                own.append(dimension)
                dimension += 1
            if covered != degree:
                shown = "x".join(map(str, counts))
                raise OptionError(
                    "npus-count",
                    f"{_SHOWN.get(axis, axis)} of {degree} isn't a number of whole dimensions of "
                    f"the network {shown}, in the order {'-'.join(self.parallelism.order)}; give "
                    "other degrees or another order, or leave it out to have process groups",
                )
            taken[axis] = tuple(own)
        return taken

    def involved(self, axes: Iterable[str]) -> tuple[bool, ...]:
        """The network dimensions that a collective along some axes involves."""
        if self.dimensions is None:
            return ALL_DIMS
        counts = self.parallelism.npus_count or ()
        own = {dimension for axis in axes for dimension in self.dimensions[axis]}
        return tuple(index in own for index in range(max(len(counts), len(ALL_DIMS))))


_SHOWN = {"edp": "dp / ep"}
