"""Every exception that simastra raises on purpose.

SimastraError
├── InputError          a file, key, option or node is wrong; the command line exits with 2
│   ├── TraceError      an execution trace can't be read or makes no sense
│   ├── ConfigError     a system, network, memory or communicator-group file is wrong
│   └── OptionError     a command-line option, or its argument in Python, is wrong
└── DeadlockError       the simulation can't finish; the command line exits with 3
"""

from dataclasses import dataclass
from pathlib import Path


class SimastraError(Exception):
    """Root of all errors that simastra raises on purpose. Its text is one message for a person."""


class InputError(SimastraError):
    """What the user gave is wrong. The message says where, and what would be right."""


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
        where = [str(source) if source is not None else "trace"]
        if offset is not None:
            where.append(f"byte {offset}")
        if node is not None:
            where.append(f"node {node}")
        super().__init__(f"{', '.join(where)}: {problem}")


class ConfigError(InputError):
    """A configuration file (or model) is wrong.

    Attributes:
        source: the file, or a word such as "system" for a model made in memory.
        key: the key concerned, dotted and indexed as in ``bandwidth[1]``, if one is.
        problem: what is wrong, and what would be right.
    """

    def __init__(self, problem: str, *, source: Path | str, key: str | None = None) -> None:
        self.source = source
        self.key = key
        self.problem = problem
        where = f"{source}: {key}" if key else f"{source}"
        super().__init__(f"{where}: {problem}")


class OptionError(InputError):
    """A command-line option, or the argument of the same meaning in Python, is wrong.

    Attributes:
        option: its name on the command line, without dashes.
        problem: what is wrong, and what would be right.
    """

    def __init__(self, option: str, problem: str) -> None:
        self.option = option
        self.problem = problem
        super().__init__(f"--{option}: {problem}")


@dataclass(frozen=True, slots=True)
class Wait:
    """A node that was under way when nothing could happen any more.

    Attributes:
        npu: the NPU.
        node: id of the ET node.
        name: its name.
        resource: the hardware resource that it holds.
    """

    npu: int
    node: int
    name: str
    resource: str

    def __str__(self) -> str:
        return f"NPU {self.npu} waits for node {self.node} ({self.name!r}, on {self.resource})"


class DeadlockError(SimastraError):
    """Some NPUs have not finished, and nothing can happen any more.

    Attributes:
        waits: who waits for what.
        time: when the simulation stood still, in ns.
    """

    def __init__(self, waits: tuple[Wait, ...], time: int) -> None:
        self.waits = waits
        self.time = time
        lines = [f"the simulation stands still at {time} ns:", *map(str, waits)]
        super().__init__("\n  ".join(lines))
