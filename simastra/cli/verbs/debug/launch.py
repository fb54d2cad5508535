"""What an editor gives to be debugged: the options of the command line as keys, and a few more."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simastra.cli.notices import refuse_warnings
from simastra.cli.options.arguments import add_input_options, read_inputs
from simastra.cli.options.common import add_strict_option
from simastra.cli.options.parser import Parser
from simastra.debug.adapter import JsonObject, Launched, RequestError
from simastra.errors import InputError
from simastra.notices import Severity
from simastra.suggestions import unknown_name
from simastra.trace import LoadingWatch


@dataclass(frozen=True, slots=True)
class LaunchKey:
    """A key that is no option of the command line.

    Attributes:
        kind: the type of its value, as JSON Schema calls it; of a list, those of its entries.
        meaning: what it says.
        default: what it is if left out.
    """

    kind: str
    meaning: str
    default: bool | str | tuple[str, ...]


STOP_ON_ENTRY, STOP_AT_END, COMMANDS, FOLDER = "stopOnEntry", "stopAtEnd", "commands", "cwd"

LAUNCH_KEYS: Mapping[str, LaunchKey] = {
    STOP_ON_ENTRY: LaunchKey("boolean", "stop before the first event", default=True),
    STOP_AT_END: LaunchKey(
        "boolean", "stay at the end, from where one can step back; 'continue' leaves", default=True
    ),
    COMMANDS: LaunchKey(
        "array", "commands of the prompt to begin with, such as 'break node gra*'", default=()
    ),
    FOLDER: LaunchKey(
        "string", "the folder that paths are relative to; the adapter's own if left out", default=""
    ),
}
"""These."""

_EDITORS_OWN = frozenset(
    {"name", "type", "request", "preLaunchTask", "postDebugTask", "presentation", "noDebug"}
    | {"internalConsoleOptions", "debugServer", "serverReadyAction", "console", "port", "host"}
    | {"suppressMultipleSessionWarning", "linux", "osx", "windows", "restart", "command"}
)
"""What editors keep in the same place for themselves."""

_USAGE = "--workload PREFIX --system FILE --network FILE [options]"


def launch_parser() -> Parser:
    """The parser of what an editor gives, once it is made options."""
    parser = Parser("simastra debug", _USAGE, "")
    add_input_options(parser)
    add_strict_option(parser)
    return parser


def launch(began_in: Path, given: JsonObject, watch: LoadingWatch) -> Launched:
    """Load what an editor gives.

    Args:
        began_in: the folder in which the adapter was started: the client before may have left it.
        given: its keys and values.
        watch: is told how far loading is.

    Raises:
        InputError: as on the command line.
    """
    folder = _text(given, FOLDER)
    commands = _texts(given, COMMANDS)
    stop_on_entry, stop_at_end = _truth(given, STOP_ON_ENTRY), _truth(given, STOP_AT_END)
    _go_to(began_in, folder)
    parser = launch_parser()
    arguments = parser.read(list(_words(given, parser)))
    assert arguments is not None  # no word asks for help
    inputs = read_inputs(arguments)
    simulation = inputs.simulation(watch, by_events=True)
    notices = inputs.all_notices(simulation)
    if arguments.strict:
        refuse_warnings(notices)
    warnings = [str(it) for it in notices if it.severity is Severity.WARNING]
    return Launched(simulation, warnings, commands, stop_on_entry, stop_at_end)


def _words(given: JsonObject, parser: Parser) -> Iterator[str]:
    """The options that keys stand for."""
    flags = {word for it in parser.options() if it.nargs == 0 for word in it.option_strings}
    for key, value in given.items():
        if key in LAUNCH_KEYS or key in _EDITORS_OWN or key.startswith("_"):
            continue
        option = f"--{key}"
        if option == "--help":
            raise RequestError(unknown_name("key", key, list(_names(parser))))
        yield from _option(option, value, is_flag=option in flags)


def _option(option: str, value: object, *, is_flag: bool) -> Iterator[str]:
    match value:
        case None:
            return
        case bool() if is_flag:
            if value:
                yield option
        case bool():
            yield f"{option}={str(value).lower()}"
        case str() | int() | float():
            yield f"{option}={value}"
        case _:
            raise RequestError(f"{option}: must be a text, a number, or true or false")


def _names(parser: Parser) -> Iterator[str]:
    for it in parser.options():
        yield it.option_strings[0].removeprefix("--")
    yield from LAUNCH_KEYS


def _go_to(began_in: Path, folder: str) -> None:
    try:
        os.chdir(began_in / folder)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"{FOLDER}: {folder!r} can't be the folder: {reason}") from None


def _taken(given: JsonObject, key: str) -> Any:
    """The value of a key of ours; what it is by default, if it isn't there."""
    value = given.get(key)
    return LAUNCH_KEYS[key].default if value is None else value


def _truth(given: JsonObject, key: str) -> bool:
    value = _taken(given, key)
    if isinstance(value, bool):
        return value
    raise RequestError(f"{key}: must be true or false, not {value!r}")


def _text(given: JsonObject, key: str) -> str:
    value = _taken(given, key)
    if isinstance(value, str):
        return value
    raise RequestError(f"{key}: must be a text, not {value!r}")


def _texts(given: JsonObject, key: str) -> Sequence[str]:
    value = _taken(given, key)
    if isinstance(value, list | tuple) and all(isinstance(it, str) for it in value):
        return tuple(value)
    raise RequestError(f"{key}: must be a list of texts, not {value!r}")
