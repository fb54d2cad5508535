"""Nodes that fail a check, by their places: a million are counted, and a few of them made."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import fields
from itertools import chain
from operator import attrgetter
from typing import overload

from simastra.trace import Node
from simastra.trace.renamed import Contact, RenamedNodes, contact_of
from simastra.units import NpuId
from simastra.workload import Program


class FoundNodes(Sequence[Node]):
    """Some nodes of some programs, each made when somebody asks for it.

    Args:
        parts: programs, each with indices of its nodes.
    """

    def __init__(self, parts: Sequence[tuple[Program, Sequence[int]]]) -> None:
        self._parts = parts

    def __len__(self) -> int:
        return sum(len(indices) for _, indices in self._parts)

    def __iter__(self) -> Iterator[Node]:
        return chain.from_iterable(
            map(program.graph.nodes.__getitem__, indices) for program, indices in self._parts
        )

    @overload
    def __getitem__(self, place: int) -> Node: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Node]: ...

    def __getitem__(self, place: int | slice) -> Node | Sequence[Node]:
        if isinstance(place, slice):
            return [self[it] for it in range(len(self))[place]]
        left = range(len(self))[place]
        for program, indices in self._parts:
            if left < len(indices):
                return program.graph.nodes[indices[left]]
            left -= len(indices)
        raise IndexError(place)


class NodesFound:
    """Gathers the nodes that fail checks, each once: NPUs share many of their nodes.

    Args:
        is_alone: whether all are of one program, so that none comes twice.
    """

    def __init__(self, *, is_alone: bool) -> None:
        self._is_alone = is_alone
        self._parts: dict[str, dict[NpuId, list[tuple[Program, Sequence[int]]]]] = {}
        self._told: set[int] = set()
        self._told_of: dict[tuple[int, int], set[tuple[Contact, int]]] = {}
        """What nodes name that were told of, and where the first stands of those that name it, of
        all programs with one original in which the same nodes fail."""
        self._nameless_of: dict[int, Sequence[int]] = {}
        """What an original's nodes are but for what they name."""

    def add(self, npu: NpuId, program: Program, failing: Mapping[str, Sequence[int]]) -> None:
        """Note what fails of a program, but for nodes of which it has been told before.

        Args:
            npu: that has the program.
            program: of which all that fails is told at once.
            failing: indices of nodes, ascending, by the code of the check.
        """
        if not self._is_alone and any(failing.values()):
            failing = self._fresh_of(program, failing)
        for code, indices in failing.items():
            if indices:
                self._parts.setdefault(code, {}).setdefault(npu, []).append((program, indices))

    def of(self, code: str) -> dict[NpuId, FoundNodes]:
        """Those that fail a check, by the first NPU that has them."""
        return {npu: FoundNodes(parts) for npu, parts in self._parts.get(code, {}).items()}

    def everywhere(self, code: str) -> FoundNodes:
        """The same, of all NPUs."""
        return FoundNodes([*chain.from_iterable(self._parts[code].values())])

    def _fresh_of(
        self, program: Program, failing: Mapping[str, Sequence[int]]
    ) -> Mapping[str, Sequence[int]]:
        """The same but for nodes that a program before has had."""
        names = program.renaming
        if names is not None:
            same = tuple((code, tuple(it)) for code, it in failing.items() if it)
            likeness = id(program.original), hash(same)
            if likeness in self._told_of:
                told = self._told_of[likeness]
                return self._fresh_of_renamed(program, names, failing, told)
            self._told_of[likeness] = {(it, places[0]) for it, places in names.contacts()}
        fresh = self._fresh(program, sorted(set().union(*failing.values())))
        return {
            code: list(filter(fresh.__contains__, indices)) for code, indices in failing.items()
        }

    def _fresh(self, program: Program, indices: Sequence[int]) -> Set[int]:
        """Those that no program before has had: equal nodes are the same, whether or not they are
        one object, which depends on how they were loaded."""
        nodes = program.graph.nodes
        return self._new(
            {it: _key(_nameless(node := nodes[it]), contact_of(node)) for it in indices}
        )

    def _new(self, keys: Mapping[int, int]) -> Set[int]:
        """Those of which no key has come before; a node itself takes 400 bytes."""
        fresh = {index for index, key in keys.items() if key not in self._told}
        self._told.update(map(keys.__getitem__, fresh))
        return fresh

    def _fresh_of_renamed(
        self,
        program: Program,
        names: RenamedNodes,
        failing: Mapping[str, Sequence[int]],
        told: set[tuple[Contact, int]],
    ) -> Mapping[str, Sequence[int]]:
        """The same of a program that is another's but for what its nodes name.

        Nodes that name nothing are that one's; those that name the same are told of together.
        """
        original = id(program.original)
        if original not in self._nameless_of:
            self._nameless_of[original] = list(map(_nameless, names.template.nodes))
        called: dict[int, Contact] = {}
        for contact, places in names.contacts():
            # What other nodes of this program name may be called as what these do in another.
            if (contact, places[0]) not in told:
                told.add((contact, places[0]))
                called.update(dict.fromkeys(places, contact))
        few, nameless = sorted(called), self._nameless_of[original]
        found = {code: _common(few, indices) for code, indices in failing.items() if indices}
        each = set().union(*found.values())
        fresh = self._new({index: _key(nameless[index], called[index]) for index in each})
        return {code: list(filter(fresh.__contains__, it)) for code, it in found.items()}


def _nameless(node: Node) -> int:
    """What tells a node from others, but for what it names."""
    return hash((_UNNAMED(node), node.pg_name is None))


def _key(nameless: int, contact: Contact) -> int:
    """What tells a node from others."""
    return hash((nameless, contact))


_UNNAMED = attrgetter(
    *(it.name for it in fields(Node) if it.name not in {"comm_src", "comm_dst", "pg_name"})
)


def _common(few: Sequence[int], many: Sequence[int]) -> Sequence[int]:
    """What two ascending sequences have in common."""
    places = ((index, bisect_left(many, index)) for index in few)
    return [index for index, place in places if place < len(many) and many[place] == index]
