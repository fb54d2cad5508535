"""Reading a network of any spelling, and telling what is doubtful in it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from simastra.cli.notices import heed
from simastra.cli.options.command_files import check_files
from simastra.config import NetworkConfig
from simastra.errors import InputError, OptionError
from simastra.network.build import build_topology
from simastra.network.named_files import files_named
from simastra.notices import Notice
from simastra.simulation.inputs import read_network


def read(arguments: argparse.Namespace, name: str, *, routes: bool = False) -> NetworkConfig:
    """The network. A graph without ways can still be measured, drawn and mended: that is told.

    Args:
        arguments: with --quiet and --strict.
        name: of its file, or a machine.
        routes: whether the verb goes on to route, and so refuses such a graph itself.

    Raises:
        InputError: if it can't be read or is wrong, or doubtful and --strict is given; or an
            output would replace a file that it names.
    """
    try:
        network = read_network(name)
    except OptionError as error:  # of a machine; no option of this verb names it
        raise InputError(error.problem) from None
    check_files(arguments, inputs=files_named(network))
    unroutable = () if routes else _unroutable(network)
    heed((*network.notices(), *unroutable), arguments, with_infos=True)
    return network


def _unroutable(network: NetworkConfig) -> Iterator[Notice]:
    """Why no run would take a graph."""
    if network.graph is None:
        return
    try:
        build_topology(network)
    except InputError as error:
        where, _, problem = str(error).partition(": ")
        problem, _, fix = problem.partition("; ")
        yield Notice("unroutable", where, f"no run would take it: {problem}", fix or "mend it")
