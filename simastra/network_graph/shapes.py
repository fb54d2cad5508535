"""The links of rings and cliques, in the order in which all spellings have them.

The order matters: routers prefer links that are listed earlier.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations
from typing import TypeVar

_Node = TypeVar("_Node")


def ring_links(members: Sequence[_Node]) -> Iterator[tuple[_Node, _Node]]:
    """Each linked to the next, the last to the first, and back; all that go on come before all that
    go back, so that between two equal ways round a message goes on: clockwise, as in ASTRA-sim.

    Of two members, on and back are the same two links; one has none.

    >>> list(ring_links("abc"))
    [('a', 'b'), ('b', 'c'), ('c', 'a'), ('b', 'a'), ('c', 'b'), ('a', 'c')]
    >>> list(ring_links("ab"))
    [('a', 'b'), ('b', 'a')]
    """
    onward = [(at, members[(place + 1) % len(members)]) for place, at in enumerate(members)]
    links = [*onward, *((there, at) for at, there in onward)]
    return iter(dict.fromkeys(links) if len(members) > 1 else ())


def clique_links(members: Iterable[_Node]) -> Iterator[tuple[_Node, _Node]]:
    """Each linked to every other: all links of the first, then all of the second, and so on.

    >>> list(clique_links("abc"))
    [('a', 'b'), ('a', 'c'), ('b', 'a'), ('b', 'c'), ('c', 'a'), ('c', 'b')]
    """
    return permutations(members, 2)
