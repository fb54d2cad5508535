"""The parts of the screen: a pane of texts and tables, and the line in which commands are typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import ClassVar

from rich.console import Group, RenderableType
from rich.text import Text as RichText
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Input, Static

from simastra.debug.prompt.completion import WordCompletion
from simastra.view.blocks import Block, Text, Tone, plain_lines
from simastra.view.table import Table
from simastra.view.terminal import coloured, rich_table

PLACEHOLDER = "command, such as break node 3; help lists all"
"""What the line for commands says while nothing is typed."""
_WIDEST = 400  # columns of a table that is scrolled


class Pane(VerticalScroll):
    """A part of the screen that shows blocks, and can be scrolled.

    Args:
        title: stands in its border.
        name: by which it is found.
        wraps: whether what is too wide goes on in the next line, or is scrolled to.
    """

    def __init__(self, title: str, name: str, *, wraps: bool = False) -> None:
        super().__init__(id=name, classes="wraps" if wraps else "")
        self.border_title = title
        self._wraps = wraps
        self._blocks: tuple[Block, ...] = ()
        self._shown = Static("")

    def compose(self) -> Iterable[Static]:
        """What it consists of."""
        yield self._shown

    def show(self, blocks: Iterable[Block]) -> None:
        """Show blocks in place of what is there."""
        self._blocks = tuple(blocks)
        drawn = [part for block in self._blocks for part in self._drawn(block)]
        self._shown.update(Group(*drawn))

    @property
    def text(self) -> str:
        """What it shows, without colours."""
        return "\n".join(line for block in self._blocks for line in plain_lines(block))

    def _drawn(self, block: Block) -> list[RenderableType]:
        match block:
            case Text(words, tone):
                return [RichText(words, style=tone.value, no_wrap=not self._wraps)]
            case Table(rows=()):
                return []
            case Table(title=title):
                known = (self.border_title or "").casefold() == title.casefold()
                heading = [] if known else [RichText(title, style=Tone.TITLE.value)]
                return [*heading, self._table(block)]

    def _table(self, table: Table) -> RenderableType:
        if not self._wraps:  # rich cuts columns to the width that it is given
            lines = coloured([replace(table, title="")], _WIDEST).splitlines()
            text = RichText.from_ansi("\n".join(line.rstrip() for line in lines))
            text.no_wrap = True
            return text
        return rich_table(table, box=None, padding=(0, 1, 0, 0), header_style=Tone.ASIDE.value)


def _common(words: Sequence[str]) -> str:
    """What words begin with, all of them."""
    pairs = zip(min(words), max(words), strict=False)
    return "".join(letter for letter, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


class CommandLine(Input):
    """The line for commands: Tab completes, the arrows bring back earlier lines.

    Args:
        earlier: lines of former sessions, the latest last.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", "complete", show=False, priority=True),
        Binding("up", "earlier(-1)", "earlier line", show=False),
        Binding("down", "earlier(1)", "later line", show=False),
    ]

    class Completing(Message):
        """Tab was pressed."""

    def __init__(self, earlier: list[str]) -> None:
        super().__init__(
            placeholder=PLACEHOLDER,
            id="prompt",
            select_on_focus=False,  # a key may have begun the line
        )
        self._lines = earlier
        self._place = len(earlier)

    def remember(self, line: str) -> None:
        """Add a line to those that can be brought back."""
        self._lines.append(line)
        self._place = len(self._lines)

    def action_earlier(self, by: int) -> None:
        """Bring back an earlier line, or a later one."""
        self._place = min(max(0, self._place + by), len(self._lines))
        self.value = self._lines[self._place] if self._place < len(self._lines) else ""
        self.cursor_position = len(self.value)

    def action_complete(self) -> None:
        """Ask for what the word before the cursor can be completed to."""
        self.post_message(self.Completing())

    def take(self, found: WordCompletion) -> None:
        """Put in what all that is offered has in common."""
        words = [offer.completed for offer in found.offers]
        typed = self.value[found.start : self.cursor_position]
        common = words[0] if len(words) == 1 else _common(words)
        if len(common) < len(typed):
            return
        behind = self.value[self.cursor_position :]
        self.value = f"{self.value[: found.start]}{common}{behind}"
        self.cursor_position = found.start + len(common)
