"""A verb for each generator of networks: its options are the generator's parameters."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator, Mapping
from functools import partial
from math import prod
from typing import TYPE_CHECKING

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.common import add_quiet_options
from simastra.cli.options.in_out import add_output
from simastra.cli.options.parser import Parser, counts, text, whole_number
from simastra.deferred import deferred
from simastra.errors import InputError, OptionError
from simastra.network_graph import NetworkGraph
from simastra.network_graph.generators import Generator, Parameter, ParameterKind
from simastra.network_graph.reduction import let_switches_reduce

if TYPE_CHECKING:
    from . import writing
else:  # help and completion need none of it
    writing = deferred("simastra.cli.verbs.topology.writing")

_METAVARS = {
    ParameterKind.COUNT: "N",
    ParameterKind.SHAPE: "NxN",
    ParameterKind.RATIO: "X",
    ParameterKind.BANDWIDTH: "RATE",
    ParameterKind.DURATION: "TIME",
}

_UNITS = "RATE is in GB/s and TIME in ns, unless they say otherwise: 400Gb/s, 2us"


def generator_command(name: str, generator: Generator) -> Command:
    """The verb of a generator."""
    required = " ".join(
        f"--{it.option} {_METAVARS[it.kind]}" for it in generator.parameters if it.is_required
    )
    return Command(
        summary=generator.summary,
        usage=" ".join(filter(None, (required, "--output FILE [options]"))),
        description=f"{generator.description}\n\n"
        f"  simastra topology {name} {generator.example} --output {_file(name)}",
        add_options=partial(_add_options, generator),
        run=partial(_generate, name, generator),
    )


def _file(name: str) -> str:
    return f"{name.replace('+', '-')}.yml"


def _add_options(generator: Generator, parser: Parser) -> None:
    group = parser.add_argument_group("network", _UNITS)
    for parameter in generator.parameters:
        _add_option(group, parameter)
    group.add_argument(
        "--reduces",
        action="store_true",
        help="switches reduce what NPUs send, and multicast, for the algorithms nvls and sharp",
    )
    group = parser.add_argument_group("collectives")
    group.add_argument(
        "--npus-count",
        metavar="N,N",
        type=counts,
        help="NPUs along the dimensions that they go along, innermost first "
        f"(default: {'as the network has them' if generator.logical else 'all in one ring'})",
    )
    group = parser.add_argument_group("output")
    add_output(group, "FILE", "the network file, YAML (required)")
    add_quiet_options(parser)


def _add_option(group: argparse._ArgumentGroup, it: Parameter) -> None:
    word = f"--{it.option}"
    if it.kind is ParameterKind.FLAG:
        group.add_argument(word, action="store_true", default=None, help=it.meaning)
        return
    said = " (required)" if it.is_required else ""
    if it.default is not None:
        said = f" (default: {it.default})"
    kind = whole_number if it.kind is ParameterKind.COUNT else text
    group.add_argument(word, metavar=_METAVARS[it.kind], type=kind, help=f"{it.meaning}{said}")


def _generate(name: str, generator: Generator, arguments: argparse.Namespace) -> ExitCode:
    given = _given(generator, arguments)
    network = generator.make(**given)
    words = ["simastra", "topology", name, *_words(generator, given)]
    if arguments.reduces:
        words.append("--reduces")
        network = _with_switches_that_reduce(network)
    along: tuple[int, ...] | None = arguments.npus_count
    if along is not None:
        words += ["--npus-count", ",".join(map(str, along))]
        if prod(along) != network.npus:
            problem = f"multiplies to {prod(along):,} NPUs; the network has {network.npus:,}"
            raise OptionError("npus-count", problem)
    writing.write_network(
        arguments,
        network,
        npus_count=along or generator.dimensions(given) or (),
        made_by=shlex.join(words),
    )
    return ExitCode.OK


def _given(generator: Generator, arguments: argparse.Namespace) -> dict[str, object]:
    """The generator's arguments that are given."""
    values = {it.name: vars(arguments)[it.name] for it in generator.parameters}
    for it in generator.parameters:
        if it.is_required and values[it.name] is None:
            raise OptionError(it.option, "is required; see --help")
    return {name: value for name, value in values.items() if value is not None}


def _with_switches_that_reduce(network: NetworkGraph) -> NetworkGraph:
    try:
        return let_switches_reduce(network)
    except InputError as problem:
        raise OptionError("reduces", f"the network {problem}") from None


def _words(generator: Generator, given: Mapping[str, object]) -> Iterator[str]:
    """The options that give these arguments."""
    for it in generator.parameters:
        if it.name in given:
            yield f"--{it.option}"
            if it.kind is not ParameterKind.FLAG:
                yield str(given[it.name])
