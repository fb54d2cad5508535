"""``simastra topology route``: which way messages take from one NPU to another."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.common import add_common_options
from simastra.cli.options.in_out import add_input, read_input
from simastra.cli.options.input_paths import network_file
from simastra.cli.options.parser import Parser, text, whole_number
from simastra.cli.output import say
from simastra.cli.tables import show_tables
from simastra.deferred import deferred
from simastra.errors import OptionError
from simastra.suggestions import unknown_name
from simastra.view.table import Cell, Table, left, right

if TYPE_CHECKING:
    from simastra.network import build, expansion
    from simastra.network_graph import NetworkGraph

    from . import reading
else:  # help and completion need none of it
    build = deferred("simastra.network.build")
    expansion = deferred("simastra.network.expansion")
    reading = deferred("simastra.cli.verbs.topology.reading")

_METAVAR = "FILE"
_MOST_TAGS = 100_000
_MOST_NAMED = 8


def _add_options(parser: Parser) -> None:
    add_input(parser, _METAVAR, network_file)
    group = parser.add_argument_group("messages")
    group.add_argument("--from", dest="src", metavar="NPU", type=text, help="sender: 3, or npu.3")
    group.add_argument("--to", dest="dst", metavar="NPU", type=text, help="receiver, likewise")
    group.add_argument(
        "--tags",
        metavar="N",
        type=whole_number,
        default=1,
        help="messages with the tags 0 to N - 1, which ecmp tells apart (default: 1)",
    )
    output = parser.add_argument_group("output")
    output.add_argument("--json", action="store_true", help="print the ways as JSON")
    add_common_options(parser)


def _route(arguments: argparse.Namespace) -> ExitCode:
    if not 1 <= arguments.tags <= _MOST_TAGS:
        problem = f"must be from 1 to {_MOST_TAGS:,}, not {arguments.tags:,}"
        raise OptionError("tags", problem)
    network = reading.read(arguments, read_input(arguments, _METAVAR), routes=True)
    graph = expansion.expanded_graph(network)
    topology = build.build_topology(network)
    src, dst = (_npu(graph, option, vars(arguments)[it]) for option, it in _ENDS)
    ways: Counter[tuple[int, ...]] = Counter()
    for tag in range(arguments.tags):
        ways[src, *(hop.dst for hop in topology.hops(src, dst, tag))] += 1
    found = [_Way.of(graph, way, count) for way, count in ways.most_common()]
    if arguments.json:
        say(json.dumps([asdict(it) for it in found], indent=1, ensure_ascii=False))
    else:
        show_tables([Table(_COLUMNS, tuple(it.row for it in found), "ways")])
    return ExitCode.OK


_ENDS = (("from", "src"), ("to", "dst"))
_COLUMNS = (*right("messages", "hops", "latency, ns", "GB/s"), *left("way"))


def _npu(graph: NetworkGraph, option: str, given: str | None) -> int:
    """The NPU that is given by its number or its name."""
    names = [node.name for node in graph.nodes[: graph.npus]]
    if given is None:
        raise OptionError(option, f"is required: an NPU, such as 0 or {names[-1]}")
    if given.isdecimal() and int(given) < graph.npus:
        return int(given)
    if given in names:
        return names.index(given)
    if given in graph.numbers:
        raise OptionError(option, f"{given} is no NPU; messages begin and end at NPUs")
    few = graph.npus <= _MOST_NAMED
    shown = names if few else [*names[: _MOST_NAMED - 1], "...", names[-1]]
    raise OptionError(option, unknown_name("NPU", given, shown))


@dataclass(frozen=True, slots=True)
class _Way:
    """A way, and what it costs.

    Attributes:
        messages: how many take it.
        hops: number of links.
        latency: of all links, in ns.
        bandwidth: the least, in GB/s of 10^9 bytes; None where no link is crossed.
        way: the devices' names.
    """

    messages: int
    hops: int
    latency: float
    bandwidth: float | None
    way: tuple[str, ...]

    @classmethod
    def of(cls, graph: NetworkGraph, way: tuple[int, ...], messages: int) -> _Way:
        links = [graph.link_between[ends] for ends in pairwise(way)]
        latency = sum(link.latency for link in links)
        least = min((link.bytes_per_ns for link in links), default=None)
        names = tuple(graph.nodes[device].name for device in way)
        return cls(messages, len(links), latency, least, names)

    @property
    def row(self) -> tuple[Cell, ...]:
        rate = None if self.bandwidth is None else f"{self.bandwidth:,.6g}"
        return self.messages, self.hops, f"{self.latency:,.6g}", rate, " ".join(self.way)


ROUTE = Command(
    summary="which way messages take from one NPU to another",
    usage="FILE --from NPU --to NPU [--tags N] [options]",
    description="""\
Prints the devices that a message passes, by the network's router, with the latency of all links
and the least bandwidth. FILE is a network file of any spelling, or a machine such as
@hgx-h100:8x4. NPUs are given by number or by name.

  simastra topology route fat-tree.yml --from 0 --to 127 --tags 100

With several tags, as a collective's chunks have, it counts how many messages take each way.""",
    add_options=_add_options,
    run=_route,
)
"""The verb."""
