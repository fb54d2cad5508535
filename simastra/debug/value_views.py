"""Values of expressions as people read them: an NPU in a few lines, many things one a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import singledispatch

from simastra.engine import Envelope, MessageStep, ModelEvent
from simastra.engine.events import node_words
from simastra.trace import Node
from simastra.view.blocks import Block, Text, Tone
from simastra.view.ends import device_words
from simastra.view.phrases import left_out, listed, size_words, time_words

from .journal import Flight
from .network_state import LinkState, Unmatched
from .npu_state import BlockedNode, NpuState, ReadyNode, RunningNode, StreamState
from .views import operation_words

_LINES = 20  # of a list


def value_blocks(value: object) -> list[Block]:
    """A value: in a line; a list of data with a line each; an NPU or a link in a few."""
    if isinstance(value, NpuState):
        return [*map(Text, _npu_lines(value)), _fields_line(value)]
    if isinstance(value, LinkState):
        return [Text(value_words(value)), _fields_line(value)]
    if isinstance(value, list | tuple) and not _is_data(value) and any(map(_is_data, value)):
        items = [Text(f"[{place}] {value_words(it)}") for place, it in enumerate(value[:_LINES])]
        rest = left_out(len(value) - _LINES)
        return [*items, Text(f"    {rest}", Tone.ASIDE)] if rest else [*items]
    return [Text(value_words(value))]


def _is_data(value: object) -> bool:
    return is_dataclass(value) or isinstance(value, ModelEvent | MessageStep | Envelope)


def _fields_line(value: NpuState | LinkState) -> Text:
    names = ", ".join(field.name for field in fields(value))
    return Text(f"  look into it with {names}", Tone.ASIDE)


def _npu_lines(npu: NpuState) -> list[str]:
    when = "" if npu.finish_time is None else f", the last at {time_words(npu.finish_time)}"
    lines = [f"NPU {npu.npu}: {npu.finished:,} of {npu.nodes:,} nodes have finished{when}"]
    lines += [f"  under way: {value_words(it)}" for it in npu.running]
    lines.append(
        f"  {len(npu.ready):,} ready, {len(npu.blocked):,} blocked, {len(npu.streams):,} streams"
    )
    return lines


@singledispatch
def value_words(value: object) -> str:
    """A value in a line; what has no words of its own as Python writes it."""
    if is_dataclass(value) and not isinstance(value, type):
        parts = (f"{it.name} {value_words(getattr(value, it.name))}" for it in fields(value))
        return ", ".join(parts) or type(value).__name__
    return repr(value)


@value_words.register
def _(value: Enum) -> str:
    return value.name


@value_words.register(ModelEvent)
@value_words.register(MessageStep)
def _(value: object) -> str:
    return f"{value}"


@value_words.register
def _(value: Node) -> str:
    return node_words(value)


@value_words.register
def _(value: NpuState) -> str:
    running = listed([node_words(it.node) for it in value.running], 2) or "nothing"
    return f"NPU {value.npu}, {value.finished:,}/{value.nodes:,} finished, {running} under way"


@value_words.register
def _(value: LinkState) -> str:
    return f"link {value.src} -> {value.dst}: {value.load_words}"


@value_words.register
def _(value: Flight) -> str:
    ends = f"{device_words(value.src)} to {device_words(value.dst)}"
    what = f"{size_words(value.size)} from {ends}, tag {value.tag}"
    return f"{what}, sent at {time_words(value.sent)}"


@value_words.register
def _(value: Unmatched) -> str:
    ends = f"{device_words(value.src)} to {device_words(value.dst)}"
    what = f"{size_words(value.size)} from {ends}, tag {value.tag}"
    return f"{value.count:,} x {what}{', a handshake' if value.handshake else ''}"


@value_words.register
def _(value: StreamState) -> str:
    doing = "runs" if value.runs else "waits"
    return (
        f"stream {value.name} of {node_words(value.node)}, queue {value.queue}, "
        f"phase {value.phase_index}, {value.phase}: {doing}"
    )


@value_words.register
def _(value: RunningNode) -> str:
    doing = operation_words(value.operation)
    return f"{node_words(value.node)} {doing}, since {time_words(value.since)}"


@value_words.register
def _(value: ReadyNode) -> str:
    held = "a free unit" if value.holder is None else f"{node_words(value.holder)}'s unit"
    return f"{node_words(value.node)} waits for {held}"


@value_words.register
def _(value: BlockedNode) -> str:
    return f"{node_words(value.node)} waits for {_few(value.waits_for)}"


def _few(nodes: Sequence[Node]) -> str:
    return listed([node_words(node) for node in nodes], 4)
