"""A bar of files written, for a terminal. Imports rich: import this only where one is shown."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import MofNCompleteColumn, TextColumn

from simastra.cli.progress import progress_bar


@contextmanager
def writing_bar(files: int) -> Iterator[Callable[[int], None]]:
    """Show how many of so many files are written; gone without a trace at the end.

    Yields:
        what is to be told of the number.
    """
    progress = progress_bar(MofNCompleteColumn(), TextColumn("NPUs"))
    task = progress.add_task("writing", total=files)

    def watch(count: int) -> None:
        progress.update(task, completed=count)
        if count == files:  # what puts them in place is safer in a process without threads
            progress.stop()

    with progress:
        yield watch
