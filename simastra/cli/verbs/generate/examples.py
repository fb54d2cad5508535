"""``simastra generate examples``: those of Chakra's generator."""

import argparse
from collections.abc import Iterable

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.amount import add_force, check_amount
from simastra.cli.options.common import add_common_options
from simastra.cli.options.in_out import add_output
from simastra.cli.options.outputs import OutputFolder, OutputTraces
from simastra.cli.options.parser import Parser
from simastra.cli.options.quantities import micros, size
from simastra.cli.options.without_effect import add_without_effect, idle
from simastra.convert.generate import ExampleSizes, examples

from .options import add_npus, number_of_npus
from .writing import say_left_over, write_sets

_EXAMPLES = ExampleSizes()


def _add_options(parser: Parser) -> None:
    group = parser.add_argument_group("sizes, as Chakra's generator calls them")
    group.add_argument(
        "--default-runtime",
        metavar="N",
        type=micros,
        default=_EXAMPLES.micros,
        help="microseconds of a computation (default: %(default)s)",
    )
    for name, default in (("tensor", _EXAMPLES.tensor_size), ("comm", _EXAMPLES.comm_size)):
        group.add_argument(
            f"--default-{name}-size",
            metavar="SIZE",
            type=size,
            default=default,
            help="bytes (default: %(default)s)",
        )
    add_without_effect(
        parser, "Chakra's generator", (idle("num-dims", "collectives are over all dimensions"),)
    )
    add_npus(parser, _EXAMPLES.npus)
    group = parser.add_argument_group("files")
    explanation = "folder for the files (default: this one)"
    add_output(group, "DIR", explanation, _ExamplesFolder, ".")
    add_force(group)
    add_common_options(parser)


class _ExamplesFolder(OutputFolder):
    """Where the examples go."""

    def names(self) -> Iterable[str]:
        """Names of the first NPU's files."""
        return (f"{name}.0.et" for name in examples(_EXAMPLES))


def _generate(arguments: argparse.Namespace) -> ExitCode:
    folder = arguments.output.folder
    numbers = ExampleSizes(
        number_of_npus(arguments),
        arguments.default_runtime,
        arguments.default_tensor_size,
        arguments.default_comm_size,
    )
    check_amount(arguments, "npus", numbers.npus * len(examples(_EXAMPLES)), 2)
    traces = {str(folder / name): trace for name, trace in examples(numbers).items()}
    sets = [OutputTraces("output", prefix) for prefix in traces]
    say_left_over(arguments, [it for one in sets for it in one.left_over(numbers.npus)])
    write_sets(traces)
    return ExitCode.OK


GENERATE_EXAMPLES = Command(
    summary="the examples of Chakra's generator",
    usage="[options]",
    description="""\
Small traces with one or two nodes, one of each kind, under the names that Chakra gives them.

  simastra generate examples --num_npus 8 --output examples""",
    add_options=_add_options,
    run=_generate,
)
"""The verb."""
