"""The result as a JSON file, written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any

from simastra.cli.options.arguments import Inputs
from simastra.cli.options.outputs import OutputFile
from simastra.errors import DeadlockError
from simastra.json_text import indented_json
from simastra.notices import Notice
from simastra.report import statistics
from simastra.result import Result
from simastra.simulation import Options
from simastra.version import version

if TYPE_CHECKING:  # for the few runs that are explained, or told at length
    from simastra.explain import Explanation
    from simastra.report.run_records import RunRecorder


class JsonFile:
    """A file that will hold a result.

    Args:
        file: which.
        inputs: what is simulated.
        options: how, as the trace has decided what was left to it.
        explain: gives the explanation that goes with the result; None if there is to be none.
    """

    recorders: Sequence[RunRecorder] = ()
    """What hears the run for it: nothing, since a result is there without."""

    notices: Sequence[Notice] = ()
    """What is left out of it: nothing."""

    def __init__(
        self,
        file: OutputFile,
        inputs: Inputs,
        options: Options,
        explain: Callable[[], Explanation] | None = None,
    ) -> None:
        self._inputs = replace(inputs, options=options)
        self._file = file
        self._explain = explain

    def write_result(self, result: Result) -> None:
        """Replace the file's content by a simulation that finished, in one move.

        Raises:
            OptionError: if that fails; the file is then as it was.
        """
        if self._explain is not None:
            result = replace(result, explanation=self._explain().record())
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
            file.writelines(indented_json(document))
            file.write("\n")


def _result_document(inputs: Inputs, result: Result) -> dict[str, Any]:
    """The JSON of a simulation that finished."""
    return {
        **_header(inputs),
        "finished": True,
        **result.document(),
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
        **known.document(),
        "makespan": None,
    }


def _header(inputs: Inputs) -> dict[str, Any]:
    return {
        "simastra": version(),
        "inputs": inputs.files(),
        "options": inputs.options.to_dict(),
    }
