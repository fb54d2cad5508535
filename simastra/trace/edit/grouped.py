"""A trace with its process groups: what a chain of edits goes through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from simastra.trace.edit.groups import Groups, GroupsOfTrace
from simastra.trace.trace import Trace
from simastra.units import NpuId

NO_GROUPS: Groups = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Grouped:
    """A trace, and what tells who takes part in its collectives.

    Attributes:
        trace: what each NPU does.
        groups: process groups by number, as a file lists them.
        shape: NPUs along each dimension of the network, innermost first; None where no dimension
            is named.
    """

    trace: Trace
    groups: Mapping[int, tuple[NpuId, ...]] = field(default_factory=lambda: NO_GROUPS)
    shape: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        self.trace.keep()  # edits tell nodes apart by identity

    def with_trace(self, trace: Trace) -> Grouped:
        """The same groups, of another trace."""
        return self if trace is self.trace else replace(self, trace=trace)

    def of_trace(self) -> GroupsOfTrace:
        """Which group each collective is in.

        Raises:
            TraceError: the groups aren't of this trace.
        """
        return GroupsOfTrace(self.trace, self.groups, self.shape)
