"""GraphML, read by networkx."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from simastra.config.graph.wrong import KeyedError, naming_file
from simastra.config.messages import show
from simastra.errors import ConfigError
from simastra.network_graph import NetworkGraph
from simastra.requirement import require

from .attributed import network_graph_of
from .networkx_graphs import EXTRA, attributed

_DECLARED = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def read_graphml(text: str, source: Path | str) -> NetworkGraph:
    """Read a graph with the attributes that docs/networks.md lists.

    Raises:
        MissingPackageError: if networkx isn't installed.
        ConfigError: the first mistake.
    """
    networkx = require("networkx", EXTRA, "reading GraphML")
    if _DECLARED.search(text):
        text = "declares a document type or entities, which are not read; leave the declaration out"
        raise ConfigError(text, source=source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of keys without a type, which are text
            graph = networkx.parse_graphml(text)
    except ElementTree.ParseError as error:
        raise ConfigError(f"is not XML: {error}", source=source) from None
    except RecursionError:
        raise ConfigError("is nested too deeply", source=source) from None
    except (networkx.NetworkXError, KeyError, ValueError, TypeError, AttributeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ConfigError(f"is not GraphML that networkx reads: {reason}", source=source) from None
    with naming_file(source):
        _refuse_undeclared(text, graph.nodes)
        _take_defaults(graph)
        return network_graph_of(attributed(graph, str(source)))


def _refuse_undeclared(text: str, nodes: Iterable[object]) -> None:
    """Refuse ends of edges that are no nodes, of which networkx would make some."""
    elements = ElementTree.fromstring(text).iter()
    declared = {it.get("id") for it in elements if it.tag.rpartition("}")[2] == "node"}
    for node in nodes:
        if node not in declared:
            raise KeyedError(f"no node is called {show(node)}, which an edge links")


def _take_defaults(graph: Any) -> None:
    """Give nodes and edges what the file says of those that say nothing.

    networkx keeps that beside the graph's own attributes.
    """
    for elements, name in ((graph.nodes, "node_default"), (graph.edges, "edge_default")):
        defaults = graph.graph.pop(name, {})
        for *_, attributes in elements(data=True):
            attributes.update(defaults | attributes)
