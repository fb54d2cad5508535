"""Which NPUs form the process groups of SimAI's workloads, and what each group is called.

NPUs are numbered as Megatron numbers ranks: those of a tensor-parallel group follow each other,
then come those of a data-parallel group, and then the pipeline's stages. A data-parallel group is
divided into expert-parallel groups of neighbours; DP_EP has those with the same experts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import accumulate, pairwise
from operator import mul

from simastra.trace import CollectiveType
from simastra.units import Bytes, NpuId

from .involved import Dims, known_sizes
from .options import TextOptions
from .text_error import TextError
from .workload import TextWorkload


class WorkloadAxis(StrEnum):
    """What the members of a process group share out among them."""

    TP = "TP"
    """Tensors: collectives of the forward pass and the input gradient are among these."""
    EP = "EP"
    """Experts, ``_EP``."""
    DP = "DP"
    """Samples: collectives of the weight gradient are among these."""
    DP_EP = "DP_EP"
    """Samples of the same experts, ``_DP_EP``."""


@dataclass(frozen=True)
class GroupLayout:
    """The process groups of all NPUs.

    Attributes:
        npus: how many NPUs there are.
        tp: NPUs of a tensor-parallel group.
        ep: of an expert-parallel group.
        dp: of a data-parallel group.
    """

    npus: int
    tp: int
    ep: int
    dp: int

    def size(self, axis: WorkloadAxis) -> int:
        """How many NPUs each of its groups has."""
        sizes = {WorkloadAxis.TP: self.tp, WorkloadAxis.EP: self.ep, WorkloadAxis.DP: self.dp}
        return sizes.get(axis, self.dp // self.ep)

    def number(self, axis: WorkloadAxis, npu: NpuId) -> int | None:
        """The number of its group of that NPU; None if that is everybody, or the NPU alone."""
        stride, size = self._stride(axis), self.size(axis)
        return self._numbers.get((stride, size, npu - npu // stride % size * stride))

    def numbers(self, npu: NpuId) -> dict[WorkloadAxis, int | None]:
        """The numbers of all groups of that NPU."""
        return {axis: self.number(axis, npu) for axis in WorkloadAxis}

    @cached_property
    def groups(self) -> dict[str, list[NpuId]]:
        """The members of each group, by its number as text: a communicator-group file."""
        return {
            str(number): [first + place * stride for place in range(size)]
            for (stride, size, first), number in self._numbers.items()
        }

    def dims(self, axis: WorkloadAxis, options: TextOptions) -> Dims | None:
        """The network dimensions that its groups span; None if they are no whole dimensions."""
        sizes = known_sizes(options)
        if sizes is None:
            return None
        ends = [1, *accumulate(sizes, mul)]
        low, high = self._stride(axis), self._stride(axis) * self.size(axis)
        if low not in ends or high not in ends:
            return None
        return tuple(low <= start < end <= high for start, end in pairwise(ends))

    def share(self, type: CollectiveType, size: Bytes, axis: WorkloadAxis) -> Bytes:
        """What each member puts into a collective that the text gives a size.

        Of an all-gather that is the result, where ASTRA-sim's size is one NPU's part.
        """
        if type is not CollectiveType.ALL_GATHER:
            return size
        return -(-size // self.size(axis))

    def _stride(self, axis: WorkloadAxis) -> int:
        match axis:
            case WorkloadAxis.TP:
                return 1
            case WorkloadAxis.DP_EP:
                return self.tp * self.ep
            case _:
                return self.tp

    @cached_property
    def _numbers(self) -> dict[tuple[int, int, NpuId], int]:
        """By stride, size and first member; from 1, since ASTRA-sim takes 0 for everybody."""
        keys = dict.fromkeys(self._keys())
        return {key: number for number, key in enumerate(keys, start=1)}

    def _keys(self) -> Iterator[tuple[int, int, NpuId]]:
        for axis in WorkloadAxis:
            stride, size = self._stride(axis), self.size(axis)
            if 1 < size < self.npus:
                for npu in range(self.npus):
                    if not npu // stride % size:
                        yield stride, size, npu


def layout_of(workload: TextWorkload, options: TextOptions) -> GroupLayout | None:
    """The process groups of a workload, None if its first line has no key of SimAI's.

    Raises:
        TextError: the numbers don't divide one another, or contradict the options.
    """
    spread = workload.header.parallelism
    if spread is None:
        return None
    tp = workload.header.model_group or 1
    npus = options.npus

    def wrong(problem: str) -> TextError:
        return TextError(problem, source=workload.source, line=workload.header.place.line)

    if spread.npus is not None and spread.npus != npus:
        raise wrong(
            f"all_gpus is {spread.npus}, and {npus} NPUs are asked for; leave --npus out, or "
            f"correct all_gpus"
        )
    if npus % (tp * spread.pp):
        raise wrong(
            f"{npus} NPUs can't be divided into model_parallel_NPU_group {tp} times pp {spread.pp}"
        )
    dp = npus // tp // spread.pp
    if dp % spread.ep:
        raise wrong(
            f"ep is {spread.ep}, which doesn't divide the {dp} NPUs of a data-parallel group "
            f"({npus} / {tp} / {spread.pp})"
        )
    return GroupLayout(npus, tp, spread.ep, dp)
