"""The difference by NPU: of each one's own time, which sums to the makespan too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simastra.engine import Category
from simastra.explain import Attribution, ExplanationRecord
from simastra.units import NpuId, Ns

from .changes import differing


@dataclass(frozen=True, slots=True)
class NpuChange:
    """What one NPU's time went to in both runs.

    Attributes:
        npu: the NPU.
        a: what its time went to in A; None if A has no such NPU.
        b: in B, likewise.
    """

    npu: NpuId
    a: Attribution | None
    b: Attribution | None

    @property
    def finish(self) -> Ns:
        """How much later it finishes in B, in ns; where it is in one run only, all of its time."""
        return _finish(self.b) - _finish(self.a)

    @property
    def causes(self) -> Mapping[Category, Ns]:
        """B's times less A's, in ns; they sum to the difference of the makespans.

        What is alike is left out. Of an NPU that one run doesn't have, the times are those of the
        other.
        """
        return differing(_times(self.a), _times(self.b))

    @property
    def difference(self) -> Ns:
        """The sum of its `causes`, in ns."""
        return sum(self.causes.values())


def npu_changes(a: ExplanationRecord, b: ExplanationRecord) -> tuple[NpuChange, ...]:
    """All NPUs of both runs, in order."""
    in_a = {it.npu: it for it in a.attributions}
    in_b = {it.npu: it for it in b.attributions}
    return tuple(NpuChange(npu, in_a.get(npu), in_b.get(npu)) for npu in sorted({*in_a, *in_b}))


def _times(attribution: Attribution | None) -> Mapping[Category, Ns]:
    return {} if attribution is None else attribution.times


def _finish(attribution: Attribution | None) -> Ns:
    return 0 if attribution is None else attribution.finish
