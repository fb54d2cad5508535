"""An edit as an option of the command line, which keeps the order of edits."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simastra.trace.edit import Grouped, Selection

from .amounts import Amount

ON = "on"
"""The option that narrows the edit behind it."""


_Done = Callable[[Grouped, Selection, Any], Grouped]


@dataclass(frozen=True, slots=True)
class EditOption:
    """An edit as an option.

    Attributes:
        metavar: what the help calls its value, or its values; None for an option without any.
        read: the value's type.
        help: what the help says.
        edit: does it to a trace, where the selection says, with the value.
        selects: whether ``--on`` may narrow it.
        needs_selection: whether ``--on`` must.
        amount: tells how much it makes; None where that is about as much as there is.
    """

    metavar: str | tuple[str, ...] | None
    read: Callable[[str], Any]
    help: str
    edit: _Done
    selects: bool = True
    needs_selection: bool = False
    amount: Amount | None = None

    def declare(self, group: argparse._ArgumentGroup, name: str) -> None:
        """Declare the option."""
        values: dict[str, Any] = {"nargs": 0}
        if self.metavar is not None:
            values = {"metavar": self.metavar, "type": self.read}
        if isinstance(self.metavar, tuple):
            values["nargs"] = len(self.metavar)
        group.add_argument(f"--{name}", dest=name, action=EditAction, help=self.help, **values)


class EditAction(argparse.Action):
    """Keeps edits, and what narrows them, in the order in which they were given.

    Files that are read for one are among the command's inputs, under ``edit_inputs``.
    """

    def __call__(
        self,
        _parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        _option: str | None = None,
    ) -> None:
        """Note one."""
        namespace.steps = [*namespace.steps, (self.dest, values)]
        files = values if isinstance(values, list) else [values]
        read = [getattr(it, "prefix", it) for it in files]
        namespace.edit_inputs = [*namespace.edit_inputs, *read]
