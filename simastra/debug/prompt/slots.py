"""What commands take: numbers, NPUs, devices, times, breakpoints, marks, files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from simastra.debug.command_error import CommandError
from simastra.quantities import DURATION
from simastra.trace import Node
from simastra.units import NpuId, Ns

from .arguments import time_of, whole_number
from .grammar import Slot
from .reader import Offer, Reader

_MOST = 200  # that are offered of a kind; nobody reads more


def _begins_with_digit(reader: Reader) -> bool:
    return reader.token is not None and reader.token.raw[0].isdigit()


def _is_taken(_reader: Reader) -> bool:
    return True


def number(usage: str, what: str) -> Slot[int]:
    """A slot for a whole number."""
    return Slot(usage, what, lambda reader: whole_number(reader.take(what), what))


def _device_of(reader: Reader, what: str) -> int:
    """A device by its number, or by the name that the network's file gives it."""
    word = reader.take(what)
    state = reader.session.stepper.state
    is_named = state.device_names.given and not word.isdigit()
    return state.device(word) if is_named else whole_number(word, what)


def _begins_a_device(reader: Reader) -> bool:
    """Whether a number follows, or the name of a device."""
    token = reader.token
    if token is None:
        return False
    named = reader.session.stepper.state.device_names.number(token.text)
    return token.raw[0].isdigit() or named is not None


def _npu(reader: Reader) -> NpuId:
    npu = _device_of(reader, _THE_NPU)
    reader.session.stepper.state.process(npu)
    return npu


def _npus(reader: Reader) -> Iterator[Offer]:
    for process in islice(reader.session.stepper.state.npus, _MOST):
        running = sorted(process.running)
        nodes = [process.program.graph.nodes[index] for index in running]
        yield Offer(str(process.npu.npu), f"NPU, {_doing(nodes)}")


def _doing(nodes: list[Node]) -> str:
    return f"at {nodes[0].name!r}" if nodes else "with nothing under way"


_THE_NPU = "the NPU's number"
NPU: Slot[NpuId] = Slot("N", _THE_NPU, _npu, _npus)
"""An NPU."""


def _some_npus(reader: Reader) -> range:
    token = reader.token
    ends = [] if token is None else token.text.split("-")
    if len(ends) != len(("first", "last")) or not all(it.isdecimal() for it in ends):
        npu = _npu(reader)
        return range(npu, npu + 1)
    first, last = (whole_number(it, _THE_NPU) for it in ends)
    word = reader.take(_THE_NPU)
    if last < first:
        raise CommandError(f"{word!r} ends before it begins")
    for npu in (first, last):
        reader.session.stepper.state.process(npu)
    return range(first, last + 1)


SOME_NPUS: Slot[range] = Slot("N|N-M", _THE_NPU, _some_npus, _npus)
"""An NPU, or all from one to another."""
DIGITS_NPUS: Slot[range] = Slot("N|N-M", _THE_NPU, _some_npus, _npus, _begins_a_device)
"""Likewise, where words may stand as well."""


def _source(reader: Reader) -> Iterator[Offer]:
    return _devices(reader, {src for src, _ in reader.session.links})


def _target(reader: Reader) -> Iterator[Offer]:
    src = reader.parsed.get(SOURCE)
    return _devices(reader, {to for at, to in reader.session.links if at == src})


def _devices(reader: Reader, devices: set[int]) -> Iterator[Offer]:
    names = reader.session.stepper.state.device_names
    for device in islice(sorted(devices), _MOST):
        yield Offer(names.word(device), names[device])


def _device(what: str) -> Slot[int]:
    return Slot(
        "FROM" if what == _SENDS else "TO",
        what,
        lambda reader: _device_of(reader, what),
        _source if what == _SENDS else _target,
        _begins_a_device if what == _SENDS else _is_taken,
    )


_SENDS, _RECEIVES = "the device that sends", "the device that receives"
SOURCE = _device(_SENDS)
TARGET = _device(_RECEIVES)
"""The ends of a link."""


def _time(reader: Reader) -> Ns:
    word = reader.take(_A_TIME)
    token = reader.token
    if token is not None and token.raw in DURATION.units and word[-1:].isdigit():
        word += reader.take("the unit")
    return time_of(word)


def _units(reader: Reader) -> Iterator[Offer]:
    typed = reader.typed or ""
    if typed[-1:].isdigit():
        meanings = {"ns": "nanoseconds", "us": "microseconds", "ms": "milliseconds", "s": "seconds"}
        for unit, meaning in meanings.items():
            yield Offer(f"{typed}{unit}", meaning)


_A_TIME = "a time, such as 5000 or 5us,"
TIME: Slot[Ns] = Slot("TIME", _A_TIME, _time, _units)
"""A simulated time; a blank may stand before its unit."""


def _has_unit(reader: Reader) -> bool:
    token = reader.token
    if token is None or not token.raw[0].isdigit():
        return False
    behind = reader.line[token.end :].split(maxsplit=1)
    return token.raw[-1] == "s" or (bool(behind) and behind[0] in DURATION.units)


TIME_WITH_UNIT: Slot[Ns] = Slot("TIME", _A_TIME, _time, _units, _has_unit)
"""A simulated time that can't be taken for a number of something else."""

EVENTS = Slot(
    "EVENTS",
    "a number of events",
    lambda reader: whole_number(reader.take("a number of events"), "a number of events"),
    fits=_begins_with_digit,
)
"""A position."""


def _marks(reader: Reader) -> Iterator[Offer]:
    for name, position in reader.session.marks.items():
        yield Offer(name, f"event {position:,}")


MARK = Slot("MARK", "a mark", lambda reader: reader.take("a mark"), _marks)
"""The name of a position."""
NAME = Slot("NAME", "a name", lambda reader: reader.take("a name"))
"""A name for one."""


def _breakpoints(reader: Reader) -> Iterator[Offer]:
    for point in reader.session.stepper.breakpoints:
        yield Offer(str(point.number), str(point))
    yield Offer(LAST, "the last breakpoint that was set")


def _breakpoint(reader: Reader) -> int:
    word = reader.take(_BREAKPOINT)
    if word != LAST:
        return whole_number(word, _BREAKPOINT)
    numbers = [point.number for point in reader.session.stepper.breakpoints]
    if not numbers:
        raise CommandError("no breakpoint is set")
    return numbers[-1]


_BREAKPOINT = "the breakpoint's number"
BREAKPOINT: Slot[int] = Slot("N", _BREAKPOINT, _breakpoint, _breakpoints)
"""A breakpoint by its number, or the last that was set."""
LAST = "last"
"""Stands for the number of the last breakpoint that was set."""


def _files(reader: Reader) -> Iterator[Offer]:
    folder, slash, name = (reader.typed or "").rpartition("/")
    before = f"{folder}{slash}"
    with suppress(OSError):  # a folder that isn't there, or can't be read, offers nothing
        there = sorted(Path(before or ".").iterdir())
        for path in islice((path for path in there if path.name.startswith(name)), _MOST):
            yield Offer(f"{before}{path.name}{'/' if path.is_dir() else ''}")


FILE = Slot("FILE", "the file", lambda reader: reader.take("the file"), _files)
"""A path."""
