"""A study, run into a folder; where it is stopped, what is there stays, which is said."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import chain
from typing import TYPE_CHECKING, NoReturn

from simastra.cli.command import ExitCode
from simastra.cli.options.command_files import check_files
from simastra.cli.options.outputs import OutputFolder, required
from simastra.cli.output import say, stderr_is_terminal, tell
from simastra.deferred import deferred
from simastra.errors import InputError
from simastra.sweep.dataset import IDENTITY_FILE
from simastra.sweep.driver import run_study
from simastra.sweep.engines import EngineSettings
from simastra.sweep.progress import SweepProgress
from simastra.sweep.pruning import why_nothing_is_pruned
from simastra.sweep.reading import read_results
from simastra.sweep.study import Study
from simastra.sweep.values import point_count

from .best import best_lines, files_line, front_lines
from .changes import changes_of
from .summary import summary_document, summary_lines

if TYPE_CHECKING:
    from simastra.cli.verbs.sweep import bar
    from simastra.sweep import page
else:  # rich takes as long as all the rest, and few ask for a page
    bar = deferred("simastra.cli.verbs.sweep.bar")
    page = deferred("simastra.sweep.page")


class SweepFolder(OutputFolder):
    """Where a sweep's rows go."""

    def names(self) -> Iterable[str]:
        """The file that says what they are of; those of the rows have names of their own."""
        return (IDENTITY_FILE,)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Run a study.

    Raises:
        InputError: the study is wrong, or the folder or the engine can't be had.
    """
    if arguments.study is None:
        raise InputError("no study is given, as in: simastra sweep study.yml --output DIR")
    required(arguments.output)
    study = Study.load(arguments.study, changes_of(arguments))
    check_files(arguments, inputs=study.files)
    if arguments.prune and (why := why_nothing_is_pruned(study)):
        tell(f"--prune: {why}")
    progress = ran(arguments, study, arguments.output, prune=arguments.prune, retry=arguments.retry)
    folder = arguments.output.name
    results = read_results(folder)
    if arguments.page is not None:
        arguments.page.write(page.sweep_page(results))
    if arguments.json is not None:
        document = summary_document(results, folder, arguments.engine, progress)
        arguments.json.write(json.dumps(document, indent=1) + "\n")
    best = chain(best_lines(results), front_lines(results), files_line(results))
    for line in chain(summary_lines(study, folder, progress), best):
        say(line)
    return ExitCode.OK


def ran(
    arguments: argparse.Namespace,
    study: Study,
    folder: SweepFolder,
    *,
    prune: bool = False,
    retry: bool = False,
) -> SweepProgress:
    """Run it into a folder, with a bar where somebody may look."""
    with_bar = stderr_is_terminal() and not arguments.quiet
    shown = bar.SweepBar(study) if with_bar else None
    last: list[SweepProgress] = []

    def watch(progress: SweepProgress) -> None:
        if arguments.output is not None:  # where rows stay
            last[:] = [progress]
        if shown is not None:
            shown.watch(progress)

    visible = nullcontext() if shown is None else shown.shown()
    with _telling_how_to_go_on(last, folder.name), folder.writing(), visible:
        return run_study(
            study,
            folder.folder,
            arguments.engine,
            settings=EngineSettings(arguments.workers, arguments.scheduler),
            prune=prune,
            retry=retry,
            watch=watch,
        )


@contextmanager
def _telling_how_to_go_on(last: list[SweepProgress], folder: str) -> Iterator[None]:
    """Say what is there where it ends before all is."""
    before = signal.signal(signal.SIGTERM, _ended)
    try:
        yield
    except (KeyboardInterrupt, SystemExit, InputError):
        for progress in last:
            total = "" if progress.total is None else f" of {progress.total:,}"
            there = f"rows of {point_count(progress.done)}{total}"
            tell(f"{there} are in {folder}; the same command goes on from there")
        raise
    finally:
        signal.signal(signal.SIGTERM, before)


def _ended(number: int, _: object) -> NoReturn:
    """End as Ctrl-C does, so that what is there is written, with the exit code of the signal."""
    sys.exit(128 + number)
