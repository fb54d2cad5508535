"""Errors of who gave the inputs: each says where something is wrong, and what would be right."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from simastra.legible import legible, located, one_line
from simastra.view.phrases import left_out

from .root import SimastraError


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
        at = None if offset is None else f"byte {offset}"
        of = None if node is None else f"node {node}"
        super().__init__(located(problem, "trace" if source is None else source, at, of))

    def __reduce__(self) -> tuple[Callable[[], TraceError], tuple[()]]:
        """What another process makes the same of."""
        place = partial(type(self), source=self.source, offset=self.offset, node=self.node)
        return partial(place, self.problem), ()


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

    def __reduce__(self) -> tuple[type[OptionError], tuple[str, str]]:
        """What another process makes the same of."""
        return type(self), (self.option, self.problem)

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
            f"{purpose} needs {package}, which is not installed here; {_remedy(package, extra)}"
        )

    def _render_traceback_(self) -> list[str]:
        """What IPython shows below a cell: the message alone, since no line of code is wrong."""
        return [str(self)]


def _remedy(package: str, extra: str) -> str:
    if sys.platform == "emscripten":  # Pyodide: Python in a browser, which has no pip of its own
        return f"with a network, run %pip install {package} in a cell, and this one again"
    return f"install the extra that brings it: pip install 'simastra[{extra}]'"
