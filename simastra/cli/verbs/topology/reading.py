"""Reading a network of any spelling, and telling what is doubtful in it."""

from __future__ import annotations

import argparse

from simastra.cli.notices import heed
from simastra.cli.options.command_files import check_files
from simastra.config import NetworkConfig
from simastra.errors import InputError, OptionError
from simastra.network.named_files import files_named
from simastra.simulation.inputs import read_network


def read(arguments: argparse.Namespace, name: str) -> NetworkConfig:
    """The network.

    Args:
        arguments: with --quiet and --strict.
        name: of its file, or a machine.

    Raises:
        InputError: if it can't be read or is wrong, or doubtful and --strict is given; or an
            output would replace a file that it names.
    """
    try:
        network = read_network(name)
    except OptionError as error:  # of a machine; no option of this verb names it
        raise InputError(error.problem) from None
    check_files(arguments, inputs=files_named(network))
    heed(network.notices(), arguments, with_infos=True)
    return network
