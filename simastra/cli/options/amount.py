"""Whether as much as is asked for should be written: a digit too many fills a disk."""

import argparse

from simastra.errors import OptionError
from simastra.units import Bytes, GiB, KiB

_MOST_NODES = 20_000_000
_MOST_BYTES: Bytes = 10 * GiB
_NODE_BYTES: Bytes = 80
_FILE_BYTES: Bytes = 4 * KiB  # a block of the file system


def add_force(group: argparse._ActionsContainer) -> None:
    """Add --force."""
    group.add_argument("--force", action="store_true", help="write as much as is asked for")


def check_amount(arguments: argparse.Namespace, option: str, npus: int, nodes: int) -> None:
    """Check, before anything is made, that it isn't far more than is usual.

    Args:
        arguments: with --force or without.
        option: with what the amount grows.
        npus: how many files are written.
        nodes: about how many nodes each has.

    Raises:
        OptionError: if it is, and --force isn't given.
    """
    size = npus * (_FILE_BYTES + nodes * _NODE_BYTES)
    if not arguments.force and (nodes > _MOST_NODES or size > _MOST_BYTES):
        raise OptionError(
            option,
            f"makes {npus:,} files of about {nodes:,} nodes, {size / GiB:,.0f} GiB in all; "
            "--force writes as much",
        )
