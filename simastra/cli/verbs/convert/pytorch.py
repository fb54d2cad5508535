"""``simastra convert pytorch``: recordings of PyTorch, of one rank or of all, to traces."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from simastra.cli.command import Command, ExitCode
from simastra.cli.notices import heed
from simastra.cli.options.common import add_common_options
from simastra.cli.options.in_out import add_output
from simastra.cli.options.input_paths import input_file, input_pattern
from simastra.cli.options.outputs import (
    OutputFile,
    OutputTraceOrTraces,
    add_output_option,
    required,
)
from simastra.cli.options.parser import Parser, whole_number
from simastra.cli.options.without_effect import (
    CHAKRAS_LOG,
    WithoutEffect,
    add_without_effect,
    idle,
    notices_of,
)
from simastra.cli.output import say, stderr_is_terminal
from simastra.convert.pytorch import (
    PHASES,
    Conversion,
    GroupNumbering,
    convert_pytorch,
    merged_groups,
)
from simastra.convert.recordings import means_several, read_recording
from simastra.deferred import deferred
from simastra.errors import OptionError
from simastra.notices import Severity
from simastra.units import Ns
from simastra.view.human import human_time
from simastra.writing import Replacement

from .pytorch_ranks import convert_all, groups_text

if TYPE_CHECKING:
    from rich import console, progress
else:
    console = deferred("rich.console")
    progress = deferred("rich.progress")

_READING = "reading"  # the phase before those of the conversion
_WITHOUT_EFFECT = (
    WithoutEffect("simulate", "", "'simastra run' simulates", severity=Severity.INFO),
    CHAKRAS_LOG,
    idle("num-npus", "a trace of PyTorch is one NPU's"),
    idle("num-dims", "a collective of PyTorch is over its process group"),
    idle("num-passes", "a trace of PyTorch has the passes that were recorded"),
)


def _add_options(parser: Parser) -> None:
    _add_files(parser)
    _add_rules(parser)
    add_without_effect(parser, "Chakra's converter", _WITHOUT_EFFECT)
    add_common_options(parser)


def _add_files(parser: Parser) -> None:
    files = parser.add_argument_group("files")
    files.add_argument(
        "input",
        metavar="TRACE",
        nargs="*",
        type=input_pattern,
        help="a linked trace, or a device trace alone; of all ranks: files, a folder, or a pattern "
        "in quotes, of host and device traces too, which are linked",
    )
    files.add_argument(
        "--input",
        "--input-filename",
        dest="named_input",
        metavar="FILE",
        type=input_file,
        help="the linked trace, as in Chakra",
    )
    explanation = "what is written; of all ranks PREFIX.<npu>.et (required)"
    add_output(files, "FILE.et|PREFIX", explanation, OutputTraceOrTraces)
    add_output_option(
        files,
        "--groups",
        metavar="FILE.json",
        explanation="add the process groups to that file, for 'simastra run "
        "--comm-groups'; one file for all ranks (of all ranks at once: PREFIX.groups.json is "
        "written, if it isn't given)",
    )


def _add_rules(parser: Parser) -> None:
    rules = parser.add_argument_group("conversion")
    rules.add_argument(
        "--like-chakra",
        action="store_true",
        help="the nodes, durations and dependencies of Chakra's converter, wrong ones too",
    )
    rules.add_argument(
        "--rank",
        metavar="R",
        type=whole_number,
        help="rank of the recorded process, where the trace doesn't tell (for sends and receives)",
    )
    rules.add_argument(
        "--group-numbers",
        choices=("names", "members"),
        help="what the numbers of process groups are made of: PyTorch's names, where these are "
        "numbers, or always the members (default: names; of all ranks, members where ranks' names "
        "contradict each other)",
    )
    rules.add_argument(
        "--workers",
        metavar="N",
        type=whole_number,
        help="processes for the recordings of all ranks (default: one for each core)",
    )


def _convert(arguments: argparse.Namespace) -> ExitCode:
    required(arguments.output)
    named: list[str] = [] if arguments.named_input is None else [arguments.named_input]
    words: list[str] = [*arguments.input, *named]
    if not words or (named and len(words) > 1):
        many = "two are given" if words else "it is missing"
        raise OptionError("input", f"one linked trace is wanted, and {many}; see --help")
    if means_several(words):
        return convert_all(words, arguments, notices_of(arguments, _WITHOUT_EFFECT))
    return _convert_one(words[0], arguments)


def _convert_one(source: str, arguments: argparse.Namespace) -> ExitCode:
    output = arguments.output.as_file()
    if arguments.rank is not None and arguments.rank < 0:
        raise OptionError("rank", f"must be 0 or more, not {arguments.rank}")
    with _progress(shown=not arguments.quiet and stderr_is_terminal()) as on_phase:
        on_phase(_READING)
        trace = read_recording(source)
        conversion = convert_pytorch(
            trace,
            like_chakra=arguments.like_chakra,
            rank=arguments.rank,
            numbering=GroupNumbering(arguments.group_numbers or GroupNumbering.NAMES),
            on_phase=on_phase,
        )
    notices = (*notices_of(arguments, _WITHOUT_EFFECT), *conversion.notices)
    heed(notices, arguments, with_infos=True)
    if arguments.groups is None:
        output.write(conversion.content)
    else:
        _write_both(output, arguments.groups, conversion)
    if not arguments.quiet:
        say(_summary(output.name, conversion, arguments.groups))
    return ExitCode.OK


def _write_both(output: OutputFile, file: OutputFile, conversion: Conversion) -> None:
    """Write the trace, and add its groups to the file, into which other ranks' may come at once."""
    with file.writing(), Replacement() as replacement:
        replacement.keep_others_out(file.path)
        groups = merged_groups(file.path, conversion.groups)
        with output.writing():
            replacement.write(output.name, conversion.content)
        replacement.write(file.name, groups_text(groups))


def _summary(name: str, conversion: Conversion, groups: OutputFile | None) -> str:
    counts = ", ".join(f"{count} {kind.name}" for kind, count in conversion.types.items())
    lines = [f"{name}: {counts}"]
    lines += [f"  {count:8}  {reason}" for reason, count in conversion.dependencies.items()]
    lines.append(_host(conversion.host_time, conversion.recorded_time))
    if conversion.groups:
        count = len(conversion.groups)
        where = "--groups writes them" if groups is None else f"they are in {groups.name}"
        lines.append(f"  {count} process group{'s' if count > 1 else ''}; {where}")
    return "\n".join(lines)


def _host(time: Ns, recorded: Ns) -> str:
    text = f"  the host's nodes take {human_time(time)}"
    if time == recorded:
        return text
    return f"{text}; its threads were in operators for {human_time(recorded)}"


@contextmanager
def _progress(*, shown: bool) -> Iterator[Callable[[str], None]]:
    """Show the phase that is going on, on a terminal."""
    if not shown:
        yield lambda _phase: None
        return
    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.TimeElapsedColumn(),
    )
    terminal = console.Console(stderr=True)
    with progress.Progress(*columns, console=terminal, transient=True) as bar:
        phases = (_READING, *PHASES)
        task = bar.add_task("converting", total=len(phases))

        def on_phase(phase: str) -> None:
            done = phases.index(phase)
            bar.update(task, description=f"converting: {phase}", completed=done)

        yield on_phase


CONVERT_PYTORCH = Command(
    summary="recordings of PyTorch (host and device traces)",
    usage="TRACE... --output FILE.et|PREFIX [options]",
    description="""\
Writes the execution trace of one NPU, or of all. Kernels of a stream run in order; the host waits
where it waited when the trace was recorded; NCCL's and gloo's communication becomes communication
nodes. What is done otherwise than by Chakra's converter, and why, is in docs/pytorch.md.

  simastra link host_0.json device_0.json --output linked_0.json
  simastra convert pytorch linked_0.json --output resnet.0.et

A device trace (Kineto's) is taken without its host trace, too. All ranks at once: the traces of a
folder, or that fit a pattern, in several processes. Host and device traces whose names have the
same number are linked; process groups are numbered alike, and in one file.

  simastra convert pytorch recorded --output resnet
  simastra convert pytorch 'trace_*.json' --output resnet

Exit codes: 0 written, 2 the trace or an option is wrong.""",
    add_options=_add_options,
    run=_convert,
)
"""The verb."""
