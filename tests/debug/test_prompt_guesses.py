"""What the prompt guesses from a mistyped command."""

import pytest
from asked import Asked
from machines_seen import two_npus

from simastra.debug import CommandError
from simastra.debug.prompt.commands import COMMANDS


def guess(line: str) -> str:
    with pytest.raises(CommandError) as raised:
        Asked(two_npus())(line)
    return str(raised.value)


@pytest.mark.parametrize("name", [*(each.name for each in COMMANDS), "exit", "clear", "cont"])
@pytest.mark.parametrize("line", ["{}()", "help {}()"])
def test_a_command_written_as_a_call_is_guessed(name: str, line: str) -> None:
    assert guess(line.format(name)) == f"unknown command '{name}()'; did you mean {name!r}?"


def test_short_aliases_are_neither_guessed_nor_listed() -> None:
    names = ", ".join(each.name for each in COMMANDS)
    for name in (":q", "xy", "ll", "w8", "rsx", "xtl"):
        assert guess(name) == f"unknown command {name!r}; known are {names}"
