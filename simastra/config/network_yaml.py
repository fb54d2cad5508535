"""Turn the text of a network YAML file into a NetworkConfig, with line numbers in errors.

(Behaviour 1.4.)
"""

from pathlib import Path

from .lines import line_in, telling_lines
from .network import NetworkConfig
from .yaml_file import read_yaml

_WANTED = "the keys topology, npus_count, bandwidth and latency, each with a list, or a graph"


def parse_network_yaml(text: str, source: Path | str) -> NetworkConfig:
    """Read the text of a network file.

    Raises:
        ConfigError: it isn't plain YAML, or not a network; with the line where that is known.
    """
    mapping, lines = read_yaml(text, source, _WANTED)
    with telling_lines(line_in(lines)):
        return NetworkConfig.parse(mapping, source)
