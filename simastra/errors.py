"""Every exception that simastra raises on purpose.

SimastraError
├── InputError          a file, key, option or node is wrong; the command line exits with 2
│   ├── TraceError      an execution trace can't be read or makes no sense
│   ├── ConfigError     a system, network, memory or communicator-group file is wrong
│   ├── OptionError     a command-line option, or its argument in Python, is wrong
│   ├── ArgumentError   an argument in Python is of a wrong type; a TypeError, too
│   ├── TextError       a text workload is wrong (simastra.convert.text)
│   ├── TableError      a table of symbolic tensors is wrong (simastra.transformer)
│   ├── TimeRangeError  the simulated time would pass 2^63 - 1 ns
│   ├── CommandError    a debugger's command is wrong (simastra.debug)
│   └── MissingPackageError an optional package, such as pandas or PyTorch, isn't here
└── DeadlockError       the simulation can't finish; the command line exits with 3
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.legible import legible, one_line
from simastra.view.phrases import left_out

if TYPE_CHECKING:
    from simastra.view import html, table
else:  # only notebooks ask
    html = deferred("simastra.view.html")
    table = deferred("simastra.view.table")


class SimastraError(Exception):
    """Root of all errors that simastra raises on purpose. Its text is one message for a person.

    Args:
        message: what is shown, made `legible` first.
    """

    def __init__(self, message: str) -> None:
        super().__init__(legible(message))

    def __reduce__(self) -> tuple[object, ...]:
        # For other processes: `args` has the message, which not all subclasses take.
        return _remade, (type(self), self.args), self.__dict__


def _remade(kind: type[SimastraError], args: tuple[object, ...]) -> SimastraError:
    return kind.__new__(kind, *args)


class InputError(SimastraError):
    """What the user gave is wrong. The message says where, and what would be right."""

    def on_command_line(self) -> str:
        """The message in the words of the command line."""
        return str(self)


class TraceError(InputError):
    """An execution trace can't be read, or what it says can't be run.

    Attributes:
        source: the trace file, or None for a trace built in memory.
        problem: what is wrong, and what would be right.
        offset: byte offset in the (uncompressed) file at which the problem was met, if known.
        node: id of the ET node concerned, if one is.
    """

    def __init__(
        self,
        problem: str,
        *,
        source: Path | str | None = None,
        offset: int | None = None,
        node: int | None = None,
    ) -> None:
        self.source = source
        self.problem = problem
        self.offset = offset
        self.node = node
        where = [one_line(str(source)) if source is not None else "trace"]
        if offset is not None:
            where.append(f"byte {offset}")
        if node is not None:
            where.append(f"node {node}")
        super().__init__(f"{', '.join(where)}: {problem}")


_LONGEST_KEY = 200


class ConfigError(InputError):
    """A configuration file (or model) is wrong. Its text has a line for each mistake.

    Attributes:
        source: the file, or a word such as "system" for a model made in memory.
        key: the key concerned, dotted and indexed as in ``bandwidth[1]``, if one is.
        problem: what is wrong, and what would be right.
        mistakes: an error for each mistake; this one's source, key and problem are the first's.
    """

    def __init__(
        self,
        problem: str,
        *,
        source: Path | str,
        key: str | None = None,
        more: Sequence[ConfigError] = (),
    ) -> None:
        self.source = source
        self.key = key
        self.problem = problem
        self._more = tuple(more)
        name = one_line(str(source))
        where = f"{name}: {one_line(_shortened(key))}" if key else name
        lines = [f"{where}: {problem}", *map(str, self._more[: _MOST_MISTAKES - 1])]
        if rest := left_out(len(self._more) + 1 - _MOST_MISTAKES, "mistakes"):
            lines.append(f"... {rest}")
        super().__init__("\n".join(lines))

    @classmethod
    def of(cls, errors: Iterable[ConfigError]) -> ConfigError:
        """One error with the mistakes of one or more."""
        first, *more = (it for error in errors for it in error.mistakes)
        if not more:
            return first
        return cls(first.problem, source=first.source, key=first.key, more=more)

    @property
    def mistakes(self) -> tuple[ConfigError, ...]:
        """Each mistake as an error of its own."""
        if not self._more:
            return (self,)
        return ConfigError(self.problem, source=self.source, key=self.key), *self._more


_MOST_MISTAKES = 12


def _shortened(key: str) -> str:
    """A key as far as it is found again: it may be anything, so that it hides what is wrong."""
    return key if len(key) <= _LONGEST_KEY else f"{key[:_LONGEST_KEY]}..."


class OptionError(InputError):
    """A command-line option, or the argument of the same meaning in Python, is wrong.

    Attributes:
        option: its name on the command line, without dashes.
        argument: its name in Python, which the message has.
        problem: what is wrong, and what would be right.
    """

    def __init__(self, option: str, problem: str) -> None:
        self.option = option
        self.argument = _argument(option)
        self.problem = problem
        super().__init__(f"{self.argument}: {problem}")

    def on_command_line(self) -> str:
        """The message, with the option's name."""
        return legible(f"--{self.option}: {self.problem}")


def _argument(option: str) -> str:
    return _ARGUMENTS.get(option, option.removeprefix("bytes-of-").replace("-", "_"))


_ARGUMENTS = {
    "compat": "dialect",
    "network-backend": "backend",
    "num-queues-per-dim": "queues_per_dimension",
    "rendezvous-protocol": "rendezvous",
    "workload-configuration": "workload",
}
"""Options that are called otherwise in Python than by their name with underscores.

Those of precision, such as ``bytes-of-weights``, are fields of `Precision`.
"""


class ArgumentError(InputError, TypeError):
    """An argument in Python is of another type than is wanted.

    Attributes:
        argument: its name.
    """

    def __init__(self, argument: str, wanted: str, given: object, hint: str = "") -> None:
        self.argument = argument
        kind = type(given).__name__
        article = "an" if kind[:1].lower() in "aeiou" else "a"
        super().__init__(f"{argument} must be {wanted}, not {article} {kind}{hint and f'; {hint}'}")


class TimeRangeError(InputError):
    """Something would happen later than the last time that can be simulated.

    Attributes:
        time: when it would happen, in ns.
        call: what would be called then.
        what: the same in words, for a person.
        spent_on: what would take until then, None where that isn't said.
    """

    def __init__(
        self,
        time: int,
        call: object = None,
        what: str = "something",
        spent_on: str | None = None,
    ) -> None:
        self.time = time
        self.call = call
        self.what = what
        self.spent_on = spent_on
        super().__init__(
            f"{what} would end at {time} ns, and simulated time ends at 2^63 - 1; make durations, "
            "sizes and latencies smaller, or bandwidths larger"
        )
        self._message = super().__str__()
        self.args = (time, call, what, spent_on)  # SimPy makes it again from these

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.time, None, self.what)  # the call is part of the running model

    def __str__(self) -> str:
        return self._message


class MissingPackageError(InputError, ImportError):
    """An optional package isn't installed. Also an ImportError, since an import is what it ends.

    Attributes:
        package: its name.
        extra: the extra of simastra that brings it.
    """

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        self.package = package
        self.extra = extra
        super().__init__(
            f"{purpose} needs {package}, which is not installed here; "
            f"install the extra that brings it: pip install 'simastra[{extra}]'"
        )


class Cause(StrEnum):
    """Why an NPU waits: for ever, as far as it can be told; `UNDER_WAY` will end by itself."""

    MISSING_SEND = "missing send"
    MISSING_RECEIVE = "missing receive"
    SIZE_MISMATCH = "size mismatch"
    TAG_MISMATCH = "tag mismatch"
    COLLECTIVE_MISMATCH = "collectives in different order, kind or size"
    STREAM_ORDER = "chunks started in different order"
    MISSING_COLLECTIVE = "missing collective"
    TAG_COLLISION = "send and collective with the same tag"
    GROUP_MISMATCH = "group mismatch"
    UNIT_HELD = "partner's unit is held"
    PARTNER_WAITS = "partner waits"
    UNDER_WAY = "under way"
    UNKNOWN = "unknown"


SYMPTOMS = (Cause.UNIT_HELD, Cause.PARTNER_WAITS, Cause.UNDER_WAY, Cause.UNKNOWN)
"""Causes that don't say what is wrong: somebody else has to be looked at."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A node that is under way, and what it waits for.

    Attributes:
        npu: the NPU.
        node: id of the ET node.
        name: its name.
        what: what it waits for, in words.
        peers: NPUs that it waits for.
        cause: why that doesn't come.
        explanation: the same in words, with the partner's side.
    """

    npu: int
    node: int
    name: str
    what: str
    peers: tuple[int, ...]
    cause: Cause
    explanation: str

    def __str__(self) -> str:
        return (
            f"NPU {self.npu}, node {self.node} ({self.name!r}) {self.what}: {self.explanation} "
            f"[{self.cause}]"
        )


class DeadlockError(SimastraError):
    """Some NPUs have not finished, and nothing can happen any more.

    Attributes:
        waits: who waits for what; those whose cause is known first.
        cycle: NPUs each of which waits for the next, and the last for the first; empty if none do.
        unfinished: the NPUs that have not finished.
        time: when the simulation stood still, in ns; None where it was never run.
        remarks: what else may explain it.
    """

    def __init__(
        self,
        waits: tuple[Wait, ...],
        cycle: tuple[int, ...],
        unfinished: tuple[int, ...],
        time: int | None,
        remarks: tuple[str, ...] = (),
    ) -> None:
        self.waits = waits
        self.cycle = cycle
        self.unfinished = unfinished
        self.time = time
        self.remarks = remarks
        super().__init__("\n  ".join(self._lines()))

    def _repr_html_(self) -> str:
        first, *rest = self._lines()
        rows = tuple(
            (it.npu, it.node, it.name, it.what, it.explanation, it.cause) for it in self.waits
        )
        columns = (*table.right("NPU", "node"), *table.left("name", "it", "because", "cause"))
        shown = html.notebook_table(table.Table(columns, rows), most=_SHOWN_WAITS)
        # Of the lines below the waits, those that say what the table doesn't.
        told = ("they wait", "likely cause", *self.remarks)
        ends = [it for it in rest if it.startswith(told)]
        return html.joined(html.title(first), shown, *map(html.line, ends))

    def _lines(self) -> list[str]:
        count = len(self.unfinished)
        npus = f"{count} {'NPU' if count == 1 else 'NPUs'}"
        lines = [
            f"deadlock: whatever the timing, {npus} can't finish"
            if self.time is None
            else f"deadlock: the simulation stands still at {self.time:,} ns with {npus} unfinished"
        ]
        lines.extend(str(wait) for wait in self.waits[:_SHOWN_WAITS])
        if rest := left_out(len(self.waits) - _SHOWN_WAITS, "waits"):
            lines.append(f"... {rest}")
        if self.cycle:
            ring = " -> ".join(f"NPU {npu}" for npu in (*self.cycle, self.cycle[0]))
            lines.append(f"they wait in a circle: {ring}")
        roots = [wait.cause for wait in self.waits if wait.cause not in SYMPTOMS]
        if roots:
            lines.append(f"likely cause: {roots[0]}")
        elif any(wait.cause is Cause.UNIT_HELD for wait in self.waits):
            lines.append(
                "likely cause: partners' communication units are held by nodes that wait; give the "
                "node that must go first a lower id, or let the other depend on it"
            )
        elif self.cycle:
            lines.append(
                "likely cause: each waits first for what the next does later, as where all receive "
                "before they send, or ask for collectives in different order"
            )
        return [*lines, *self.remarks]


_SHOWN_WAITS = 12
