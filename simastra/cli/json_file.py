"""The result as a JSON file: checked before the run, written whole or not at all."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from simastra.errors import DeadlockError, OptionError
from simastra.replacing import FILE_TROUBLE, reason, replacing
from simastra.report import statistics
from simastra.result import Result

from .arguments import Inputs
from .version import version

_OPTION = "json"


class JsonFile:
    """A file that will hold a result.

    Args:
        name: its path.
        inputs: paths of files that it may not replace.

    Raises:
        OptionError: if it can't be written.
    """

    def __init__(self, name: str, inputs: Sequence[str]) -> None:
        if name == "-":
            raise OptionError(
                _OPTION, "stdout carries the finish lines; name a file, such as result.json"
            )
        try:
            self.path = Path(name).resolve()
            self._check(name, inputs)
            _try_to_make_a_file_beside(self.path)
        except FILE_TROUBLE as error:
            raise _cannot_write(name, error) from None

    def _check(self, name: str, inputs: Sequence[str]) -> None:
        if not self.path.parent.is_dir():
            raise OptionError(
                _OPTION, f"there is no folder {self.path.parent} to put {self.path.name} in"
            )
        if self.path.exists() and not self.path.is_file():
            raise OptionError(_OPTION, f"{name} isn't a regular file; name a file")
        for file in inputs:
            if self.path.exists() and Path(file).exists() and self.path.samefile(file):
                raise OptionError(_OPTION, f"{name} is an input; name another file")

    def write(self, document: dict[str, Any]) -> None:
        """Replace the file's content, in one move.

        Raises:
            OptionError: if that fails; the file is then as it was.
        """
        try:
            with replacing(self.path) as unfinished, unfinished.open("x", encoding="utf-8") as file:
                json.dump(document, file, indent=1)
                file.write("\n")
        except OSError as error:
            raise _cannot_write(str(self.path), error) from None


def _try_to_make_a_file_beside(path: Path) -> None:
    """Nothing but trying tells whether a file can be made in a folder."""
    trial = path.with_name(f".{path.name}.{os.getpid()}.try")
    trial.touch(exist_ok=False)
    trial.unlink()


def result_document(inputs: Inputs, result: Result) -> dict[str, Any]:
    """The JSON of a simulation that finished."""
    return {
        **_header(inputs),
        "finished": True,
        **result.to_dict(),
        "statistics": [npu.to_dict() for npu in statistics(result)],
    }


def deadlock_document(inputs: Inputs, known: Result, deadlock: DeadlockError) -> dict[str, Any]:
    """The JSON of a simulation that can't finish: what is known of it, and who waits for what.

    ``makespan`` is null, since not everybody finished; ``time`` is when it stood still, in ns.
    """
    return {
        **_header(inputs),
        "finished": False,
        "time": deadlock.time,
        "unfinished": list(deadlock.unfinished),
        "waits": [asdict(wait) for wait in deadlock.waits],
        "cycle": list(deadlock.cycle),
        **known.to_dict(),
        "makespan": None,
    }


def _header(inputs: Inputs) -> dict[str, Any]:
    options = inputs.options
    return {
        "simastra": version(),
        "inputs": {
            "workload": inputs.workload,
            "system": inputs.system,
            "network": inputs.network,
            "memory": inputs.memory,
            "comm-groups": inputs.comm_groups,
        },
        "options": {
            "network-backend": options.backend,
            "compat": options.dialect.name,
            "num-queues-per-dim": options.queues_per_dimension,
            "injection-scale": options.injection_scale,
            "rendezvous-protocol": options.rendezvous,
            "extended-collectives": options.dialect.extended_collectives,
        },
    }


def _cannot_write(name: str, error: Exception) -> OptionError:
    return OptionError(_OPTION, f"{name} can't be written: {reason(error)}")
