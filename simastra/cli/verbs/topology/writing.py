"""Writing a network file that has a graph, and saying what can be done with it."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence

from simastra.cli.options.in_out import read_output
from simastra.cli.output import say, stderr_is_terminal, tell
from simastra.config import Part
from simastra.config.graph.writing import network_text
from simastra.config.network import LOGICAL_TOPOLOGY
from simastra.network_graph import NetworkGraph


def write_network(
    arguments: argparse.Namespace,
    graph: NetworkGraph,
    *,
    npus_count: Sequence[int] = (),
    topology: Sequence[str | Part] = (),
    backend_options: Sequence[Part] = (),
    made_by: str,
) -> None:
    """Write it to --output.

    Args:
        arguments: with --output and --quiet.
        graph: the network.
        npus_count: NPUs along each logical dimension; none for one with all.
        topology: the logical topologies of those; none for rings.
        backend_options: of network backends.
        made_by: the command line that makes it.

    Raises:
        InputError: if --output is missing, or can't be written.
    """
    output = read_output(arguments)
    others = graph.devices - graph.npus
    comments = (
        made_by,
        f"{graph.npus:,} NPUs, {others:,} other devices, {len(graph.links):,} links, each way one",
    )
    content = network_text(
        graph,
        topology=topology or (LOGICAL_TOPOLOGY,) * len(npus_count),
        npus_count=npus_count,
        backend_options=backend_options,
        comments=comments,
    )
    output.write(content)
    say(output.name)
    if stderr_is_terminal() and not arguments.quiet:
        tell(f"next: {next_command(output.name)}")


def next_command(file: str) -> str:
    """A command line that runs on the network as it stands.

    >>> next_command("my tree.yml")
    "simastra bandwidth all-reduce --system @hgx-h100 --network 'my tree.yml'"
    """
    words = ["simastra", "bandwidth", "all-reduce", "--system", "@hgx-h100", "--network", file]
    return shlex.join(words)
