"""Tables: aligned text, or rich ones for a terminal. Rich is imported only where one is shown."""

from collections.abc import Sequence

from simastra.text_table import TextTable

from .output import say, stdout_is_terminal, writing_to_stdout


def show_tables(tables: Sequence[TextTable]) -> None:
    """Print tables to stdout, those without rows left out.

    Raises:
        StdoutClosed: if nobody reads any more.
        InputError: if stdout can't be written.
    """
    filled = [table for table in tables if table.rows]
    if stdout_is_terminal():
        _show_rich(filled)
    else:
        say("\n\n".join(map(str, filled)))


def _show_rich(tables: Sequence[TextTable]) -> None:
    # Loaded here because rich takes as long as all the rest, and a pipe does without.
    from rich import box  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    console = Console(markup=False, highlight=False, emoji=False)
    with writing_to_stdout():
        for table in tables:
            shown = Table(box=box.SIMPLE_HEAD)
            for heading in table.headings:
                justify = "right" if heading.startswith("#") else "left"
                shown.add_column(heading.lstrip("#"), justify=justify, overflow="fold")  # type: ignore[arg-type]
            for row in table.rows:
                shown.add_row(*row)
            console.print(shown)
