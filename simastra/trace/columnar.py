"""Whether a sequence of nodes lies in columns, and what these have; numpy isn't loaded to ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias

from simastra.trace.nodes import Node

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Int64s: TypeAlias = NDArray[np.int64]
    Flags: TypeAlias = NDArray[np.bool_]


class NodeLists(Protocol):
    """A list of numbers for each row, one row's after the other's."""

    @property
    def counts(self) -> Int64s:
        """How many each row has."""

    @property
    def flat(self) -> Int64s:
        """All of them."""


class NodeTable(Protocol):
    """Nodes as arrays, a row each, in the order of a file (simastra.trace.columns.NodeColumns)."""

    @property
    def id(self) -> Int64s:
        """Their ids."""

    @property
    def type(self) -> NDArray[np.uint8]:
        """Values of their NodeType."""

    @property
    def duration(self) -> Int64s:
        """In ns, as of a Node."""

    @property
    def given(self) -> NDArray[np.uint32]:
        """A bit for each of `ATTRIBUTE_FIELDS` that isn't None, the lowest for the first."""

    @property
    def data_deps(self) -> NodeLists:
        """As a file lists them."""

    @property
    def ctrl_deps(self) -> NodeLists:
        """Likewise."""

    def has(self, attribute: str) -> Flags:
        """Whether each has an attribute."""

    def number(self, attribute: str) -> Int64s:
        """An attribute that is a number, 0 where there is none; else the number of its value."""

    def is_true(self, flag: str) -> Flags:
        """Whether ``is_cpu_op`` or ``comm_uneven`` is given and true."""


def columns_of(nodes: Sequence[Node]) -> NodeTable | None:
    """The columns of nodes that lie in some; None of others."""
    columns: NodeTable | None = getattr(nodes, "columns", None)
    return columns
