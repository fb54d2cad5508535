"""Commands that were written before: from ``-c``, or from a file or pipe on stdin."""

from __future__ import annotations

from collections.abc import Iterable

from simastra.debug.command_error import CommandError

from .breakpoint_commands import refuse_unended
from .commands import carry_out
from .session import Session


def run_script(session: Session, lines: Iterable[tuple[str, str]]) -> None:
    """Carry out lines of commands until one of them quits.

    Args:
        session: in which.
        lines: where each line stands, in words, and what it says.

    Raises:
        CommandError: at the first line that is wrong, with where it stands.
    """
    for where, line in lines:
        try:
            carry_out(session, line)
        except CommandError as error:
            raise CommandError(f"{where}: {error}") from None
        if session.quits:
            return
    refuse_unended(session)
