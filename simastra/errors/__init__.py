"""Every exception that simastra raises on purpose.

SimastraError
├── InputError          a file, key, option or node is wrong; the command line exits with 2
│   ├── TraceError      an execution trace can't be read or makes no sense
│   ├── ConfigError     a system, network, memory or communicator-group file is wrong
│   ├── OptionError     a command-line option, or its argument in Python, is wrong
│   ├── ArgumentError   an argument in Python is of a wrong type; a TypeError, too
│   ├── TextError       a text workload is wrong (simastra.convert.text)
│   ├── TableError      a table of symbolic tensors is wrong (simastra.transformer)
│   ├── ScheduleError   a schedule of a collective is wrong (simastra.collective_schedules)
│   ├── TimeRangeError  the simulated time would pass 2^63 - 1 ns
│   ├── CommandError    a debugger's command is wrong (simastra.debug)
│   └── MissingPackageError an optional package, such as pandas or PyTorch, isn't here
└── DeadlockError       the simulation can't finish; the command line exits with 3

root       SimastraError
inputs     InputError, and the kinds of it that anybody may meet
deadlocks  DeadlockError: who waits for what, and why
"""

from typing import TYPE_CHECKING

from simastra.deferred import deferred_names

from .inputs import (
    ArgumentError,
    ConfigError,
    InputError,
    MissingPackageError,
    OptionError,
    TimeRangeError,
    TraceError,
)
from .root import SimastraError

if TYPE_CHECKING:
    from .deadlocks import SYMPTOMS, Cause, DeadlockError, Wait
else:  # most runs end
    __getattr__ = deferred_names(
        __name__, {"deadlocks": ("SYMPTOMS", "Cause", "DeadlockError", "Wait")}
    )

__all__ = [
    "SYMPTOMS",
    "ArgumentError",
    "Cause",
    "ConfigError",
    "DeadlockError",
    "InputError",
    "MissingPackageError",
    "OptionError",
    "SimastraError",
    "TimeRangeError",
    "TraceError",
    "Wait",
]
