"""Options that name the files of a machine, each by ASTRA-sim's name or a short one."""

import argparse
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from .input_paths import InputFile, json_file, network_file, system_file


class ConfigurationFile(NamedTuple):
    """An option for a file.

    Attributes:
        astra_sims: ASTRA-sim's name of the option, but for ``--`` and ``-configuration``.
        type: which files it takes.
        help: what the file is, and whether it may be left out.
    """

    astra_sims: str
    type: InputFile
    help: str


CONFIGURATION_FILES: Mapping[str, ConfigurationFile] = MappingProxyType(
    {
        "system": ConfigurationFile(
            "system",
            system_file,
            "system configuration, JSON, or @MACHINE (required without --calibration)",
        ),
        "network": ConfigurationFile(
            "network",
            network_file,
            "network configuration, YAML, or @MACHINE:SHAPE (required)",
        ),
        "memory": ConfigurationFile(
            "remote-memory",
            json_file,
            "remote-memory configuration, JSON; none if left out",
        ),
        "comm-groups": ConfigurationFile(
            "comm-group",
            json_file,
            "communicator groups, JSON; none if left out or 'empty'",
        ),
    }
)
"""All of them by their short names."""


def add_configuration_file(group: argparse._ActionsContainer, name: str) -> None:
    """Declare one of them."""
    file = CONFIGURATION_FILES[name]
    group.add_argument(
        f"--{name}",
        f"--{file.astra_sims}-configuration",
        dest=name.replace("-", "_"),
        metavar="FILE",
        type=file.type,
        help=file.help,
    )
