"""Options of a second simulation: ``--network-b`` beside ``--network``, for what differs in it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection
from copy import copy

from .parser import Parser

_OPTION, _DEST = "-b", "_b"


class Twins:
    """For each option of the first simulation, one of the same type that is the second's.

    Args:
        declare: declares the first's options in a parser.
        without: what those are stored as that make no difference.
    """

    def __init__(self, declare: Callable[[Parser], None], without: Collection[str] = ()) -> None:
        first = Parser("", "", "")
        declare(first)
        self._options = {it.dest: it for it in first.options() if it.dest not in without}

    def declare(self, parser: Parser, title: str) -> None:
        """Declare them in a group with that title; the first's are declared already."""
        group = parser.add_argument_group(title)
        for option in self._options.values():
            twin = copy(option)
            twin.option_strings = [f"{option.option_strings[0]}{_OPTION}"]
            twin.dest = f"{option.dest}{_DEST}"
            twin.default = argparse.SUPPRESS
            twin.help = f"as {option.option_strings[0]}"
            group._add_action(twin)

    def second(self, arguments: argparse.Namespace) -> argparse.Namespace:
        """The values of the second's options: the first's, but for those that it has of its own."""
        values = vars(arguments)
        own = {dest: values[f"{dest}{_DEST}"] for dest in self.given(arguments)}
        return argparse.Namespace(**{**values, **own})

    def given(self, arguments: argparse.Namespace) -> dict[str, str]:
        """Which options the second has of its own: that of the first, by what it is stored as."""
        return {
            dest: option.option_strings[0]
            for dest, option in self._options.items()
            if f"{dest}{_DEST}" in arguments
        }
