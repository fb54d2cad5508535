"""What `simastra.collect` asks of PyTorch, where there is none: two recorders that record nothing.

They keep what PyTorch's keep to: one execution trace at a time; a device trace when the steps of
the schedule have been done, with the name of its file in it.
"""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


class ProfilerActivity(Enum):
    """What is recorded."""

    CPU = "cpu"
    CUDA = "cuda"


@dataclass
class Machine:
    """The process and its GPUs, as PyTorch sees them, and what it was asked for.

    Attributes:
        gpus: whether there are any.
        is_available: whether torch.distributed is.
        rank: in it; None where it isn't initialized.
        profiles: arguments of each profiler that was made.
        observed: observers that are on; more than one never are.
        stops_badly: whether a profiler fails when it is stopped.
    """

    gpus: bool = False
    is_available: bool = True
    rank: int | None = None
    profiles: list[dict[str, Any]] = field(default_factory=list)
    observed: list["Observer"] = field(default_factory=list)
    stops_badly: bool = False


class Observer:
    """Stands in for ExecutionTraceObserver."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._registered = False

    def register_callback(self, path: str) -> None:
        """Begin the file, unless another one has been begun."""
        self._registered = True
        if not self._machine.observed:
            self._machine.observed.append(self)
            Path(path).write_text('{"schema": "host"}\n')

    def unregister_callback(self) -> None:
        """End the file."""
        self._machine.observed.remove(self)

    def __del__(self) -> None:
        """As PyTorch's: it takes away whichever is on, if it believes to be so."""
        if self._registered and self not in self._machine.observed:
            self._machine.observed.clear()


class Profiler:
    """Stands in for torch.profiler.profile."""

    def __init__(self, machine: Machine, arguments: dict[str, Any]) -> None:
        self._machine = machine
        self._arguments = arguments
        self._begun = False
        self._done = 0
        machine.profiles.append(arguments)

    def start(self) -> None:
        """Begin."""
        self._begun = True

    def step(self) -> None:
        """A step has ended."""
        assert self._begun
        self._done += 1
        plan = self._arguments["schedule"]
        if self._done == plan["wait"] + plan["warmup"] + plan["active"]:
            self._arguments["on_trace_ready"](self)

    def stop(self) -> None:
        """End."""
        self._begun = False
        if self._machine.stops_badly:
            raise OSError("the profiler can't stop")

    def export_chrome_trace(self, path: str) -> None:
        """Write the device trace."""
        lines = [{"traceEvents": []}, {"traceName": path}, {"again": f"{path}{path}"}]
        Path(path).write_text("".join(f"{json.dumps(line)}\n" for line in lines))


def put_in_place(patch: pytest.MonkeyPatch) -> Machine:
    """Let this be PyTorch, and `simastra.collect` be imported anew, as long as `patch` lasts."""
    machine = Machine()
    modules: dict[str, dict[str, Callable[..., object] | type]] = {
        "torch": {},
        "torch.cuda": {"is_available": lambda: machine.gpus},
        "torch.distributed": {
            "is_available": lambda: machine.is_available,
            "is_initialized": lambda: machine.rank is not None,
            "get_rank": lambda: machine.rank,
        },
        "torch.profiler": {
            "ExecutionTraceObserver": lambda: Observer(machine),
            "ProfilerActivity": ProfilerActivity,
            "profile": lambda **arguments: Profiler(machine, arguments),
            "schedule": lambda **plan: plan,
        },
    }
    for name in list(_own(sys.modules)):
        patch.delitem(sys.modules, name)
    torch = ModuleType("torch")
    for name, content in modules.items():
        module = torch if name == "torch" else ModuleType(name)
        module.__spec__ = ModuleSpec(name, None, is_package=name == "torch")
        vars(module).update(content)
        patch.setitem(sys.modules, name, module)
        if module is not torch:
            setattr(torch, name.removeprefix("torch."), module)
    return machine


def _own(names: object) -> Iterator[str]:
    assert isinstance(names, dict)
    yield from (name for name in names if name.startswith("simastra.collect"))
