"""Where the prompt shows texts and tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.view.blocks import Block, Text, plain_lines

if TYPE_CHECKING:
    from simastra.view import terminal
else:  # rich takes as long as all the rest, and a script does without
    terminal = deferred("simastra.view.terminal")


class Screen:
    """Where blocks are shown.

    Args:
        write: takes some lines, without the last newline.
        columns: how wide it is.
        colour: whether rich draws; otherwise the texts are plain.
    """

    def __init__(
        self, write: Callable[[str], None], columns: Callable[[], int], *, colour: bool
    ) -> None:
        self._write = write
        self._columns = columns
        self._colour = colour

    @property
    def columns(self) -> int:
        """How wide it is now."""
        return self._columns()

    def show(self, *blocks: Block) -> None:
        """Show blocks, one below the other; a table without rows isn't shown."""
        filled = [block for block in blocks if isinstance(block, Text) or block.rows]
        if not filled:
            return
        if self._colour:
            self._write(terminal.coloured(filled, self.columns))
        else:
            self._write("\n".join(line for block in filled for line in plain_lines(block)))
