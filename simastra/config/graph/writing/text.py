"""`NetworkGraph` -> the text of a network file, in our spelling, that reads as the same graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from simastra.config.fields import LARGEST_NUMBER
from simastra.config.parts import Part, written
from simastra.config.yaml_file import read_yaml
from simastra.errors import InputError
from simastra.legible import one_line
from simastra.network_graph import LinkAttributes, NetworkGraph, RoutingChoice

from .flow_style import inline
from .link_entries import Entry, ShapeEntry, link_entries
from .node_entries import node_entries
from .rates import WrittenRates

_Written: TypeAlias = dict[str, object]


def network_text(
    graph: NetworkGraph,
    *,
    topology: Sequence[str | Part] = (),
    npus_count: Sequence[int] = (),
    backend_options: Sequence[Part] = (),
    comments: Iterable[str] = (),
) -> str:
    """The text of a network file that has a graph.

    Links stay in their order, and those that go on regularly are one entry. Bandwidths are in the
    unit in which they are shorter, and exact.

    Args:
        graph: the network, in whichever spelling it was read.
        topology: logical topology of each dimension; none for one ring.
        npus_count: number of NPUs along each of them.
        backend_options: of network backends.
        comments: lines at the top, without their ``#``.

    Raises:
        InputError: if a name or a number can't be written, or NPUs are called by other ranks than
            they have.
    """
    lines = [f"# {_comment(line)}".rstrip() for line in comments]
    if topology:
        lines.append(f"topology: {inline([written(it) for it in topology])}")
    if npus_count:
        lines.append(f"npus_count: {inline(npus_count)}")
    lines += ["graph:", *(f"  {line}" for line in _graph_lines(graph))]
    if backend_options:
        options = {part.name: part.options for part in backend_options}
        lines.append(f"backend_options: {inline(options)}")
    return "".join(f"{line}\n" for line in lines)


def _comment(text: str) -> str:
    """Text in which nothing ends a comment or is no YAML: it may quote the name of a file."""
    return "".join(it if it.isprintable() else "?" for it in one_line(text))


def graph_mapping(graph: NetworkGraph) -> object:
    """What such a file has under `graph:`, as a reader of YAML gives it.

    Raises:
        InputError: as `network_text`.
    """
    return read_yaml(network_text(graph), "graph", "a graph")[0]["graph"]


def _graph_lines(graph: NetworkGraph) -> Iterator[str]:
    rates = WrittenRates.of(_rates(graph))
    yield f"units: {rates.unit}"
    if graph.routing != RoutingChoice():
        name, options = graph.routing.name, graph.routing.options
        yield f"routing: {inline({'name': name, **options} if options else name)}"
    if graph.hairpin:
        yield "hairpin: true"
    if graph.charges != "route":
        yield f"charges: {graph.charges}"
    if graph.loopback is not None:
        yield f"loopback: {inline(_attributes(graph.loopback, rates))}"
    yield from _listed("nodes", (inline(entry) for entry in node_entries(graph)))
    yield from _listed("links", (inline(_link(entry, rates)) for entry in link_entries(graph)))


def _rates(graph: NetworkGraph) -> Iterator[float]:
    if graph.loopback is not None:
        yield graph.loopback.bytes_per_ns
    yield from (link.bytes_per_ns for link in graph.links)


def _listed(key: str, entries: Iterable[str]) -> Iterator[str]:
    """A key, and an entry a line; nothing if there are none."""
    lines = [f"  - {entry}" for entry in entries]
    if lines:
        yield f"{key}:"
        yield from lines


def _link(entry: Entry, rates: WrittenRates) -> _Written:
    keys: _Written
    match entry:
        case ShapeEntry(shape, members):
            keys = {shape: members.written}
        case _:
            here, there = entry.ends
            keys = {"from": here.written, "to": there.written}
            keys |= {"pairs": "all"} if entry.each_to_each else {}
    keys |= {"directed": True} if entry.directed else {}
    return {**keys, **_attributes(entry.attributes, rates)}


def _attributes(attributes: LinkAttributes, rates: WrittenRates) -> _Written:
    if attributes.latency > LARGEST_NUMBER:
        raise InputError(f"a latency of {attributes.latency} ns can't be written; no link has it")
    bandwidth = rates.numbers[attributes.bytes_per_ns]
    keys: _Written = {"bandwidth": bandwidth, "latency": attributes.latency}
    keys |= {"kind": attributes.kind} if attributes.kind else {}
    keys |= {} if attributes.dimension is None else {"dimension": attributes.dimension}
    return keys
