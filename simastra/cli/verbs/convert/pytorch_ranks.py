"""What ``simastra convert pytorch`` does with the recordings of all ranks."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from simastra.cli.command import ExitCode
from simastra.cli.notices import heed
from simastra.cli.options.outputs import OutputFile, OutputTraceOrTraces
from simastra.cli.output import say, stderr_is_terminal
from simastra.convert.pytorch import GroupNumbering, merged_groups
from simastra.convert.recordings import (
    RankConversion,
    RanksConversion,
    convert_ranks,
    find_recordings,
)
from simastra.deferred import deferred
from simastra.errors import OptionError
from simastra.notices import Notice
from simastra.trace.files import GROUPS_ENDING, other_form, trace_path
from simastra.view.human import human_time
from simastra.view.phrases import left_out
from simastra.writing import Replacement

if TYPE_CHECKING:
    from rich import console, progress
else:
    console = deferred("rich.console")
    progress = deferred("rich.progress")

_ENDING = ".et"
_MOST_SHOWN = 16


def convert_all(
    words: Sequence[str], arguments: argparse.Namespace, options: Sequence[Notice]
) -> ExitCode:
    """Convert what was recorded on all ranks, to traces that are written as one.

    Args:
        words: files, folders and patterns.
        arguments: of the command line.
        options: notices about these.
    """
    output: OutputTraceOrTraces = arguments.output
    _check_options(arguments, output.name)
    found = find_recordings(words)
    recordings = found.ranks
    by = arguments.group_numbers
    with _rank_bar(len(recordings), shown=not arguments.quiet and stderr_is_terminal()) as on_rank:
        conversion = convert_ranks(
            recordings,
            like_chakra=arguments.like_chakra,
            numbering=None if by is None else GroupNumbering(by),
            workers=arguments.workers,
            on_rank=on_rank,
        )
    npus = recordings[-1].rank + 1
    beside = [GROUPS_ENDING] if conversion.groups else []
    left_over = output.left_over(npus, beside)
    heed((*options, *found.notices, *conversion.notices, *left_over), arguments, with_infos=True)
    groups = _write_all(output, arguments.groups, conversion)
    if not arguments.quiet:
        say(_summary_of_all(output.name, conversion, groups))
    return ExitCode.OK


def _check_options(arguments: argparse.Namespace, output: str) -> None:
    if arguments.rank is not None:
        raise OptionError("rank", "is of one recording; of several, each tells its own")
    if arguments.workers is not None and arguments.workers < 1:
        raise OptionError("workers", f"must be 1 or more, not {arguments.workers}")
    if output.endswith(_ENDING):
        raise OptionError(
            "output",
            "all ranks are converted, to PREFIX.<npu>.et: give a prefix, such as "
            f"{output.removesuffix(_ENDING)}",
        )


def _write_all(
    output: OutputTraceOrTraces, file: OutputFile | None, conversion: RanksConversion
) -> str | None:
    """Write the traces and the groups; return the name of the groups' file, if there are any.

    A file that was named gets the groups in addition to its own; one called by the prefix is new.
    """
    name = None if not conversion.groups else f"{output.name}{GROUPS_ENDING}"
    groups = conversion.groups
    with output.writing(), Replacement() as replacement:
        if file is not None:
            name = file.name
            replacement.keep_others_out(file.path)
            groups = merged_groups(file.path, groups)
        for rank in conversion.ranks:
            replacement.write(trace_path(output.name, rank.rank), rank.conversion.content)
        if name is not None:
            replacement.write(name, groups_text(groups))
        for path in other_form(output.name):
            replacement.drop(path)
    return name


def groups_text(groups: Mapping[str, Sequence[int]]) -> bytes:
    """Return the content of a file of process groups."""
    return (json.dumps(groups, indent=2) + "\n").encode()


def _summary_of_all(prefix: str, conversion: RanksConversion, groups: str | None) -> str:
    lines = [_line(prefix, rank) for rank in conversion.ranks[:_MOST_SHOWN]]
    if rest := left_out(len(conversion.ranks) - _MOST_SHOWN, "traces"):
        lines.append(f"  ... {rest}")
    if groups is not None:
        count = len(conversion.groups)
        lines.append(f"{groups}: {count} process group{'' if count == 1 else 's'}")
    return "\n".join(lines)


def _line(prefix: str, rank: RankConversion) -> str:
    counts = ", ".join(f"{count} {kind.name}" for kind, count in rank.conversion.types.items())
    host = human_time(rank.conversion.host_time)
    return f"{trace_path(prefix, rank.rank)}: {counts}; the host's nodes take {host}"


@contextmanager
def _rank_bar(ranks: int, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """Show how many ranks are done, on a terminal."""
    if not shown:
        yield lambda _done: None
        return
    columns = (
        progress.TextColumn("converting"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("ranks"),
        progress.TimeElapsedColumn(),
    )
    terminal = console.Console(stderr=True)
    with progress.Progress(*columns, console=terminal, transient=True) as bar:
        task = bar.add_task("converting", total=ranks)
        yield lambda done: bar.update(task, completed=done)
