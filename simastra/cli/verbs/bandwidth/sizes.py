"""The sizes of ``simastra bandwidth``, as nccl-tests takes them."""

import argparse
from fractions import Fraction

from simastra.cli.options.parser import Parser, whole_number
from simastra.cli.options.quantities import size_in
from simastra.errors import OptionError
from simastra.quantities import QuantityKind
from simastra.report.bandwidth import sizes_between
from simastra.units import Bytes, GiB, KiB, MiB

_NCCL_SIZE = QuantityKind(
    "a size",
    {
        f"{prefix}{unit}": Fraction(worth)
        for prefix, worth in {"": 1, "K": KiB, "M": MiB, "G": GiB}.items()
        for unit in ("", "B", "iB")
    },
    "8, 32K or 128M (2^27 bytes)",
)
"""Sizes as nccl-tests takes them: K, M and G are powers of 1024, whatever follows."""
_MOST_SIZES = 10_000
_SMALLEST, _LARGEST = 8, 128 * MiB


def _size(word: str) -> Bytes:
    """The type of an option whose value is a size as nccl-tests takes it: 8, 32K or 128M."""
    return size_in(word, _NCCL_SIZE)


def add_sizes(parser: Parser) -> None:
    """Add the options."""
    group = parser.add_argument_group("sizes, as nccl-tests takes them")
    for words, default, what in (
        (("-b", "--minbytes"), _SMALLEST, "the smallest (default: 8)"),
        (("-e", "--maxbytes"), _LARGEST, "the largest (default: 128M)"),
        (("-i", "--stepbytes"), None, "what is added to each; -f is the other way"),
    ):
        group.add_argument(
            *words, dest=words[1][2:], metavar="SIZE", type=_size, default=default, help=what
        )
    group.add_argument(
        *("-f", "--stepfactor"),
        dest="stepfactor",
        metavar="N",
        type=whole_number,
        help="what each is multiplied by (default: 2)",
    )


def sizes_of(arguments: argparse.Namespace) -> tuple[Bytes, ...]:
    """The sizes that they ask for.

    Raises:
        OptionError: if they make no sense.
    """
    smallest, largest = arguments.minbytes, arguments.maxbytes
    factor, step = arguments.stepfactor, arguments.stepbytes
    if smallest < 1:
        raise OptionError("minbytes", "must be at least 1")
    if largest < smallest:
        raise OptionError("maxbytes", f"is {largest}, less than --minbytes, {smallest}")
    if factor is not None and step is not None:
        raise OptionError("stepbytes", "is given beside --stepfactor; give one of them")
    if factor is not None and factor < 2:  # noqa: PLR2004 - 1 would go on for ever
        raise OptionError("stepfactor", f"must be at least 2, not {factor}")
    if step is not None and not largest - smallest < step * _MOST_SIZES:
        raise OptionError("stepbytes", f"makes more than {_MOST_SIZES} sizes; give a larger one")
    return sizes_between(smallest, largest, factor=factor, step=step)
