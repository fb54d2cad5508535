"""Read configuration files. Whatever is in them, the answer is a model or one ConfigError.

(Behaviour 1.2, 1.4-1.6, 7.4 #12 and #14.)
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from simastra.deferred import deferred
from simastra.errors import ConfigError
from simastra.foreign import InputRole, instead_of
from simastra.units import Bytes, KiB, MiB

from .base import ConfigModel
from .comm_groups import CommGroups
from .json_file import parse_json
from .lines import line_in_json, telling_lines
from .memory import MemoryConfig
from .network import NetworkConfig
from .system import SystemConfig
from .text_file import LARGEST_NETWORK, limited_text

if TYPE_CHECKING:
    from . import custom_yaml, network_yaml
    from .graph.spellings import table as spellings
else:
    # A network made in Python needn't pay for PyYAML.
    custom_yaml = deferred("simastra.config.custom_yaml")
    network_yaml = deferred("simastra.config.network_yaml")
    spellings = deferred(
        "simastra.config.graph.spellings.table"
    )  # few networks have any of the others

_Model = TypeVar("_Model", bound=ConfigModel)

_OF_DIMENSIONS = re.compile(r"^(topology|npus_count|bandwidth|latency) *:", re.MULTILINE)
"""What tells the usual network file at once, before anything is asked that knows others."""

_LARGEST_JSON: Bytes = 16 * MiB
# Our YAML files are short, and PyYAML reads some 100 KiB a second.
_LARGEST_YAML: Bytes = 64 * KiB


def load_system(path: Path | str) -> SystemConfig:
    """Read a system JSON file.

    Raises:
        ConfigError: the file can't be read or is wrong.
    """
    with _recognising(path, InputRole.SYSTEM):
        return _parsed(SystemConfig, path)


def load_network(path: Path | str) -> NetworkConfig:
    """Read a network YAML file, or a graph in any of the spellings in docs/networks.md.

    Raises:
        ConfigError: the file can't be read or is wrong.
        MissingPackageError: the file is GraphML, and networkx isn't installed.
    """
    with _recognising(path, InputRole.NETWORK):
        text = limited_text(path, LARGEST_NETWORK)
        if not _OF_DIMENSIONS.search(text):
            graph = spellings.graph_in_text(text, path)
            if graph is not None:
                return NetworkConfig.parse({"graph": graph}, path)
        return network_yaml.parse_network_yaml(text, path)


def load_custom_implementations(path: Path | str) -> dict[int, str]:
    """Read a per-node custom implementation file: ET prefixes by id of the ET node.

    Raises:
        ConfigError: the file can't be read or is wrong.
    """
    with _recognising(path, InputRole.CUSTOM):
        return custom_yaml.parse_custom_yaml(limited_text(path, _LARGEST_YAML), path)


def load_memory(path: Path | str) -> MemoryConfig:
    """Read a remote-memory JSON file.

    Raises:
        ConfigError: the file can't be read or is wrong.
    """
    with _recognising(path, InputRole.MEMORY):
        return _parsed(MemoryConfig, path)


def load_comm_groups(path: Path | str) -> CommGroups:
    """Read a communicator-group JSON file.

    Raises:
        ConfigError: the file can't be read or is wrong.
    """
    with _recognising(path, InputRole.GROUPS):
        return _parsed(CommGroups, path)


def read_text(path: Path | str) -> str:
    """The text of a configuration file of any kind.

    Raises:
        ConfigError: it can't be read.
    """
    return limited_text(path, _LARGEST_JSON)


@contextmanager
def _recognising(path: Path | str, wanted: InputRole) -> Iterator[None]:
    """Say of a file that is wrong what it is, if that is known, rather than what it isn't."""
    try:
        yield
    except ConfigError:
        problem = instead_of(path, wanted)
        if problem is None:
            raise
        raise ConfigError(problem, source=path) from None


def _parsed(model: type[_Model], path: Path | str) -> _Model:
    text = read_text(path)
    mapping = parse_json(text, path)
    with telling_lines(line_in_json(text)):
        return model.parse(mapping, path)
