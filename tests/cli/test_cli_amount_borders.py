"""Where too much to write begins: 20,000,000 nodes a file, and 10 GiB in all."""

import argparse

import pytest

from simastra import OptionError
from simastra.cli.options.amount import check_amount
from simastra.units import GiB, KiB

MOST_NODES = 20_000_000
MOST_FILES = 10 * GiB // (4 * KiB)  # a file without nodes is a block of the disk
MOST_OF_A_NODE = 10 * GiB // (4 * KiB + 80)


@pytest.mark.parametrize(
    ("npus", "nodes"),
    [(1, 0), (1, MOST_NODES), (MOST_FILES, 0), (MOST_OF_A_NODE, 1)],
)
def test_the_most_is_written(npus: int, nodes: int) -> None:
    check_amount(argparse.Namespace(force=False), "size", npus, nodes)


@pytest.mark.parametrize(
    ("npus", "nodes"), [(1, MOST_NODES + 1), (MOST_FILES + 1, 0), (MOST_OF_A_NODE + 1, 1)]
)
def test_more_is_only_written_with_force(npus: int, nodes: int) -> None:
    with pytest.raises(OptionError, match=r"size: makes .* --force writes as much"):
        check_amount(argparse.Namespace(force=False), "size", npus, nodes)
    check_amount(argparse.Namespace(force=True), "size", npus, nodes)
