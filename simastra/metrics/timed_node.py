"""What metrics ask of the record of a node, as results have one for each."""

from typing import Protocol

from simastra.units import Ns
from simastra.workload import Activity


class TimedNode(Protocol):
    """A node of an NPU that has finished."""

    @property
    def node(self) -> int:
        """Its id."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def activity(self) -> Activity:
        """What the NPU spent its time on."""

    @property
    def issued(self) -> Ns:
        """When it was issued, in ns."""

    @property
    def finished(self) -> Ns:
        """When it finished, in ns."""
