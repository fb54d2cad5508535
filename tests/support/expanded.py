"""Networks of dimensions as graphs, through the text of a file."""

from simastra.config import NetworkConfig
from simastra.config.graph import network_text
from simastra.config.network_yaml import parse_network_yaml
from simastra.network.expansion import expanded_graph


def expanded_text(network: NetworkConfig) -> str:
    """The file that a network of dimensions expands to."""
    return network_text(
        expanded_graph(network),
        topology=network.topology,
        npus_count=network.npus_count,
        backend_options=network.backend_options,
    )


def expanded(network: NetworkConfig) -> NetworkConfig:
    """What is read of that file."""
    return parse_network_yaml(expanded_text(network), "expanded.yml")
