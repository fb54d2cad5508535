"""The edits, by the names of their options, in the order in which the help lists them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simastra.cli.options.parser import whole_number
from simastra.errors import OptionError
from simastra.suggestions import unknown_name
from simastra.trace.edit import Selection, change_precision, replicate, resize, scale
from simastra.trace.edit.grouped import Grouped

from . import words


@dataclass(frozen=True, slots=True)
class EditOption:
    """An edit as an option.

    Attributes:
        metavar: what the help calls its value.
        read: the value's type.
        help: what the help says.
        edit: does it to a trace, where the selection says, with the value.
        selects: whether ``--on`` may narrow it.
    """

    metavar: str
    read: Callable[[str], Any]
    help: str
    edit: Callable[[Grouped, Selection, Any], Grouped]
    selects: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One edit of a command line.

    Attributes:
        option: its name, without dashes.
        where: which nodes it is for.
        value: of the option.
    """

    option: str
    where: Selection
    value: Any  # what the option's type made of a word

    def done(self, given: Grouped) -> Grouped:
        """The trace with the edit done."""
        return EDITS[self.option].edit(given, self.where, self.value)


class EditAction(argparse.Action):
    """Keeps edits, and what narrows them, in the order in which they were given."""

    def __call__(
        self,
        _parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        _option: str | None = None,
    ) -> None:
        """Note one."""
        namespace.steps = [*namespace.steps, (self.dest, values)]


def read_steps(given: Sequence[tuple[str, Any]]) -> list[Step]:
    """The edits of a command line, each with what narrows it.

    Raises:
        InputError: something is narrowed that can't be, or nothing is.
    """
    steps: list[Step] = []
    narrowed: list[Selection] = []
    for option, value in given:
        if option == ON:
            narrowed.append(value)
            continue
        if narrowed and not EDITS[option].selects:
            raise OptionError(option, "is for the whole trace; leave out --on before it")
        steps.append(Step(option, words.joined(narrowed), value))
        narrowed = []
    if narrowed:
        raise OptionError(ON, "narrows the edit behind it, and there is none")
    return steps


def _scale(given: Grouped, where: Selection, value: Any) -> Grouped:
    quantity, factor = value
    return given.with_trace(scale(given.trace, factor, where, quantity))


def _precision(given: Grouped, where: Selection, value: Any) -> Grouped:
    before, after = value
    return given.with_trace(change_precision(given.trace, before, after, where))


def _resize(given: Grouped, _where: Selection, value: Any) -> Grouped:
    name, degree = value
    if name not in _RESIZED:
        raise OptionError("resize", unknown_name("kind of parallelism", name, _RESIZED))
    reason = _RESIZED[name]
    if reason:
        raise OptionError(
            "resize",
            f"{name} can't be changed: {reason} isn't in a trace; generate one anew "
            "(simastra generate transformer), or resize dp",
        )
    return resize(given, degree)


def _replicate(given: Grouped, _where: Selection, value: Any) -> Grouped:
    return given.with_trace(replicate(given.trace, value))


_RESIZED: Mapping[str, str] = {
    "dp": "",
    "tp": "how layers are cut",
    "cp": "how sequences are cut",
    "ep": "which experts are where",
    "pp": "what layers take",
}
"""Kinds of parallelism, and what is lacking to change them; nothing is for dp."""

ON = "on"
"""The option that narrows the edit behind it."""

EDITS: Mapping[str, EditOption] = {
    "scale": EditOption(
        "[WHAT=]FACTOR",
        words.scaled,
        "durations of computations times FACTOR; or WHAT of duration, num_ops, tensor_size, "
        "comm_size",
        _scale,
    ),
    "precision": EditOption(
        "FROM:TO",
        words.pair,
        "bytes of messages and tensors as of another number format, such as bf16:fp8",
        _precision,
    ),
    "resize": EditOption(
        "dp=N",
        words.degree,
        "another degree of data parallelism: replicas are cloned or dropped, groups and shards "
        "rewritten",
        _resize,
        selects=False,
    ),
    "replicate": EditOption(
        "N",
        whole_number,
        "what the first NPU does, on each of N NPUs",
        _replicate,
        selects=False,
    ),
}
