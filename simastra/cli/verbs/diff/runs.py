"""The two runs that are compared: read from files, or simulated here."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simastra.cli.loading import load
from simastra.cli.notices import heed
from simastra.cli.options.arguments import add_file_options, read_inputs
from simastra.cli.options.command_files import check_files
from simastra.cli.options.parser import Parser
from simastra.cli.options.settings import add_setting_options
from simastra.cli.options.twins import Twins
from simastra.cli.output import stderr_is_terminal, tell
from simastra.deferred import deferred
from simastra.errors import DeadlockError, InputError
from simastra.notices import Notice
from simastra.report.result_files import ResultFile, read_result_file
from simastra.result import Result
from simastra.simulation import Options, Simulation

if TYPE_CHECKING:
    from simastra.cli import progress
else:  # rich takes as long as all the rest
    progress = deferred("simastra.cli.progress")

_FILES = (
    "workload",
    "system",
    "network",
    "memory",
    "comm_groups",
    "calibration",
    "scenario",
    "replicate",
)
_TWO = 2


def _declare(parser: Parser) -> None:
    add_file_options(parser)
    add_setting_options(parser)


TWINS = Twins(_declare, without=("shortcuts", "order"))
"""The options of B's inputs and settings. What is explained takes no shortcut."""


@dataclass(frozen=True, slots=True)
class NamedRun:
    """One of the two.

    Attributes:
        name: what it is: its file, or what of its inputs is not the other's.
        result: it, with an explanation.
        inputs: the files that were simulated, by the names of their options.
        settings: how, likewise.
    """

    name: str
    result: Result
    inputs: Mapping[str, str]
    settings: Mapping[str, object]


def two_runs(arguments: argparse.Namespace) -> tuple[NamedRun, NamedRun]:
    """Read and simulate what a command line names.

    Raises:
        InputError: it doesn't name two runs, or one can't be had.
        DeadlockError: a simulation can't finish.
    """
    files: Sequence[str] = arguments.results
    _refuse_wrong_number(arguments, files)
    if len(files) == _TWO:
        first, second = map(_read, files)
        return first, second
    if files:
        before = _read(files[0])
        (simulated,) = _simulated(arguments, [("B", arguments)])
        return before, replace(simulated, name=_differing(before, simulated))
    one, other = _simulated(arguments, [("A", arguments), ("B", TWINS.second(arguments))])
    return one, other


def _refuse_wrong_number(arguments: argparse.Namespace, files: Sequence[str]) -> None:
    given = [f"--{name.replace('_', '-')}" for name in _FILES if vars(arguments)[name] is not None]
    own = [f"{option}-b" for option in TWINS.given(arguments).values()]
    if len(files) > _TWO:
        raise InputError(f"unexpected {files[_TWO]!r}: two results are compared, no more")
    if len(files) == _TWO and (given or own):
        raise InputError(f"{(given + own)[0]}: both results are given already; leave it out")
    if len(files) == 1 and own:
        raise InputError(f"{own[0]}: {files[0]} is A, and B's options have no -b; leave it out")
    if len(files) == 1 and not given:
        raise InputError(
            f"{files[0]} is A; name B, another result or inputs, as in: "
            f"simastra diff {shlex.quote(files[0])} --workload PREFIX --system FILE --network FILE"
        )
    if not files and not given:
        raise InputError(
            "nothing to compare: give two results of 'simastra run --explain --json', or inputs, "
            "as in: simastra diff --workload PREFIX --system FILE --network FILE --network-b FILE"
        )
    if not files and not own:
        raise InputError(
            "B is nothing but A: say what is different in it, as in --network-b FILE; each option "
            "of A has one for B"
        )


def _read(path: str) -> NamedRun:
    stored = read_result_file(path)
    if stored.result.explanation is None:
        command = shlex.join(["simastra", "run", *_again(stored), "--explain", "--json", path])
        raise InputError(
            f"{path}: it has no explanation, which a difference is made of; write it anew by: "
            f"{command}"
        )
    return NamedRun(path, stored.result, stored.inputs, stored.options)


def _again(stored: ResultFile) -> Iterator[str]:
    """The options that simulate what a file has."""
    for name, value in stored.inputs.items():
        yield from (f"--{name}", value)
    usual = Options().to_dict()
    for name, setting in stored.options.items():
        if setting is True:
            yield f"--{name}"
        elif setting != usual.get(name):
            yield from (f"--{name}", str(setting))


def _simulated(
    arguments: argparse.Namespace, wanted: Sequence[tuple[str, argparse.Namespace]]
) -> list[NamedRun]:
    """Simulate; all inputs are read before the first simulation begins."""
    on_terminal = stderr_is_terminal() and not arguments.quiet
    inputs = [read_inputs(of_one) for _, of_one in wanted]
    simulations = [load(it, with_bar=on_terminal, by_events=True) for it in inputs]
    check_files(arguments, inputs=[name for it in simulations for name in it.files])
    notices: dict[Notice, None] = {}
    for it, simulation in zip(inputs, simulations, strict=True):
        notices.update(dict.fromkeys(it.all_notices(simulation)))
    heed(tuple(notices), arguments, with_infos=on_terminal)
    runs = []
    for (which, of_one), it, simulation in zip(wanted, inputs, simulations, strict=True):
        result = _explained(simulation, which, with_bar=on_terminal)
        settings = simulation.options.to_dict()
        runs.append(NamedRun(_name(arguments, of_one), result, it.given_files(), settings))
    return runs


def _explained(simulation: Simulation, which: str, *, with_bar: bool) -> Result:
    """Simulate one of the two, with an explanation."""
    try:
        if not with_bar:
            return simulation.run(explain=True)
        bar = progress.ProgressBar()
        with bar.shown(simulation.trace, f"simulating {which}"):
            return simulation.run(explain=True, probes=[bar])
    except DeadlockError:
        tell(f"{which} doesn't finish, so that there is nothing to compare")
        raise


def _name(arguments: argparse.Namespace, of_one: argparse.Namespace) -> str:
    """What of its inputs isn't the other's, as options."""
    values = vars(of_one)
    given = TWINS.given(arguments).items()
    return " ".join(f"{option} {shlex.quote(_word(values[dest]))}" for dest, option in given)


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _differing(before: NamedRun, run: NamedRun) -> str:
    """What of a run was something else before, as options; the workload if nothing was."""
    known = {**before.inputs, **before.settings}
    given = {**run.inputs, **run.settings}
    others = {name: value for name, value in given.items() if known.get(name) != value}
    named = others or {"workload": run.inputs["workload"]}
    return " ".join(f"--{name} {shlex.quote(_word(value))}" for name, value in named.items())
