"""The result as a JSON file, written whole or not at all."""

import json
from dataclasses import asdict, replace
from io import TextIOWrapper
from typing import Any

from simastra.cli.options.arguments import Inputs
from simastra.cli.options.outputs import OutputFile
from simastra.cli.version import version
from simastra.errors import DeadlockError
from simastra.report import statistics
from simastra.result import Result
from simastra.simulation import Options


class JsonFile:
    """A file that will hold a result.

    Args:
        file: which.
        inputs: what is simulated.
        options: how, as the trace has decided what was left to it.
    """

    def __init__(self, file: OutputFile, inputs: Inputs, options: Options) -> None:
        self._inputs = replace(inputs, options=options)
        self._file = file

    def write_result(self, result: Result) -> None:
        """Replace the file's content by a simulation that finished, in one move.

        Raises:
            OptionError: if that fails; the file is then as it was.
        """
        self._write(_result_document(self._inputs, result))

    def write_deadlock(self, known: Result, deadlock: DeadlockError) -> None:
        """Replace the file's content by a simulation that can't finish, in one move.

        Args:
            known: what is known of it.
            deadlock: who waits for what.

        Raises:
            OptionError: if that fails; the file is then as it was.
        """
        self._write(_deadlock_document(self._inputs, known, deadlock))

    def _write(self, document: dict[str, Any]) -> None:
        with self._file.replaced() as raw, TextIOWrapper(raw, encoding="utf-8") as file:
            json.dump(document, file, indent=1)
            file.write("\n")


def _result_document(inputs: Inputs, result: Result) -> dict[str, Any]:
    """The JSON of a simulation that finished."""
    return {
        **_header(inputs),
        "finished": True,
        **result.to_dict(),
        "statistics": [npu.to_dict() for npu in statistics(result)],
    }


def _deadlock_document(inputs: Inputs, known: Result, deadlock: DeadlockError) -> dict[str, Any]:
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
    return {
        "simastra": version(),
        "inputs": {
            "workload": inputs.workload,
            "system": inputs.system,
            "network": inputs.network,
            "memory": inputs.memory,
            "comm-groups": inputs.comm_groups,
        },
        "options": inputs.options.to_dict(),
    }
