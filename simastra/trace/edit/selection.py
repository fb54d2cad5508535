"""Which nodes an edit is for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace

from simastra.errors import TraceError
from simastra.trace.nodes import CollectiveType, Node, NodeType
from simastra.units import NpuId


@dataclass(frozen=True, slots=True)
class Selection:
    """Nodes that have all of these properties; None doesn't narrow it.

    Attributes:
        name: a regular expression, found anywhere in the node's name.
        types: of nodes.
        npus: whose trace they are in.
        purposes: what they are for, as ``purpose`` says.
        collectives: types of collectives; of other nodes there are none then.

    Raises:
        TraceError: the expression is none.
    """

    name: str | None = None
    types: frozenset[NodeType] | None = None
    npus: frozenset[NpuId] | None = None
    purposes: frozenset[str] | None = None
    collectives: frozenset[CollectiveType] | None = None

    def __post_init__(self) -> None:
        try:
            re.compile(self.name or "")
        except re.error as error:
            problem = f"{self.name!r} is no regular expression: {error}"
            raise TraceError(problem, source="selection") from None

    def of_npu(self, npu: NpuId) -> bool:
        """Whether nodes of an NPU may be meant."""
        return self.npus is None or npu in self.npus

    def picker(self) -> Callable[[Node], bool]:
        """Tells whether a node is meant, if its NPU is."""
        named = None if self.name is None else re.compile(self.name).search

        def picks(node: Node) -> bool:
            return (
                (self.types is None or node.type in self.types)
                and (self.collectives is None or node.comm_type in self.collectives)
                and (self.purposes is None or node.purpose in self.purposes)
                and (named is None or named(node.name) is not None)
            )

        return picks

    def within(self, types: frozenset[NodeType]) -> Selection:
        """The same, of these types of nodes only."""
        return replace(self, types=types if self.types is None else self.types & types)

    def __str__(self) -> str:
        shown = ((it.name, _shown(getattr(self, it.name))) for it in fields(self))
        return ", ".join(f"{name}={text}" for name, text in shown if text is not None)


EVERYTHING = Selection()
"""All nodes."""


def _shown(value: object) -> str | None:
    match value:
        case frozenset():
            return "|".join(map(_word, sorted(value)))
        case None:
            return None
        case _:
            return str(value)


def _word(value: object) -> str:
    return value.name if isinstance(value, NodeType | CollectiveType) else str(value)
