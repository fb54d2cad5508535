"""What a router has to answer, and what a name of the table of routers stands for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from simastra.config import PartOptions
from simastra.network_graph import NetworkGraph


class Router(ABC):
    """Finds the ways through a graph.

    Args:
        graph: the network.

    Raises:
        InputError: if there is a pair of NPUs without a way, or options don't fit the graph.

    Attributes:
        multipath: whether messages from one NPU to another may take different ways, by their tags.
        files: names of the files that it has read.
    """

    multipath: bool = False
    files: tuple[str, ...] = ()

    def __init__(self, graph: NetworkGraph) -> None:
        self.graph = graph

    @abstractmethod
    def route(self, src: int, dst: int, tag: int = 0) -> tuple[int, ...]:
        """Devices on the way from NPU `src` to NPU `dst`, both ends included.

        Each consecutive pair is a link of the graph. From an NPU to itself it is ``(src,)``. The
        same arguments give the same way, always.

        Args:
            src: sending NPU.
            dst: receiving NPU.
            tag: of the message; only a router with `multipath` looks at it.
        """


MakeRouter: TypeAlias = Callable[..., Router]
"""Makes a router: of a graph, and of its options if it takes any; mostly a class."""


@dataclass(frozen=True, slots=True)
class RouterEntry:
    """A router as the table has it.

    Attributes:
        make: makes it, of a graph and, if it takes options, those.
        options: the model of its options in the network file; None if it takes none.
    """

    make: MakeRouter
    options: type[PartOptions] | None = None

    @classmethod
    def of(cls, entry: RouterEntry | MakeRouter) -> RouterEntry:
        """An entry of a table; a bare class takes no options."""
        return entry if isinstance(entry, RouterEntry) else cls(entry)

    def build(self, graph: NetworkGraph, options: PartOptions | None = None) -> Router:
        """Make a router."""
        if self.options is None:
            return self.make(graph)
        return self.make(graph, options or self.options())
