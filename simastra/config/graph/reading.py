"""The `graph:` of our network files -> `NetworkGraph`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from simastra.config.base import ConfigModel
from simastra.errors import ConfigError, InputError
from simastra.network_graph import (
    MOST_LINKS,
    MOST_NODES,
    GraphAssembly,
    LinkAttributes,
    NetworkGraph,
    RoutingChoice,
)
from simastra.network_graph.model import NPU, SWITCH

from .ends import directed_links
from .keys import GraphKeys, LinkKeys, Loopback, NodeKeys, link_attributes
from .names import names_in
from .ranks import is_npu, npus_by_rank
from .referring import graph_beside
from .wrong import refuse_more, under

_Keys = TypeVar("_Keys", bound=ConfigModel)
_Links = list[tuple[str, str, LinkAttributes]]

KEY = "graph"
"""Of the network file."""

_MOST_TOLD = 10


def graph_of(given: object, source: Path | str) -> NetworkGraph:
    """A graph as it is, or what is to be read.

    Raises:
        ConfigError: as `read_graph`.
    """
    return given if isinstance(given, NetworkGraph) else read_graph(given, source)


def read_graph(mapping: object, source: Path | str) -> NetworkGraph:
    """Read what stands under `graph:`.

    Args:
        mapping: as a YAML or JSON reader gives it.
        source: the file, for messages.

    Raises:
        ConfigError: what is wrong, with keys from the file's top, as ``graph.links[3].bandwidth``.
    """
    with under(KEY, source):
        keys = GraphKeys.parse(mapping, source)
    if keys.file is not None:
        return _with_choices(keys, graph_beside(source, keys.file, read_graph), source)
    nodes = _each("nodes", keys.nodes, NodeKeys, source)
    entries = _each("links", keys.links, LinkKeys, source)
    kinds = _kinds(nodes, source)
    links: _Links = []
    for index, entry in enumerate(entries):
        with under(f"{KEY}.links[{index}]", source):
            attributes = link_attributes(entry, keys.units)
            links.extend((*ends, attributes) for ends in directed_links(entry))
            refuse_more(len(links), MOST_LINKS, "links")
    with under(KEY, source):
        assembly = _assembled(kinds, links)
    _let_reduce(assembly, nodes, source)
    with under(KEY, source):
        graph = assembly.graph(source=str(source))
    return _with_choices(keys, graph, source)


def _with_choices(keys: GraphKeys, graph: NetworkGraph, source: Path | str) -> NetworkGraph:
    """A graph, with what is written beside its nodes and links."""
    given, loopback = keys.model_fields_set, graph.loopback
    if keys.loopback is not None:
        with under(f"{KEY}.loopback", source):
            loopback = link_attributes(Loopback.parse(keys.loopback, source), keys.units)
    routing = RoutingChoice(keys.routing.name, keys.routing.options, str(source))
    with under(f"{KEY}.charges", source):
        return replace(
            graph,
            routing=routing if "routing" in given else graph.routing,
            hairpin=keys.hairpin if "hairpin" in given else graph.hairpin,
            charges=keys.charges if "charges" in given else graph.charges,
            loopback=loopback,
        )


def _each(
    key: str, entries: Sequence[object], model: type[_Keys], source: Path | str
) -> list[_Keys]:
    """Read each entry of a list; tell what is wrong with all of them, or the first of many."""
    read: list[_Keys] = []
    wrong: list[ConfigError] = []
    for index, entry in enumerate(entries):
        try:
            with under(f"{KEY}.{key}[{index}]", source):
                read.append(model.parse(entry, source))
        except ConfigError as error:
            wrong.append(error)
        if len(wrong) == _MOST_TOLD:
            break
    if wrong:
        raise ConfigError.of(wrong)
    return read


def _kinds(nodes: Sequence[NodeKeys], source: Path | str) -> dict[str, str | None]:
    """What `nodes` says of each node, in its order."""
    kinds: dict[str, str | None] = {}
    for index, entry in enumerate(nodes):
        with under(f"{KEY}.nodes[{index}]", source):
            for name in names_in(entry.name):
                before = kinds.get(name)
                if before is not None and entry.kind not in (None, before):
                    raise InputError(
                        f"{name} is a {before} and a {entry.kind}; a node has one kind"
                    )
                kinds[name] = entry.kind or before
    return kinds


def _let_reduce(assembly: GraphAssembly, nodes: Sequence[NodeKeys], source: Path | str) -> None:
    """Say of switches that they reduce, where `nodes` does."""
    said: dict[str, bool] = {}
    for index, entry in enumerate(nodes):
        if "reduces" not in entry.model_fields_set:
            continue
        with under(f"{KEY}.nodes[{index}].reduces", source):
            for name in names_in(entry.name):
                if said.setdefault(name, entry.reduces) != entry.reduces:
                    raise InputError(f"{name} reduces and doesn't; say one of both")
                if entry.reduces:
                    assembly.let_reduce(name)


def _assembled(kinds: dict[str, str | None], links: _Links) -> GraphAssembly:
    named = dict.fromkeys([*kinds, *(name for src, dst, _ in links for name in (src, dst))])
    refuse_more(len(named), MOST_NODES, "nodes")
    assembly = GraphAssembly()
    for name in npus_by_rank(named, kinds):
        assembly.add_node(name, NPU)
    for name in named:
        if not is_npu(name, kinds):
            assembly.add_node(name, kinds.get(name) or SWITCH)
    for src, dst, attributes in links:
        assembly.add_link(src, dst, attributes, both_ways=False)
    return assembly
