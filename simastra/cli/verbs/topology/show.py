"""``simastra topology show``: the numbers of a network, and a drawing of it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.common import add_common_options
from simastra.cli.options.in_out import add_input, add_output, read_input
from simastra.cli.options.input_paths import network_file
from simastra.cli.options.parser import Parser
from simastra.cli.output import say
from simastra.cli.tables import show_tables
from simastra.deferred import deferred
from simastra.errors import OptionError
from simastra.suggestions import unknown_name

if TYPE_CHECKING:
    from simastra.network import expansion
    from simastra.report import network_drawing, network_summary

    from . import reading
else:  # help and completion need none of it
    expansion = deferred("simastra.network.expansion")
    network_drawing = deferred("simastra.report.network_drawing")
    network_summary = deferred("simastra.report.network_summary")
    reading = deferred("simastra.cli.verbs.topology.reading")

_METAVAR = "FILE"
_DRAWN = ("svg", "html")


def _add_options(parser: Parser) -> None:
    add_input(parser, _METAVAR, network_file)
    group = parser.add_argument_group("output")
    group.add_argument("--json", action="store_true", help="print the numbers as JSON")
    add_output(group, "FILE", "draw it there; its name ends in .svg or .html")
    add_common_options(parser)


def _show(arguments: argparse.Namespace) -> ExitCode:
    name = read_input(arguments, _METAVAR)
    ending = _ending(arguments.output.name) if arguments.output is not None else None
    network = reading.read(arguments, name)
    graph = expansion.expanded_graph(network)
    summary = network_summary.NetworkSummary(network, graph)
    title = Path(name).name
    if ending == "svg":
        arguments.output.write(network_drawing.network_svg(graph, title, network.npus_count))
    elif ending == "html":
        page = network_drawing.network_page(graph, title, summary.tables(), network.npus_count)
        arguments.output.write(page)
    if arguments.json:
        say(json.dumps(summary.to_dict(), indent=1, ensure_ascii=False))
    else:
        show_tables(summary.tables())
    return ExitCode.OK


def _ending(name: str) -> str:
    ending = Path(name).suffix.removeprefix(".").lower()
    if ending not in _DRAWN:
        raise OptionError("output", f"{name}: {unknown_name('kind of drawing', ending, _DRAWN)}")
    return ending


SHOW = Command(
    summary="a network's diameter, bisection bandwidth, links and tiers; a drawing",
    usage="FILE [--output FILE.{svg,html}] [options]",
    description="""\
Prints the numbers of any network. FILE is a network file of any spelling, or a machine such as
@hgx-h100:8x4.

  diameter             the most hops (links) on the shortest way between two NPUs
  bisection bandwidth  the least, each way, between two halves of the NPUs
  oversubscription     of a tier of switches: bandwidth down over bandwidth up

  simastra topology show network.yml --output network.svg

A bisection bandwidth that isn't known exactly is said to be at most, and at least, so much.""",
    add_options=_add_options,
    run=_show,
)
"""The verb."""
