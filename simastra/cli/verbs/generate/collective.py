"""``simastra generate collective``: collectives and nothing else."""

import argparse
import json

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.amount import check_amount
from simastra.cli.options.parser import OneOf, Parser, whole_number
from simastra.cli.options.quantities import sizes
from simastra.convert.generate import collective_groups, collective_trace
from simastra.errors import OptionError, TraceError
from simastra.suggestions import unknown_name
from simastra.trace import CollectiveType
from simastra.units import MiB, NpuId

from .options import add_npus_and_files, number_of_npus
from .writing import write_npus

_KINDS = {kind.name.lower().replace("_", "-"): kind for kind in CollectiveType}


def _add_options(parser: Parser) -> None:
    group = parser.add_argument_group("collective")
    group.add_argument(
        "--type",
        metavar="NAME",
        type=OneOf(_KINDS),
        default="all-reduce",
        help="default: %(default)s",
    )
    group.add_argument(
        "--size",
        metavar="SIZE[,SIZE...]",
        type=sizes,
        default=(MiB,),
        help="bytes of each, one after the other (default: 1MiB)",
    )
    group.add_argument(
        "--group-size",
        metavar="N",
        type=whole_number,
        help="NPUs of each process group; PREFIX.groups.json then says which",
    )
    add_npus_and_files(parser)


def _generate(arguments: argparse.Namespace) -> ExitCode:
    name = arguments.type.lower().replace("_", "-")
    if name not in _KINDS:
        raise OptionError("type", unknown_name("collective", arguments.type, _KINDS))
    npus, group_size = number_of_npus(arguments), arguments.group_size
    check_amount(arguments, "size", npus, len(arguments.size))
    groups = {} if group_size is None else _groups(npus, group_size)
    trace = collective_trace(_KINDS[name], arguments.size, npus, group_size=group_size)
    beside = {}
    if groups:
        document = {str(number): list(members) for number, members in groups.items()}
        beside = {".groups.json": (json.dumps(document, indent=1) + "\n").encode()}
    return write_npus(arguments, trace, beside)


def _groups(npus: int, group_size: int) -> dict[int, tuple[NpuId, ...]]:
    try:
        return collective_groups(npus, group_size)
    except TraceError as error:
        raise OptionError("group-size", error.problem) from None


GENERATE_COLLECTIVE = Command(
    summary="collectives and nothing else",
    usage="--npus N --output PREFIX [options]",
    description="""\
Collectives of one type, each of which waits for the one before.

  simastra generate collective --type all-to-all --size 1MiB,4MiB --npus 8 --output a2a""",
    add_options=_add_options,
    run=_generate,
)
"""The verb."""
