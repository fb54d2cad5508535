"""The edits, by the names of their options, in the order in which the help lists them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simastra.cli.options.amount import check_amount
from simastra.cli.options.parser import whole_number
from simastra.cli.options.quantities import size
from simastra.errors import OptionError
from simastra.trace import edit
from simastra.trace.edit import Grouped, Selection

from . import amounts, words
from .other_traces import merged, placed
from .resized import resized
from .retiming import retimed

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
    amount: amounts.Amount | None = None

    def declare(self, group: argparse._ArgumentGroup, name: str) -> None:
        """Declare the option."""
        values: dict[str, Any] = {"nargs": 0}
        if self.metavar is not None:
            values = {"metavar": self.metavar, "type": self.read}
        if isinstance(self.metavar, tuple):
            values["nargs"] = len(self.metavar)
        group.add_argument(f"--{name}", dest=name, action=EditAction, help=self.help, **values)


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

    def done(self, given: Grouped, arguments: argparse.Namespace) -> Grouped:
        """The trace with the edit done.

        Raises:
            OptionError: that would be far more than is usual, and --force isn't given.
        """
        kind = EDITS[self.option]
        if kind.amount is not None:
            check_amount(arguments, self.option, *kind.amount(given, self.value))
        return kind.edit(given, self.where, self.value)


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


def read_steps(given: Sequence[tuple[str, Any]]) -> list[Step]:
    """The edits of a command line, each with what narrows it.

    Raises:
        InputError: something is narrowed that can't be, or nothing is that has to be.
    """
    steps: list[Step] = []
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
        steps.append(Step(option, words.joined(narrowed), value))
        narrowed = []
    if narrowed:
        raise OptionError(ON, "narrows the edit behind it, and there is none")
    return steps


def _scale(given: Grouped, where: Selection, value: Any) -> Grouped:
    quantity, factor = value
    return given.with_trace(edit.scale(given.trace, factor, where, quantity))


def _precision(given: Grouped, where: Selection, value: Any) -> Grouped:
    before, after = value
    return given.with_trace(edit.change_precision(given.trace, before, after, where))


def _batch(given: Grouped, _where: Selection, value: Any) -> Grouped:
    return given.with_trace(edit.change_batch(given.trace, value))


def _bucket(given: Grouped, where: Selection, value: Any) -> Grouped:
    return edit.bucket(given, value, where)


def _swap(given: Grouped, where: Selection, value: Any) -> Grouped:
    before, after = value
    return edit.swap(given, before, after, where)


def _overlap(given: Grouped, _where: Selection, value: Any) -> Grouped:
    change = edit.free_collectives if value else edit.block_collectives
    return given.with_trace(change(given.trace))


def _drop(given: Grouped, where: Selection, _value: Any) -> Grouped:
    return edit.drop(given, where)


def _before(given: Grouped, where: Selection, value: Any) -> Grouped:
    return edit.insert(given, value, where, before=True)


def _after(given: Grouped, where: Selection, value: Any) -> Grouped:
    return edit.insert(given, value, where)


def _repeat(given: Grouped, _where: Selection, value: Any) -> Grouped:
    return given.with_trace(edit.repeat(given.trace, value))


def _repair(given: Grouped, _where: Selection, _value: Any) -> Grouped:
    return edit.repair(given).grouped


def _replicate(given: Grouped, _where: Selection, value: Any) -> Grouped:
    return given.with_trace(edit.replicate(given.trace, value))


ON = "on"
"""The option that narrows the edit behind it."""

_NODE = "COMP:NAME:TIME, or a collective and its bytes, such as ALL_REDUCE:NAME:64MiB"

EDITS: Mapping[str, EditOption] = {
    "scale": EditOption(
        "[WHAT=]FACTOR",
        words.scaled,
        "durations of computations times FACTOR; or WHAT of duration, num_ops, tensor_size, "
        "comm_size",
        _scale,
    ),
    "retime": EditOption(
        ("OLD", "NEW"),
        words.timed_by,
        "durations of computations times what the roofline of NEW says over what that of OLD says: "
        "system files or machines, or calibrations",
        retimed,
    ),
    "precision": EditOption(
        "FROM:TO",
        words.pair,
        "bytes of messages and tensors as of another number format, such as bf16:fp8",
        _precision,
    ),
    "batch": EditOption(
        "FACTOR",
        words.factor,
        "FACTOR times the sequences: passes and activations in proportion, weights as they are",
        _batch,
        selects=False,
    ),
    "bucket": EditOption(
        "SIZE",
        size,
        "fuse collectives to buckets of SIZE at most, split larger ones",
        _bucket,
        amount=amounts.of_bucketing,
    ),
    "swap": EditOption(
        "OLD=NEW[+NEW]",
        words.swapped,
        "other collectives in place of those, as ALL_REDUCE=REDUCE_SCATTER+ALL_GATHER",
        _swap,
    ),
    "overlap": EditOption(
        "on|off",
        words.on_or_off,
        "off: no computation beside a collective; on: without such dependencies, as data allow",
        _overlap,
        selects=False,
    ),
    "drop": EditOption(
        None, str, "leave the nodes out; order stays as it was", _drop, needs_selection=True
    ),
    "insert-before": EditOption(
        "NODE", words.node, f"a node before each: {_NODE}", _before, needs_selection=True
    ),
    "insert-after": EditOption(
        "NODE", words.node, "a node after each, likewise", _after, needs_selection=True
    ),
    "repeat": EditOption(
        "N",
        whole_number,
        "N steps, one after the other",
        _repeat,
        selects=False,
        amount=amounts.of_repeating,
    ),
    "resize": EditOption(
        "dp=N[:DEGREES]",
        words.resizing,
        "another degree of data parallelism: replicas are cloned or dropped, groups and shards "
        "rewritten; DEGREES as tp=2,dp=4 in order of ranks, where they can't be recognised",
        resized,
        selects=False,
        amount=amounts.of_resizing,
    ),
    "replicate": EditOption(
        "N",
        whole_number,
        "what the first NPU does, on each of N NPUs",
        _replicate,
        selects=False,
        amount=amounts.of_replicating,
    ),
    "place": EditOption(
        "NPUS",
        words.npus,
        "where its NPUs are on a larger machine, such as 0-3 or 0-14:2",
        placed,
        selects=False,
        amount=amounts.of_placing,
    ),
    "merge": EditOption(
        "PREFIX@NPUS",
        words.other_job,
        "another trace beside it, on these NPUs; with groups of PREFIX.groups.json, if there",
        merged,
        selects=False,
        amount=amounts.of_merging,
    ),
    "repair": EditOption(
        None,
        str,
        "what other tools leave out: is_cpu_op, groups, ids, sizes, ends of messages",
        _repair,
        selects=False,
    ),
}
