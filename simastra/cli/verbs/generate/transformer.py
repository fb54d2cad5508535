"""``simastra generate transformer``: traces of transformers under any parallelism."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from simastra.cli.command import Command, ExitCode
from simastra.cli.notices import refuse_warnings, tell_notices
from simastra.cli.options.amount import check_amount
from simastra.cli.options.outputs import OutputTraces, required
from simastra.cli.output import say, stderr_is_terminal
from simastra.convert.generate.requests.transformer import TransformerRequest
from simastra.convert.generate.transformer import write_transformer
from simastra.deferred import deferred
from simastra.machines import machine
from simastra.trace.files import GROUPS_ENDING
from simastra.transformer import Generated

from .next_command import next_command
from .options import asked
from .transformer_options import add_options, read_machine
from .transformer_tables import show_summary

if TYPE_CHECKING:
    from simastra.cli.verbs.generate import writing_progress
else:
    writing_progress = deferred(
        "simastra.cli.verbs.generate.writing_progress"
    )  # rich, for people only


def _generate(arguments: argparse.Namespace) -> ExitCode:
    required(arguments.output)
    output: OutputTraces = arguments.output
    request = asked(TransformerRequest, arguments)
    on = read_machine(arguments, request.parallelism)
    if request.capacity is None and on is not None:
        request = request.model_copy(update={"capacity": machine(on).memory_capacity})
    generated = request.built()
    check_amount(arguments, "micro-batches", generated.npus, request.nodes)
    groups = [] if generated.comm_groups is None else [GROUPS_ENDING]
    left_over = output.left_over(generated.npus, [".summary.json", *groups])
    notices = (*generated.notices, *left_over)
    if arguments.strict:
        refuse_warnings(notices)
    if not arguments.quiet:
        tell_notices(notices, with_infos=stderr_is_terminal())
    _write(generated, output.name, on, request.calibration, quiet=arguments.quiet)
    return ExitCode.OK


def _write(
    generated: Generated, prefix: str, on: str | None, calibration: str | None, *, quiet: bool
) -> None:
    if not quiet and stderr_is_terminal():
        with writing_progress.writing_bar(generated.npus) as watch:
            paths = write_transformer(generated, prefix, watch)
    else:
        paths = write_transformer(generated, prefix)
    last = f" to {paths[generated.npus - 1].name}" if generated.npus > 1 else ""
    say(", ".join([f"{paths[0]}{last}", *(path.name for path in paths[generated.npus :])]))
    show_summary(generated)
    npus_count = generated.plan.parallelism.npus_count
    command = next_command(
        prefix,
        npus_count or (generated.npus,),
        has_groups=generated.comm_groups is not None,
        along=npus_count is not None,
        on=on,
        calibration=calibration,
    )
    say(f"\nnext: {command}")


GENERATE_TRANSFORMER = Command(
    summary="a transformer under any parallelism: tensor, pipeline, data, context, expert",
    usage="--model NAME --output PREFIX [options]",
    description="""\
One step of a transformer: training, prefill or decoding. Operations, bytes and messages follow from
tables of symbolic tensors; computations have num_ops and tensor_size, for a roofline.

  simastra generate transformer --model gpt3-13b --tp 4 --pp 4 --micro-batches 8 --output gpt3

Exit codes: 0 written, 2 an option is wrong or the degrees don't fit the model.""",
    add_options=add_options,
    run=_generate,
)
"""The verb."""
