"""What a name of the table of topologies stands for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from simastra.config import PartOptions
from simastra.network.timing import LinkTiming
from simastra.quick_dataclass import dataclass

from .base import Topology

MakeTopology: TypeAlias = Callable[..., Topology]
"""Makes a dimension: of its number of NPUs, the usual price of its links, and its options if it
takes any."""


@dataclass(frozen=True, slots=True)
class TopologyEntry:
    """A topology as the table has it.

    Attributes:
        make: makes it, of `npus`, `link` and, if it takes options, `options`; mostly a class.
        options: the model of its options in the network file; None if it takes none.
    """

    make: MakeTopology
    options: type[PartOptions] | None = None

    @classmethod
    def of(cls, entry: TopologyEntry | MakeTopology) -> TopologyEntry:
        """An entry of a table; a bare class takes no options."""
        return entry if isinstance(entry, TopologyEntry) else cls(entry)

    def build(self, npus: int, link: LinkTiming, options: PartOptions | None) -> Topology:
        """Make a dimension."""
        return self.make(npus, link) if self.options is None else self.make(npus, link, options)
