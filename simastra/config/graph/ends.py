"""Which nodes a link of the file links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from simastra.errors import InputError
from simastra.network_graph import MOST_LINKS, clique_links, ring_links

from .keys import LinkKeys
from .names import names_in
from .wrong import refuse_more


def directed_links(entry: LinkKeys) -> Iterator[tuple[str, str]]:
    """The ends of all links of an entry, in the order in which routers prefer them.

    Raises:
        InputError: if names are wrong or don't fit each other, or there are too many links.
    """
    if entry.ring is not None:
        return _ring(_members("ring", entry.ring), directed=entry.directed)
    if entry.clique is not None:
        members = _members("clique", entry.clique)
        refuse_more(len(members) ** 2, MOST_LINKS, "links")
        return clique_links(members)
    sources, targets = names_in(entry.from_ or ""), names_in(entry.to or "")
    one_way = _apart(_pairs(sources, targets, entry.pairs))
    return one_way if entry.directed else _both_ways(one_way)


def _members(shape: str, text: str) -> list[str]:
    members = names_in(text)
    if len(members) == 1:
        raise InputError(f"{text} is one node; a {shape} needs two or more")
    return members


def _ring(members: Sequence[str], *, directed: bool) -> Iterator[tuple[str, str]]:
    links = list(ring_links(members))
    return iter(links[: len(members)] if directed else links)


def _pairs(sources: Sequence[str], targets: Sequence[str], pairs: str) -> Iterator[tuple[str, str]]:
    counts = len(sources), len(targets)
    if pairs == "all":
        refuse_more(counts[0] * counts[1] * 2, MOST_LINKS, "links")
        return product(sources, targets)
    if min(counts) == 1:
        return product(sources, targets)
    if counts[0] != counts[1]:
        raise InputError(
            f"has {counts[0]} nodes in from and {counts[1]} in to; write equally many, or one "
            "there, or `pairs: all` to link each to each"
        )
    return zip(sources, targets, strict=True)


def _apart(pairs: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for src, dst in pairs:
        if src == dst:
            raise InputError(f"{src} is linked to itself; a link needs two nodes")
        yield src, dst


def _both_ways(pairs: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for src, dst in pairs:
        yield src, dst
        yield dst, src
