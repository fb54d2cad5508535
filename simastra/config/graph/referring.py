"""A graph that a network file names: in a file of its own, in whatever spelling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.config.lines import line_in, telling_lines
from simastra.config.text_file import LARGEST_NETWORK, limited_text
from simastra.deferred import deferred
from simastra.errors import ConfigError
from simastra.network_graph import NetworkGraph

if TYPE_CHECKING:
    from simastra.config import yaml_file
    from simastra.config.graph.spellings import table as spellings
else:  # few graphs are elsewhere
    yaml_file = deferred("simastra.config.yaml_file")
    spellings = deferred("simastra.config.graph.spellings.table")

_WANTED = "a graph"


def graph_beside(
    source: Path | str, name: str, read_ours: Callable[[object, Path | str], NetworkGraph]
) -> NetworkGraph:
    """Read the graph in another file.

    Args:
        source: the file that names it, beside which it is.
        name: of the other file; its path from there, or an absolute one.
        read_ours: what reads a `graph:` of our own.

    Raises:
        ConfigError: the other file can't be read, holds no graph, or names a file in turn.
    """
    path = Path(source).parent / name
    text = limited_text(path, LARGEST_NETWORK)
    if (graph := spellings.graph_in_text(text, path)) is not None:
        return graph
    document, lines = yaml_file.read_yaml(text, path, _WANTED)
    with telling_lines(line_in(lines)):
        if (graph := spellings.graph_in_document(document, path)) is not None:
            return graph
        ours = document.get("graph")
        if ours is None:
            raise ConfigError("has no graph, which is wanted here", source=path)
        if isinstance(ours, Mapping) and "file" in ours:
            raise ConfigError("names a file in turn; name that one", source=path, key="graph.file")
        return read_ours(ours, path)
