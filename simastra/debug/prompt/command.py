"""What a command of the prompt is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from .grammar import GrammarPart
from .reader import Parsed

if TYPE_CHECKING:
    from .session import Session

RunCommand: TypeAlias = "Callable[[Session, Parsed], None]"
"""Carries a command out in a session, given what follows its name; raises CommandError."""


@dataclass(frozen=True, slots=True)
class PromptCommand:
    """One command.

    Attributes:
        name: its name in full.
        aliases: further names.
        grammar: what may follow it.
        summary: one line for the list of commands.
        run: does it.
        details: further lines for its own help.
    """

    name: str
    aliases: tuple[str, ...]
    grammar: GrammarPart
    summary: str
    run: RunCommand
    details: str = ""

    @property
    def help(self) -> str:
        """All that there is to say about it."""
        lines = [f"{self.name} {self.grammar.usage}".rstrip(), f"  {self.summary}"]
        if self.aliases:
            lines[0] += f"    (also: {', '.join(self.aliases)})"
        lines.extend(f"  {line}" for line in self.details.splitlines())
        return "\n".join(lines)
