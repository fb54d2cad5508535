"""Two runs compared, as data: the changes, and where the critical paths first differ."""

from __future__ import annotations

from functools import cached_property

from simastra.engine import Category
from simastra.explain import ExplanationRecord, SpanRecord
from simastra.units import Ns
from simastra.workload.kind_of_work import KindOfWork

from .changes import CostChange, changes
from .divergence import Divergence, first_divergence
from .keys import CollectiveKey, LinkKey, NodeKey, collective_of, link_of, node_of
from .npus import NpuChange, npu_changes


class ComparedRuns:
    """Two runs, A and B, compared. It never changes.

    Args:
        a: why A took as long as it did.
        b: why B did.
    """

    def __init__(self, a: ExplanationRecord, b: ExplanationRecord) -> None:
        self._a = a
        self._b = b

    @property
    def a(self) -> ExplanationRecord:
        """Why A took as long as it did."""
        return self._a

    @property
    def b(self) -> ExplanationRecord:
        """Why B took as long as it did."""
        return self._b

    @property
    def makespan(self) -> Ns:
        """B's makespan less A's, in ns."""
        return self._b.makespan - self._a.makespan

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs: neither the critical paths nor what any NPU's time went to."""
        alike = all(it.a == it.b for it in self.npus)
        return self.first_divergence is None and alike

    @cached_property
    def by_cause(self) -> tuple[CostChange[Category], ...]:
        """What of the critical paths was spent on each category; the largest difference first."""
        return changes(self._a.path, self._b.path, _cause_of, _cause_of)

    @cached_property
    def by_work(self) -> tuple[CostChange[KindOfWork], ...]:
        """What was for each kind of work, such as the forward pass. None is what is for no node."""
        return changes(self._a.path, self._b.path, _work_of, _work_of)

    @cached_property
    def by_node(self) -> tuple[CostChange[NodeKey], ...]:
        """What was for each node: the same NPU, id and name. None is what is for no node."""
        return changes(self._a.path, self._b.path, node_of, node_of)

    @cached_property
    def by_collective(self) -> tuple[CostChange[CollectiveKey], ...]:
        """What was for collectives: the same type, size, group and name. None is the rest."""
        return changes(self._a.path, self._b.path, collective_of, collective_of)

    @cached_property
    def by_link(self) -> tuple[CostChange[LinkKey], ...]:
        """What was spent on each link, waiting for it included. None is the rest."""

        def link_in_a(span: SpanRecord) -> LinkKey | None:
            return link_of(span, self._a.device_names)

        def link_in_b(span: SpanRecord) -> LinkKey | None:
            return link_of(span, self._b.device_names)

        return changes(self._a.path, self._b.path, link_in_a, link_in_b)

    @cached_property
    def npus(self) -> tuple[NpuChange, ...]:
        """What each NPU's own time went to, by NPU; those of both runs."""
        return npu_changes(self._a, self._b)

    @cached_property
    def first_divergence(self) -> Divergence | None:
        """Where the critical paths first differ, from 0 on; None if they are the same."""
        return first_divergence(self._a, self._b)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ComparedRuns):
            return NotImplemented
        return (self._a, self._b) == (other._a, other._b)

    def __hash__(self) -> int:
        return hash((self._a.makespan, self._b.makespan))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._a.makespan} ns, {self._b.makespan} ns>"


def _cause_of(span: SpanRecord) -> Category:
    return span.category


def _work_of(span: SpanRecord) -> KindOfWork | None:
    return span.work
