"""``simastra link``: PyTorch's host and device traces of a process into one trace."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from simastra.cli.command import Command, ExitCode
from simastra.cli.notices import refuse_warnings, tell_notices
from simastra.cli.options.common import add_common_options
from simastra.cli.options.input_paths import input_file
from simastra.cli.options.outputs import add_output_option, required
from simastra.cli.options.parser import Parser, whole_number
from simastra.cli.options.without_effect import LINKERS, add_without_effect, notices_of
from simastra.cli.output import say, stderr_is_terminal
from simastra.convert.link import (
    link,
    link_like_chakra,
    load_device,
    load_host,
    summarize,
    write_linked,
)
from simastra.deferred import deferred
from simastra.errors import InputError, OptionError

if TYPE_CHECKING:
    from rich import console, markup
else:  # rich takes as long as a small trace does
    console = deferred("rich.console")
    markup = deferred("rich.markup")

_TRACES = (("host", "HOST", "PyTorch's execution trace"), ("device", "DEVICE", "Kineto's trace"))
_EARLIER_NAMES = {"host": ("--pytorch-et-file", "--et-file"), "device": ("--kineto-file",)}


def _add_options(parser: Parser) -> None:
    traces = parser.add_argument_group("traces")
    for name, metavar, explanation in _TRACES:
        traces.add_argument(name, metavar=metavar, nargs="?", type=input_file, help=explanation)
        traces.add_argument(
            f"--chakra-{name}-trace",
            *_EARLIER_NAMES[name],
            dest=f"named_{name}",
            metavar=metavar,
            type=input_file,
            help="the same, as Chakra's tool calls it",
        )
    options = parser.add_argument_group("options")
    add_output_option(
        options,
        "--output",
        "--output-file",
        explanation="linked trace, JSON; compressed if it ends in .gz (required)",
    )
    options.add_argument(
        "--like-chakra",
        action="store_true",
        help="link as Chakra's linker does, wrong rules too, for the reference's numbers",
    )
    options.add_argument(
        "--rank", metavar="R", type=whole_number, help="refuse a device trace of another rank"
    )
    add_without_effect(parser, "Chakra's linker", LINKERS)
    add_common_options(parser)


def _link(arguments: argparse.Namespace) -> ExitCode:
    host, device = (_trace(arguments, name, metavar) for name, metavar, _ in _TRACES)
    required(arguments.output)
    if arguments.rank is not None and arguments.rank < 0:
        raise OptionError("rank", f"must be 0 or more, not {arguments.rank}")
    watched = stderr_is_terminal() and not arguments.quiet
    with _stage(f"reading {host}", watched=watched):
        host_trace = load_host(host)
    with _stage(f"reading {device}", watched=watched):
        device_trace = load_device(device)
    with _stage("linking", watched=watched):
        join = link_like_chakra if arguments.like_chakra else link
        linked = join(host_trace, device_trace, rank=arguments.rank)
        summary = summarize(linked)
    notices = (*notices_of(arguments, LINKERS), *summary.notices)
    if arguments.strict:
        refuse_warnings(notices)
    if not arguments.quiet:
        tell_notices(notices, with_infos=stderr_is_terminal())
    with _stage(f"writing {arguments.output}", watched=watched):
        write_linked(linked, arguments.output.name)
    say(str(summary))
    return ExitCode.OK


def _trace(arguments: argparse.Namespace, name: str, metavar: str) -> str:
    both = vars(arguments)
    given: list[str] = [word for word in (both[name], both[f"named_{name}"]) if word is not None]
    if len(given) != 1:
        problem = f"{metavar} is required" if not given else f"{metavar} is given twice"
        raise InputError(f"{problem}; see --help")
    return given.pop()


@contextmanager
def _stage(what: str, *, watched: bool) -> Iterator[None]:
    """Show what is being done, and that it goes on, to a person who watches a terminal."""
    if not watched:
        yield
        return
    with console.Console(stderr=True).status(markup.escape(what)):
        yield


LINK = Command(
    summary="link PyTorch's host and device traces",
    usage="HOST DEVICE --output FILE [options]",
    description="""\
Gives the operators of a host trace (PyTorch's ExecutionTraceObserver) the times of a device trace
(Kineto, PyTorch's profiler) of the same process, and adds what they launched on GPUs. 'simastra
convert pytorch' and Chakra's converter read the result. The traces may be compressed with gzip.

  simastra link host.json device.json --output linked.json

For the reference's numbers, give --like-chakra here and to 'simastra convert pytorch'.

Exit codes: 0 written, 2 a trace is wrong, or fewer than half of the operators could be linked.""",
    add_options=_add_options,
    run=_link,
)
"""The verb."""
