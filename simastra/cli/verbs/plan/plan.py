"""``simastra plan``: the parallelism that trains a model fastest on a machine."""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.command_files import check_files
from simastra.cli.options.common import add_quiet_options
from simastra.cli.options.input_paths import calibration_file, network_file, system_file
from simastra.cli.options.outputs import add_output_option
from simastra.cli.options.parser import OneOf, Parser, whole_number
from simastra.cli.output import say
from simastra.cli.tables import show_tables
from simastra.cli.verbs.sweep.changes import add_changes, changes_of
from simastra.cli.verbs.sweep.engine_options import add_engine_options
from simastra.cli.verbs.sweep.running import SweepFolder, ran
from simastra.errors import OptionError
from simastra.sweep.dataset import read_table
from simastra.sweep.planning import SEQUENCES_PER_NPU, SweepPlan, planned
from simastra.transformer import PRESETS

from .answer import best_of, lines, table, traces_command

_TOP = 10


def _add_options(parser: Parser) -> None:
    _add_inputs(parser)
    _add_outputs(parser)
    add_engine_options(parser, default="processes")
    add_quiet_options(parser)


def _add_inputs(parser: Parser) -> None:
    group = parser.add_argument_group("what is trained, on what")
    group.add_argument(
        "--model", metavar="NAME", type=OneOf(PRESETS), help="llama3-70b for instance (required)"
    )
    group.add_argument(
        "--network",
        metavar="FILE",
        type=network_file,
        help="network configuration, YAML, or @MACHINE:SHAPE, such as @hgx-h100:8x8 (required)",
    )
    group.add_argument(
        "--system",
        metavar="FILE",
        type=system_file,
        help="system configuration, JSON, or @MACHINE (default: the network's machine)",
    )
    group.add_argument(
        "--calibration",
        metavar="FILE|NAME",
        type=calibration_file,
        help="times of collectives and computations as measured, with their 90 %% bands: a file of "
        "'simastra calibrate', or a ready one such as h100",
    )
    explanation = f"sequences of a step (default: {SEQUENCES_PER_NPU} for each NPU)"
    group.add_argument("--batch", metavar="N", type=whole_number, help=explanation)
    add_changes(group)


def _add_outputs(parser: Parser) -> None:
    group = parser.add_argument_group("output")
    group.add_argument(
        "--top",
        metavar="N",
        type=whole_number,
        default=_TOP,
        help="how many are listed, the fastest first (default: %(default)s)",
    )
    add_output_option(
        group,
        "--output",
        metavar="DIR",
        kind=SweepFolder,
        explanation="keep the rows of all points there, as simastra sweep does",
    )
    add_output_option(group, "--json", explanation="write the answer there")


def _plan(arguments: argparse.Namespace) -> ExitCode:
    for option in ("model", "network"):
        if getattr(arguments, option) is None:
            raise OptionError(option, "is required; see --help")
    if arguments.batch is not None and arguments.batch < 1:
        raise OptionError("batch", f"must be 1 or more, not {arguments.batch}")
    found = planned(
        arguments.model,
        str(arguments.network),
        None if arguments.system is None else str(arguments.system),
        batch=arguments.batch,
        calibration=None if arguments.calibration is None else str(arguments.calibration),
        changes=changes_of(arguments),
    )
    check_files(arguments, inputs=found.study.files)
    with _folder(arguments) as folder:
        ran(arguments, found.study, folder)
        rows = list(read_table(folder.folder).rows())
    _tell(arguments, found, rows)
    return ExitCode.OK


@contextmanager
def _folder(arguments: argparse.Namespace) -> Iterator[SweepFolder]:
    """Where rows go: one that is gone at the end, unless it is to be kept."""
    if arguments.output is not None:
        yield arguments.output
        return
    with TemporaryDirectory(prefix="simastra-plan-") as name:
        yield SweepFolder("output", name)


def _tell(arguments: argparse.Namespace, found: SweepPlan, rows: list[dict[str, Any]]) -> None:
    best = best_of(rows)
    failed = [row for row in rows if row["error"]]
    show_tables([table(found, best[: max(arguments.top, 1)])])
    say("")
    for line in lines(found, best, failed):
        say(line)
    if best:
        say(f"\nnext: {traces_command(found, best[0])}")
    if arguments.json is not None:
        document = {
            "model": arguments.model,
            "capacity": found.capacity,
            "too_large": found.too_large,
            "indivisible": found.indivisible,
            "best": best[: max(arguments.top, 1)],
            "failed": failed,
        }
        arguments.json.write(json.dumps(document, indent=1) + "\n")


PLAN = Command(
    summary="find the parallelism that trains a model fastest on a machine",
    usage="--model NAME --network @MACHINE:SHAPE [options]",
    description="""\
Simulates a step of training under every division of a model into tensor, pipeline and data
parallelism that fits the NPUs' memory, and lists the fastest, with what their time goes to. It is
the study @best-parallelism, whose other keys --set changes (docs/sweeps.md).

  simastra plan --model llama3-8b --network @hgx-h100:8x2
  simastra plan --model llama3-8b --network @hgx-h100:8x2 --calibration h100

Exit codes: 0 found, 2 an input is wrong, or the model doesn't fit.""",
    add_options=_add_options,
    run=_plan,
)
"""The verb."""
