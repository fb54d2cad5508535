"""``simastra topology expand``: a network of dimensions as a graph."""

from __future__ import annotations

import argparse
import shlex
from typing import TYPE_CHECKING

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.common import add_common_options
from simastra.cli.options.in_out import add_input, add_output, read_input, read_output
from simastra.cli.options.input_paths import network_file
from simastra.cli.options.parser import Parser
from simastra.deferred import deferred

if TYPE_CHECKING:
    from simastra.network import expansion, named_files

    from . import reading, writing
else:  # help and completion need none of it
    expansion = deferred("simastra.network.expansion")
    named_files = deferred("simastra.network.named_files")
    reading = deferred("simastra.cli.verbs.topology.reading")
    writing = deferred("simastra.cli.verbs.topology.writing")

_METAVAR = "FILE"


def _add_options(parser: Parser) -> None:
    add_input(parser, _METAVAR, network_file)
    group = parser.add_argument_group("output")
    add_output(group, "FILE", "the network file with a graph, YAML (required)")
    add_common_options(parser)


def _expand(arguments: argparse.Namespace) -> ExitCode:
    name = read_input(arguments, _METAVAR)
    network = reading.read(arguments, name)
    graph = expansion.expanded_graph(network)
    writing.write_network(
        arguments,
        named_files.with_routing_for(graph, read_output(arguments).path.parent),
        npus_count=network.npus_count,
        topology=network.topology,
        backend_options=network.backend_options,
        made_by=shlex.join(["simastra", "topology", "expand", name]),
    )
    return ExitCode.OK


EXPAND = Command(
    summary="a network of dimensions, or a graph in another spelling, as a graph",
    usage="FILE --output FILE",
    description="""\
Writes the graph that a network of dimensions is: it gives the same cycles, and can then be changed
link by link. FILE is a network file of any spelling, or a machine such as @hgx-h100:8x4.

  simastra topology expand network.yml --output graph.yml""",
    add_options=_add_options,
    run=_expand,
)
"""The verb."""
