"""A verb as a new file would have it: how many bytes each NPU asks to communicate."""

import argparse
import json

from simastra.cli import Command, ExitCode
from simastra.cli.options.arguments import add_input_options, read_inputs
from simastra.cli.options.outputs import add_output_option
from simastra.cli.options.parser import Parser
from simastra.cli.output import say


def _add_options(parser: Parser) -> None:
    add_input_options(parser)
    add_output_option(parser, "--json", explanation="write it there")


def _volume(arguments: argparse.Namespace) -> ExitCode:
    trace = read_inputs(arguments).simulation().trace
    volumes = [sum(node.comm_size or 0 for node in nodes) for nodes in trace.npus]
    for npu, volume in enumerate(volumes):
        say(f"NPU {npu}: {volume} bytes")
    if arguments.json is not None:
        arguments.json.write(json.dumps(volumes))
    return ExitCode.OK


VOLUME = Command(
    summary="bytes that each NPU asks to communicate",
    usage="--workload PREFIX --system FILE --network FILE [options]",
    description="Prints a line for each NPU.",
    add_options=_add_options,
    run=_volume,
)
