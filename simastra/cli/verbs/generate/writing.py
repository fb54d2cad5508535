"""Writing the traces of all NPUs, as one."""

import argparse
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path

from simastra.cli.command import ExitCode
from simastra.cli.notices import refuse_warnings, tell_notices
from simastra.cli.options.outputs import OutputTraces, required
from simastra.cli.output import say, stderr_is_terminal, tell
from simastra.notices import Notice
from simastra.trace import Trace
from simastra.trace.files import GROUPS_ENDING, encoded, other_form, trace_path, write_set

from .next_command import next_command


def write_npus(
    arguments: argparse.Namespace,
    trace: Trace,
    beside: Mapping[str, bytes] | None = None,
    *,
    tells_next: bool = True,
) -> ExitCode:
    """Write the traces of all NPUs as one, and files whose names begin with the same prefix.

    Args:
        arguments: with --output, --strict and --quiet.
        trace: of all NPUs.
        beside: contents of further files, by what their names end with.
        tells_next: whether a person is told by which command they can be run.

    Raises:
        InputError: if --output is missing, or can't be written.
    """
    required(arguments.output)
    output: OutputTraces = arguments.output
    companions = beside or {}
    say_left_over(arguments, output.left_over(len(trace.npus), companions))
    write_sets(
        {output.name: trace},
        [(Path(output.name + ending), content) for ending, content in companions.items()],
    )
    if tells_next and stderr_is_terminal() and not arguments.quiet:
        has_groups = GROUPS_ENDING in companions
        npus = (len(trace.npus),)
        tell(f"next: {next_command(output.name, npus, has_groups=has_groups, along=False)}")
    return ExitCode.OK


def say_left_over(arguments: argparse.Namespace, notices: Sequence[Notice]) -> None:
    """Tell of files of a larger set that stay, or refuse to leave them.

    Raises:
        InputError: if there are any, and --strict is given.
    """
    if arguments.strict:
        refuse_warnings(notices)
    if not arguments.quiet:
        tell_notices(notices, with_infos=True)


def write_sets(traces: Mapping[str, Trace], others: Iterable[tuple[Path, bytes]] = ()) -> None:
    """Write traces, by their prefix, and other files, all as one; say what they are called.

    Raises:
        TraceError: if that fails.
    """
    files = [
        encoded(prefix, dict(enumerate(it.npus)), dict(enumerate(it.annotations)))
        for prefix, it in traces.items()
    ]
    gone = [path for prefix in traces for path in other_form(prefix)]
    # A prefix has its folder by now.
    write_set(chain(*files, others), makes_folders=True, gone=gone)
    for prefix, trace in traces.items():
        last = len(trace.npus) - 1
        more = f" to {trace_path(prefix, last).name}" if last else ""
        say(f"{trace_path(prefix, 0)}{more}")
