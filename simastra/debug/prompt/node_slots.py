"""Which ET nodes are meant: by id or name, by type, by NPU."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field

from simastra.debug.breakpoints import NodePattern
from simastra.debug.command_error import CommandError
from simastra.debug.state import State
from simastra.suggestions import unknown_name
from simastra.trace import DependencyGraph, Node, NodeType
from simastra.view.phrases import npu_ranges

from .combinations import AnyOrder
from .grammar import GrammarPart, Keyword, Slot, Words
from .reader import Offer, Parsed, Reader
from .slots import NPU

_MOST_NODES = 200  # whose names and ids are offered; nobody reads more
_NAMES = 20  # that are listed for who names none of them


def _no_keyword(reader: Reader) -> bool:
    return reader.token is not None and reader.token.raw != "if"


def _node(reader: Reader) -> int | str:
    word = reader.take("the node")
    return int(word) if word.isascii() and word.isdigit() else word


def _node_slot(types: frozenset[NodeType]) -> Slot[int | str]:
    def known(reader: Reader) -> Iterator[Offer]:
        return _nodes(reader.session.stepper.state, types)

    again = "a name with spaces needs quotation marks"
    return Slot("ID|NAME", "the node", _node, known, _no_keyword, again)


def _nodes(state: State, types: frozenset[NodeType]) -> Iterator[Offer]:
    """Names, and then ids, of nodes of these types."""
    known = _Known()
    for process in state.npus:
        known.add(process.npu.npu, process.program.graph, types)
        if len(known.names) >= _MOST_NODES:
            break
    for name, (node, npus) in known.names.items():
        yield Offer(_quoted(name), f"{node.type.name} of {npu_ranges(npus)}")
    for number, node in sorted(known.ids.items()):
        yield Offer(str(number), f"{node.type.name} {node.name!r}")


@dataclass(slots=True)
class _Known:
    """Nodes by their names, with the NPUs that have them, and by their ids."""

    names: dict[str, tuple[Node, list[int]]] = field(default_factory=dict)
    ids: dict[int, Node] = field(default_factory=dict)

    def add(self, npu: int, graph: DependencyGraph, types: frozenset[NodeType]) -> None:
        for node in graph.nodes:
            if node.type not in types:
                continue
            if len(self.names) < _MOST_NODES or node.name in self.names:
                npus = self.names.setdefault(node.name, (node, []))[1]
                if npus[-1:] != [npu]:
                    npus.append(npu)
            if len(self.ids) < _MOST_NODES:
                self.ids.setdefault(node.id, node)


def _quoted(name: str) -> str:
    return name if re.fullmatch(r"[^\s'\"\\]+", name) else shlex.quote(name)


_ALL_TYPES = frozenset(NodeType)
NODE = _node_slot(_ALL_TYPES)
"""A node by its id, or by a pattern of names."""
COLLECTIVE_NODE = _node_slot(frozenset({NodeType.COMM_COLL}))
"""The same of a collective."""


def _type(reader: Reader) -> NodeType:
    word = reader.take("the type")
    if word.upper() not in NodeType.__members__:
        raise CommandError(unknown_name("type of nodes", word, NodeType.__members__))
    return NodeType[word.upper()]


def _types(reader: Reader) -> Iterator[Offer]:
    there = {
        node.type
        for process in reader.session.stepper.state.npus[:1]
        for node in process.program.graph.nodes
    }
    for name, kind in NodeType.__members__.items():
        yield Offer(name, "a type of nodes" if kind in there else "a type that NPU 0 has none of")


TYPE: Slot[NodeType] = Slot("TYPE", "the type", _type, _types)
OF_TYPE = Words((Keyword("type", "those of a type"), TYPE))
OF_NPU = Words((Keyword("npu", "those of one NPU"), NPU))

SELECTION: tuple[GrammarPart, ...] = (OF_TYPE, OF_NPU, NODE)
"""What says which nodes; keywords first, since any word may be a name."""
NODES = AnyOrder(SELECTION)
"""Nodes, all of them if nothing is said."""


def pattern_of(parsed: Parsed, state: State) -> NodePattern:
    """The nodes that are meant; some node of the trace must be among them.

    Raises:
        CommandError: if none is.
    """
    named = parsed.get(NODE)
    if named is None:
        named = parsed.get(COLLECTIVE_NODE)
    number = named if isinstance(named, int) else None
    name = named if isinstance(named, str) else None
    pattern = NodePattern(number, name, parsed.get(TYPE), parsed.get(NPU))
    names = set()
    for npu, process in enumerate(state.npus):
        for node in process.program.graph.nodes:
            if pattern.matches(npu, node):
                return pattern
            names.add(node.name)
    if name is not None and name not in names:
        raise CommandError(unknown_name("node", name, sorted(names)[:_NAMES]))
    raise CommandError(f"no node is '{pattern}'")
