"""What ``simastra generate collective`` is asked for."""

from simastra.config.converted import kept
from simastra.config.fields import TextField
from simastra.convert.generate.microbenchmark import collective_groups, collective_trace
from simastra.errors import OptionError, TraceError
from simastra.suggestions import unknown_name
from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import collective_name
from simastra.units import MiB, NpuId

from .base import GeneratedTrace, RequestForNpus, comm_groups_of
from .fields import Number, Sizes

COLLECTIVES = {collective_name(kind): kind for kind in CollectiveType}
"""Kinds of collectives by name."""


class CollectiveRequest(RequestForNpus):
    """Collectives and nothing else.

    >>> CollectiveRequest(npus=8, size="1MiB").generated().trace.npus[0][0].comm_size
    1048576
    """

    type: TextField = "all-reduce"
    """name of the collective"""

    size: Sizes = kept((MiB,))
    """bytes of each, one after the other"""

    group_size: Number | None = None
    """NPUs of each process group"""

    @property
    def kind(self) -> CollectiveType:
        """The collective.

        Raises:
            OptionError: if there is none of that name.
        """
        name = self.type.lower().replace("_", "-")
        if name not in COLLECTIVES:
            raise OptionError("type", unknown_name("collective", self.type, COLLECTIVES))
        return COLLECTIVES[name]

    @property
    def nodes(self) -> int:
        """About how many nodes each NPU has."""
        return len(self.size)

    @property
    def groups(self) -> dict[int, tuple[NpuId, ...]]:
        """The process groups by number; none if no size is asked for.

        Raises:
            OptionError: if the NPUs can't be divided so.
        """
        if self.group_size is None:
            return {}
        try:
            return collective_groups(self.size_of_machine, self.group_size)
        except TraceError as error:
            raise OptionError("group-size", error.problem) from None

    def _generated(self) -> GeneratedTrace:
        kind, npus, groups = self.kind, self.size_of_machine, self.groups
        trace = collective_trace(kind, self.size, npus, group_size=self.group_size)
        return GeneratedTrace(trace, comm_groups_of(groups))
