"""The edits, by the names of their options, in the order in which the help lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from simastra.cli.options.parser import whole_number
from simastra.cli.options.quantities import size
from simastra.trace import CollectiveType, Node, edit
from simastra.trace.edit import Grouped, ScaledQuantity, Selection
from simastra.units import Bytes

from . import amounts, selections, words
from .options import EditOption
from .other_traces import merged, placed
from .resized import resized
from .retiming import retimed


def _scale(given: Grouped, where: Selection, value: tuple[ScaledQuantity, Fraction]) -> Grouped:
    quantity, factor = value
    return given.with_trace(edit.scale(given.trace, factor, where, quantity))


def _precision(given: Grouped, where: Selection, value: tuple[str, str]) -> Grouped:
    before, after = value
    return given.with_trace(edit.change_precision(given.trace, before, after, where))


def _batch(given: Grouped, _where: Selection, factor: Fraction) -> Grouped:
    return given.with_trace(edit.change_batch(given.trace, factor))


def _bucket(given: Grouped, where: Selection, size: Bytes) -> Grouped:
    return edit.bucket(given, size, where)


def _swap(
    given: Grouped, where: Selection, value: tuple[CollectiveType, Sequence[CollectiveType]]
) -> Grouped:
    before, after = value
    return edit.swap(given, before, after, where)


def _overlap(given: Grouped, _where: Selection, on: bool) -> Grouped:  # noqa: FBT001  # a value
    change = edit.free_collectives if on else edit.block_collectives
    return given.with_trace(change(given.trace))


def _drop(given: Grouped, where: Selection, _value: object) -> Grouped:
    return edit.drop(given, where)


def _before(given: Grouped, where: Selection, node: Node) -> Grouped:
    return edit.insert(given, node, where, before=True)


def _after(given: Grouped, where: Selection, node: Node) -> Grouped:
    return edit.insert(given, node, where)


def _repeat(given: Grouped, _where: Selection, times: int) -> Grouped:
    return given.with_trace(edit.repeat(given.trace, times))


def _repair(given: Grouped, _where: Selection, _value: object) -> Grouped:
    return edit.repair(given).grouped


def _replicate(given: Grouped, _where: Selection, npus: int) -> Grouped:
    return edit.replicate_grouped(given, npus)


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
        selections.npus,
        "where its NPUs are on a larger machine, such as 0-3 or 0-14:2",
        placed,
        selects=False,
        amount=amounts.of_placing,
    ),
    "merge": EditOption(
        "PREFIX@NPUS",
        words.other_trace,
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
