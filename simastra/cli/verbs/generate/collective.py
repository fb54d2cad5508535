"""``simastra generate collective``: collectives and nothing else."""

import argparse
import json

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.amount import check_amount
from simastra.cli.options.parser import OneOf, Parser, whole_number
from simastra.cli.options.quantities import sizes
from simastra.convert.generate.requests.collective import COLLECTIVES, CollectiveRequest
from simastra.trace.files import GROUPS_ENDING

from .options import add_npus_and_files, asked, default, number_of_npus
from .writing import write_npus


def _add_options(parser: Parser) -> None:
    group = parser.add_argument_group("collective")
    group.add_argument(
        "--type",
        metavar="NAME",
        type=OneOf(COLLECTIVES),
        default=default(CollectiveRequest, "type"),
        help="default: %(default)s",
    )
    group.add_argument(
        "--size",
        metavar="SIZE[,SIZE...]",
        type=sizes,
        default=default(CollectiveRequest, "size"),
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
    request = asked(CollectiveRequest, arguments)
    check_amount(arguments, "size", number_of_npus(arguments), request.nodes)
    made, beside = request.generated(), {}
    if made.comm_groups is not None:
        document = {group.name: list(group.members) for group in made.comm_groups.groups}
        beside = {GROUPS_ENDING: (json.dumps(document, indent=1) + "\n").encode()}
    return write_npus(arguments, made.trace, beside)


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
