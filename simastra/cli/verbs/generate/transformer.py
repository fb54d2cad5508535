"""``simastra generate transformer``: traces of transformers under any parallelism."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
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
from simastra.view.human import human_size

from .next_command import next_command, usual_machine
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
    files = generated.plan.pipeline.stages if arguments.by_ranks else generated.npus
    check_amount(arguments, "micro-batches", files, request.nodes)
    groups = [] if generated.comm_groups is None else [GROUPS_ENDING]
    left_over = output.left_over(generated.npus, [".summary.json", *groups])
    notices = (*generated.notices, *left_over)
    if arguments.strict:
        refuse_warnings(notices)
    if not arguments.quiet:
        tell_notices(notices, with_infos=stderr_is_terminal())
    if arguments.by_ranks:
        paths = write_transformer(generated, output.name, by_ranks=True)
    else:
        paths = _written(generated, output.name, quiet=arguments.quiet)
    _say(generated, paths, output.name, on, request.calibration)
    return ExitCode.OK


def _written(generated: Generated, prefix: str, *, quiet: bool) -> list[Path]:
    """Write a file for each NPU; people see how far that is."""
    if quiet or not stderr_is_terminal():
        return write_transformer(generated, prefix)
    with writing_progress.writing_bar(generated.npus) as watch:
        return write_transformer(generated, prefix, watch)


def _say(
    generated: Generated,
    paths: Sequence[Path],
    prefix: str,
    on: str | None,
    calibration: str | None,
) -> None:
    traces = [path for path in paths if path.suffix == ".et"]
    last = f" to {traces[-1].name}" if len(traces) > 1 else ""
    say(", ".join([f"{paths[0]}{last}", *(path.name for path in paths[len(traces) :])]))
    show_summary(generated)
    along = generated.plan.parallelism.npus_count is not None
    npus_count = generated.plan.parallelism.npus_count or (generated.npus,)
    on = on or usual_machine(npus_count, along=along)
    command = next_command(
        prefix,
        npus_count,
        has_groups=generated.comm_groups is not None,
        along=along,
        on=on,
        calibration=calibration,
    )
    say(f"\nnext: {command}")
    if generated.hardware.capacity is None and on is not None:
        _say_if_too_large(generated, on)


def _say_if_too_large(generated: Generated, on: str) -> None:
    """Nobody asked for a machine, and the one that is named would run what it has no room for."""
    room = machine(on).memory_capacity
    needed, stage = max((it.total, -stage) for stage, it in enumerate(generated.summary.memory))
    if room is not None and needed > room:
        name = on.partition(":")[0]
        say(
            f"but stage {-stage} needs {human_size(needed)}, and an NPU of @{name} has "
            f"{human_size(room)}: raise --tp, --pp or --zero, or --recompute full"
        )


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
