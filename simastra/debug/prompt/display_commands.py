"""Commands about what is shown at each stop, and `info`, which lists what there is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simastra.debug.command_error import CommandError
from simastra.debug.network_views import link_view, links_view
from simastra.debug.views import npus_view
from simastra.view.blocks import Text, Tone
from simastra.view.table import Table, left, right

from .break_commands import breakpoints_view
from .combinations import Choice, Optional, Repeated
from .command import PromptCommand
from .expression_slot import EXPRESSION
from .grammar import Keyword, Slot, forms
from .move_commands import show_marks
from .reader import Offer, Parsed, Reader
from .slots import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .session import Session


def _display(session: Session, parsed: Parsed) -> None:
    expression = parsed.get(EXPRESSION)
    if expression is None:
        session.show_displays()
        if not session.displays:
            session.show(Text("nothing is displayed; 'display EXPRESSION' does", Tone.ASIDE))
        return
    expression(session.stepper.state)  # one that fails should do so now
    session.show_displays(only=session.display(expression))


def _displayed(reader: Reader) -> Iterator[Offer]:
    for each, expression in reader.session.displays.items():
        yield Offer(str(each), expression.text)


_PLAIN = number("N", "the display's number")
_DISPLAY = Slot(_PLAIN.name, _PLAIN.what, _PLAIN.take, _displayed)


def _undisplay(session: Session, parsed: Parsed) -> None:
    displays = session.displays
    for each in parsed.all(_DISPLAY) or list(displays):
        if each not in displays:
            known = ", ".join(map(str, displays)) or "none"
            raise CommandError(f"there is no display {each}; there are {known}")
        del displays[each]


def _info_queues(session: Session) -> None:
    waiting = [link for link in session.stepper.state.links if link.waiting]
    waiting.sort(key=lambda link: -len(link.waiting))
    for link in waiting[:_QUEUES]:
        session.show(*link_view(link))
    if not waiting:
        session.show(Text("no message waits at a link"))


_QUEUES = 4  # that are shown in full; `info links` has all


def _info_display(session: Session) -> None:
    rows = tuple((str(each), it.text) for each, it in session.displays.items())
    if not rows:
        session.show(Text("nothing is displayed; 'display EXPRESSION' does", Tone.ASIDE))
    session.show(Table((*right("number"), *left("expression")), rows, "displays"))


_SUBJECTS: dict[Keyword, Callable[[Session], None]] = {
    Keyword("breakpoints", "breakpoints, how often they have stopped, their commands"): (
        lambda session: session.show(*breakpoints_view(session.stepper.breakpoints))
    ),
    Keyword("watch", "the same: values that are watched are breakpoints"): (
        lambda session: session.show(*breakpoints_view(session.stepper.breakpoints))
    ),
    Keyword("display", "expressions that are shown at each stop"): _info_display,
    Keyword("npus", "all NPUs; those at the same share a line"): (
        lambda session: session.show(*npus_view(session.stepper.state))
    ),
    Keyword("links", "links that carry something"): (
        lambda session: session.show(*links_view(session.stepper.state.links))
    ),
    Keyword("queues", "the longest queues at links, message by message"): _info_queues,
    Keyword("marks", "positions that have names"): show_marks,
}
"""What `info` tells of."""


def _info(session: Session, parsed: Parsed) -> None:
    for subject, tell in _SUBJECTS.items():
        if subject in parsed:
            tell(session)
            return
    session.show(Text(_INFO_HELP))


_INFO_HELP = f"info SUBJECT, which is one of\n{forms(_SUBJECTS)}"

DISPLAY_COMMANDS = (
    PromptCommand(
        "display",
        ("disp",),
        Optional(EXPRESSION),
        "show the value of an expression now and at each stop; without one, show all",
        _display,
    ),
    PromptCommand(
        "undisplay",
        (),
        Repeated(_DISPLAY),
        "show an expression at stops no more; without N, none",
        _undisplay,
    ),
    PromptCommand(
        "info",
        ("i",),
        Optional(
            Choice("a subject", tuple(_SUBJECTS), kind="subject", name="SUBJECT"), is_all=True
        ),
        "tell of breakpoints, watch, display, npus, links, queues or marks",
        _info,
        _INFO_HELP.partition("\n")[2],
    ),
)
"""The commands of this file."""
