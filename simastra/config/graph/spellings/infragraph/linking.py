"""Which components an edge links, by its two ends and its scheme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from simastra.config.graph.wrong import KeyedError, refuse_more
from simastra.config.messages import closest, show
from simastra.network_graph import MOST_LINKS

from .documents import InfraEdge, InfraLink

SCHEMES = ("one2one", "many2many", "ring")
"""How the components of two ends are linked."""

MOST_EDGES = MOST_LINKS // 2
"""Each is two links."""


class UnknownComponentError(KeyedError):
    """An edge names a component that its device doesn't have."""


class EdgeEnds(NamedTuple):
    """One end of an edge.

    Attributes:
        names: of the components.
        is_open: whether a slice was left out, so that it may take fewer than there are.
    """

    names: Sequence[str]
    is_open: bool


def linked(edge: InfraEdge, ends: Sequence[EdgeEnds], key: str) -> Iterator[tuple[str, str]]:
    """The pairs of components that an edge links.

    One to one, an end without a slice takes as many as the other has, as InfraGraph's service does.

    Raises:
        KeyedError: the scheme isn't known, or the ends don't fit it.
    """
    first, second = ends
    pairs: Iterator[tuple[str, str]]
    match edge.scheme:
        case "many2many":
            refuse_more(len(first.names) * len(second.names), MOST_EDGES, "edges", key)
            pairs = product(first.names, second.names)
        case "one2one":
            counts = len(first.names), len(second.names)
            longer = first if counts[0] > counts[1] else second
            if counts[0] != counts[1] and not longer.is_open:
                text = f"links {counts[0]} to {counts[1]} one to one; write equally many"
                raise KeyedError(f"{text}, or the scheme many2many", f"{key}.scheme")
            pairs = iter(zip(first.names, second.names, strict=False))
        case "ring":
            members = list(dict.fromkeys((*first.names, *second.names)))
            pairs = iter(zip(members, (*members[1:], members[0]), strict=True))
        case _:
            text = f"must be one of {', '.join(SCHEMES)}, not {show(edge.scheme)}"
            raise KeyedError(text, f"{key}.scheme")
    return ((a, b) for a, b in pairs if a != b)


def known_link(edge: InfraEdge, links: Sequence[InfraLink], key: str) -> str:
    """The name of an edge's link.

    Raises:
        KeyedError: none is called so.
    """
    names = [it.name for it in links]
    if edge.link not in names:
        text = f"no link here is called {show(edge.link)}{meant(edge.link, names)}"
        raise KeyedError(text, f"{key}.link")
    return edge.link


def meant(name: str, known: Mapping[str, object] | Sequence[str]) -> str:
    """Which name may have been meant, as the end of a message."""
    if close := closest(name, known):
        return f"; did you mean {show(close)}?"
    listed = ", ".join(list(known)[:8])
    return f"; there are {listed}{', ...' if len(known) > 8 else ''}" if known else ""  # noqa: PLR2004
