"""What one NPU's time went to, in sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simastra.engine import Category
from simastra.units import NpuId, Ns

from .spans import Span, totals


@dataclass(frozen=True, slots=True)
class Attribution:
    """What one NPU's time went to. The times sum to the makespan, those without idle to `finish`.

    Attributes:
        npu: the NPU.
        finish: when it finished, in ns.
        times: the time that went to each category, in ns; every category is there.
        partners: for how long it waited for each partner, in ns; in order of NPUs. These sum to
            what went to `Category.PARTNER`.
    """

    npu: NpuId
    finish: Ns
    times: Mapping[Category, Ns]
    partners: Mapping[NpuId, Ns]

    @property
    def total(self) -> Ns:
        """The sum, in ns: the makespan of the simulation."""
        return sum(self.times.values())

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, numbers and strings, ready for JSON; times in ns."""
        return {
            "npu": self.npu,
            "finish": self.finish,
            "times": {category.value: time for category, time in self.times.items()},
            "partners": {str(npu): time for npu, time in self.partners.items()},
        }


def attribution(npu: NpuId, spans: Sequence[Span], finish: Ns, makespan: Ns) -> Attribution:
    """Sum an NPU's timeline up."""
    times = totals(spans)
    times[Category.IDLE] = makespan - finish
    partners: dict[NpuId, Ns] = {}
    for span in spans:
        if span.category is Category.PARTNER and span.peer is not None:
            partners[span.peer] = partners.get(span.peer, 0) + span.duration
    return Attribution(npu, finish, times, dict(sorted(partners.items())))
