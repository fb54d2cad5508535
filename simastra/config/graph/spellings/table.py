"""The spellings of graphs that are other programs', and what reads each.

To add one: a kind in `simastra.foreign`, so that files of it are recognised; a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from simastra.config.json_file import parse_json
from simastra.config.lines import line_in_json, telling_lines
from simastra.foreign import kind_of_text, kinds
from simastra.foreign.documents import kind_of_keys
from simastra.foreign.kinds import FileKind
from simastra.network_graph import NetworkGraph

from .graphml import read_graphml
from .infragraph import read_infragraph
from .node_link import read_node_link
from .packet_topology import read_packet_topology

_ReadDocument: TypeAlias = Callable[[Mapping[str, object], Path | str], NetworkGraph]
_ReadText: TypeAlias = Callable[[str, Path | str], NetworkGraph]

DOCUMENTS: Mapping[FileKind, _ReadDocument] = {
    kinds.INFRAGRAPH: read_infragraph,
    kinds.NODE_LINK: read_node_link,
}
"""What reads a document of a kind, from JSON or YAML."""

TEXTS: Mapping[FileKind, _ReadText] = {
    kinds.GRAPHML: read_graphml,
    kinds.NS3_TOPOLOGY: read_packet_topology,
    kinds.SIMAI_TOPOLOGY: read_packet_topology,
}
"""What reads a text of a kind."""

SUFFIXES: Mapping[str, FileKind] = {".graphml": kinds.GRAPHML}
"""Kinds of files whose names say so, whatever is in them."""


def graph_in_text(text: str, source: Path | str) -> NetworkGraph | None:
    """The graph that a file holds; None if it isn't one of these kinds, or YAML.

    Args:
        text: of the file.
        source: the file.

    Raises:
        ConfigError: it is wrong.
        MissingPackageError: a package that reads it isn't installed.
    """
    kind = SUFFIXES.get(Path(source).suffix.lower()) or kind_of_text(text)
    if kind is None:
        return None
    if kind in TEXTS:
        return TEXTS[kind](text, source)
    if kind not in DOCUMENTS or not text.lstrip().startswith("{"):
        return None
    document = parse_json(text, source)
    if not isinstance(document, Mapping):
        return None
    with telling_lines(line_in_json(text)):
        return DOCUMENTS[kind](document, source)


def graph_in_document(document: Mapping[str, object], source: Path | str) -> NetworkGraph | None:
    """The graph that a document holds; None if it isn't of one of these kinds.

    Raises:
        ConfigError: it is wrong.
    """
    kind = kind_of_keys(frozenset(map(str, document)))
    return None if kind is None or kind not in DOCUMENTS else DOCUMENTS[kind](document, source)
