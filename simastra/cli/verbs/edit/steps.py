"""The edits of a command line, each with what narrows it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from simastra.cli.options.amount import check_amount
from simastra.errors import OptionError
from simastra.trace.edit import Grouped, Selection

from .options import ON
from .selections import joined
from .table import EDITS


@dataclass(frozen=True, slots=True)
class EditStep:
    """One edit of a command line.

    Attributes:
        option: its name, without dashes.
        where: which nodes it is for.
        value: of the option.
    """

    option: str
    where: Selection
    value: Any  # what the option's type made of a word

    def done(self, given: Grouped, arguments: argparse.Namespace) -> Grouped:
        """The trace with the edit done.

        Raises:
            OptionError: that would be far more than is usual, and --force isn't given.
        """
        kind = EDITS[self.option]
        if kind.amount is not None:
            check_amount(arguments, self.option, *kind.amount(given, self.value))
        return kind.edit(given, self.where, self.value)


def read_steps(given: Sequence[tuple[str, Any]]) -> list[EditStep]:
    """The edits of a command line, each with what narrows it.

    Raises:
        InputError: something is narrowed that can't be, or nothing is that has to be.
    """
    steps: list[EditStep] = []
    narrowed: list[Selection] = []
    for option, value in given:
        if option == ON:
            narrowed.append(value)
            continue
        kind = EDITS[option]
        if narrowed and not kind.selects:
            raise OptionError(option, "is for the whole trace; leave out --on before it")
        if kind.needs_selection and not narrowed:
            raise OptionError(option, "needs --on before it, which says of which nodes")
        steps.append(EditStep(option, joined(narrowed), value))
        narrowed = []
    if narrowed:
        raise OptionError(ON, "narrows the edit behind it, and there is none")
    return steps
