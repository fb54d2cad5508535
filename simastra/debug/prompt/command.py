"""What a command of the prompt is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from .session import Session

RunCommand: TypeAlias = "Callable[[Session, str], None]"
"""Carries a command out in a session, given what follows its name; raises CommandError."""


@dataclass(frozen=True, slots=True)
class PromptCommand:
    """One command.

    Attributes:
        name: its name in full.
        aliases: further names.
        usage: what may follow it.
        summary: one line for the list of commands.
        details: further lines for its own help.
        run: does it.
        words: what may follow it, for completion; "NPU" stands for the NPUs' numbers and "NODE"
            for the names of nodes.
    """

    name: str
    aliases: tuple[str, ...]
    usage: str
    summary: str
    run: RunCommand
    details: str = ""
    words: Sequence[str] = ()

    @property
    def help(self) -> str:
        """All that there is to say about it."""
        lines = [f"{self.name} {self.usage}".rstrip(), f"  {self.summary}"]
        if self.aliases:
            lines[0] += f"    (also: {', '.join(self.aliases)})"
        lines.extend(f"  {line}" for line in self.details.splitlines())
        return "\n".join(lines)
