"""What one NPU's time went to, in sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
        sharers: what it lost to the messages of each NPU that shared links with its own, in ns; in
            order of NPUs. What a span of sharing took is divided alike among the others there (its
            own where there are none). These sum to what went to `Category.SHARING`.
        faults: what each event of a scenario has cost it (several together by all their names), in
            ns. These sum to what went to `Category.FAULT`.
        slower: for how long it waited for each NPU that a scenario makes slower, in ns; in order of
            NPUs. These sum to what went to `Category.SLOWER`.
        other_jobs: what the messages of each other job have cost it at links (of several together
            by all their names), in ns. These sum to what went to `Category.OTHER_JOB`.
    """

    npu: NpuId
    finish: Ns
    times: Mapping[Category, Ns]
    partners: Mapping[NpuId, Ns]
    sharers: Mapping[NpuId, Ns] = field(default_factory=dict)
    faults: Mapping[str, Ns] = field(default_factory=dict)
    slower: Mapping[NpuId, Ns] = field(default_factory=dict)
    other_jobs: Mapping[str, Ns] = field(default_factory=dict)

    @property
    def total(self) -> Ns:
        """The sum, in ns: the makespan of the simulation."""
        return sum(self.times.values())

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, numbers and strings, ready for JSON; times in ns."""
        told: dict[str, Any] = {
            "npu": self.npu,
            "finish": self.finish,
            "times": {category.value: time for category, time in self.times.items()},
            "partners": {str(int(npu)): time for npu, time in self.partners.items()},
        }
        if self.sharers:
            told["sharers"] = {str(int(npu)): time for npu, time in self.sharers.items()}
        if self.faults:
            told["faults"] = dict(self.faults)
        if self.slower:
            told["slower"] = {str(int(npu)): time for npu, time in self.slower.items()}
        if self.other_jobs:
            told["other_jobs"] = dict(self.other_jobs)
        return told


def attribution(npu: NpuId, spans: Sequence[Span], finish: Ns, makespan: Ns) -> Attribution:
    """Sum an NPU's timeline up."""
    times = totals(spans)
    times[Category.IDLE] += makespan - finish  # beside what was before its job began
    sharers = dict(sorted(_sharers(spans).items()))
    partners, slower = (_peers(spans, it) for it in (Category.PARTNER, Category.SLOWER))
    faults, jobs = (_by_cause(spans, it) for it in (Category.FAULT, Category.OTHER_JOB))
    return Attribution(npu, finish, times, partners, sharers, faults, slower, jobs)


def _peers(spans: Sequence[Span], category: Category) -> dict[NpuId, Ns]:
    """For how long each peer was waited for, in order of NPUs."""
    times: dict[NpuId, Ns] = {}
    for span in spans:
        if span.category is category and span.peer is not None:
            times[span.peer] = times.get(span.peer, 0) + span.duration
    return dict(sorted(times.items()))


def _by_cause(spans: Sequence[Span], category: Category) -> dict[str, Ns]:
    """What each event, or other job, has cost."""
    cost: dict[str, Ns] = {}
    for span in spans:
        if span.category is category:
            cost[span.because] = cost.get(span.because, 0) + span.duration
    return dict(sorted(cost.items()))


def _sharers(spans: Sequence[Span]) -> dict[NpuId, Ns]:
    """What was lost to each NPU's messages; a rest of a division goes to the first of them."""
    lost: dict[NpuId, Ns] = {}
    for span in spans:
        if span.category is Category.SHARING:
            others = [npu for npu in span.sharers if npu != span.npu] or [span.npu or 0]
            each, rest = divmod(span.duration, len(others))
            for number, npu in enumerate(others):
                lost[npu] = lost.get(npu, 0) + each + (number < rest)
    return lost
