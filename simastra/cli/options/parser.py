"""argparse, with one short message for whatever is wrong, and the types of options' values."""

import argparse
import math
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NoReturn

from simastra.cli.output import say
from simastra.deferred import deferred
from simastra.errors import InputError
from simastra.quick_dataclass import dataclass

from .foreign_options import foreign_option
from .other_tools import option_name

if TYPE_CHECKING:
    from simastra.cli.options import guesses
else:  # for who has mistyped something
    guesses = deferred("simastra.cli.options.guesses")

_HELP_COLUMN = 32  # where explanations start; longer options stand on a line of their own


class Parser(argparse.ArgumentParser):
    """The parser of one verb. Options may not be abbreviated: a typo must not pass for another.

    Args:
        prog: what the command line begins with, such as "simastra run".
        usage: its arguments, in short.
        description: what it does.
    """

    def __init__(self, prog: str, usage: str, description: str) -> None:
        super().__init__(
            prog=prog,
            usage=f"{prog} {usage}",
            description=description,
            formatter_class=_formatter,
            allow_abbrev=False,
            add_help=False,
            exit_on_error=False,
        )

    @property
    def only_options(self) -> bool:
        """Whether no word may stand alone, as the name of an input may after some verbs."""
        return not self._get_positional_actions()

    def options(self) -> Sequence[argparse.Action]:
        """What is declared, in that order; no words that stand alone."""
        return [action for action in self._actions if action.option_strings]

    def read(self, words: Sequence[str]) -> argparse.Namespace | None:
        """Parse `words`; None if they ask for help, which is then given.

        Raises:
            InputError: if an option is unknown, lacks its value or has a wrong one.
        """
        if "-h" in words or "--help" in words:
            say(self.format_help().rstrip())
            return None
        try:
            arguments, rest = self._parsed([self._spelled(word) for word in words])
        except argparse.ArgumentError as error:
            raise InputError(f"{error.argument_name}: {_reworded(error.message)}") from None
        if rest:
            raise InputError(self._unexpected(rest))
        return arguments

    def _parsed(self, words: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
        """Parse words; several that stand alone may have options between them."""
        if any(action.nargs == "*" for action in self._get_positional_actions()):
            return self.parse_known_intermixed_args(words)
        return self.parse_known_args(words)

    def declare_help(self) -> None:
        """Declare ``--help``, if none of the verb's groups has it."""
        if "--help" not in self._option_string_actions:
            add_help_option(self)

    def _spelled(self, word: str) -> str:
        """An option as it is declared: some tools write underscores where others write dashes."""
        name, equals, value = word.partition("=")
        dashed = option_name(word)
        known = self._option_string_actions
        return f"{dashed}{equals}{value}" if name not in known and dashed in known else word

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would print with the whole usage before it."""
        raise InputError(message)

    def _unexpected(self, rest: list[str]) -> str:
        # A stray word behind an unknown option is most likely that option's value.
        option = next((word for word in rest if word.startswith("-")), None)
        if option is None:
            taken = "options" if self.only_options else "options and the one before it"
            meant = guesses.option_for(rest[0], self._option_string_actions)
            hint = f", as in: {meant} {rest[0]}" if meant else ""
            return f"unexpected {rest[0]!r}: all that {self.prog} takes are {taken}{hint}"
        foreign = foreign_option(rest, self._option_string_actions)
        if foreign is not None:
            return foreign
        name = option.partition("=")[0]
        return guesses.unknown_option(name, self._option_string_actions, self.prog)


def add_help_option(container: argparse._ActionsContainer) -> None:
    """Declare ``--help`` in a group of options; `Parser.read` answers it."""
    container.add_argument("-h", "--help", action="store_true", help="show this and exit")


def _formatter(prog: str) -> argparse.HelpFormatter:
    return argparse.RawDescriptionHelpFormatter(prog, max_help_position=_HELP_COLUMN)


def _reworded(message: str) -> str:
    if message == "expected one argument":
        return "needs a value"
    # Python 3.11 to 3.13 word this alike, with the value behind it.
    return re.sub(r"^ignored explicit argument (.*)$", r"takes no value, but has \1", message)


def text(word: str) -> str:
    """The type of an option whose value is a path or a name: anything but nothing.

    Raises:
        argparse.ArgumentTypeError: if it is empty.
    """
    if not word:
        raise argparse.ArgumentTypeError("needs a value, which is empty here")
    return word


@dataclass(frozen=True, slots=True, eq=False)  # argparse wants a hash; tables of names have none
class OneOf:
    """The type of an option whose value is a name. Whether it is one of them, its reader checks.

    Attributes:
        names: those that a shell completes.
    """

    names: Iterable[str]

    def __call__(self, word: str) -> str:
        """Return the value for a word of the command line.

        Raises:
            argparse.ArgumentTypeError: if it is empty.
        """
        return text(word)


def whole_number(word: str) -> int:
    """The type of an option whose value is a whole number.

    Raises:
        argparse.ArgumentTypeError: if it isn't one.
    """
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", word):
        longest = " of 18 digits at most" if re.fullmatch(r"[+-]?[0-9]+", word) else ""
        raise argparse.ArgumentTypeError(f"must be a whole number{longest}, not {word!r}")
    return int(word)


def counts(word: str) -> tuple[int, ...]:
    """The type of an option whose value is a list of whole numbers, 1 or more, such as 8,4.

    Raises:
        argparse.ArgumentTypeError: if it isn't one.
    """
    if not re.fullmatch(r"[1-9][0-9]{0,8}(,[1-9][0-9]{0,8})*", word):
        raise argparse.ArgumentTypeError(f"must be whole numbers such as 8,4, not {word!r}")
    return tuple(map(int, word.split(",")))


def names(word: str) -> tuple[str, ...]:
    """The type of an option whose value is a list of names, such as ring,direct; each once.

    Raises:
        argparse.ArgumentTypeError: if one is empty.
    """
    listed = tuple(dict.fromkeys(it.strip() for it in word.split(",")))
    if "" in listed:
        raise argparse.ArgumentTypeError(f"must be names such as ring,direct, not {word!r}")
    return listed


def number(word: str) -> float:
    """The type of an option whose value is a number.

    Raises:
        argparse.ArgumentTypeError: if it isn't one, or is infinite.
    """
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"must be a number, not {word!r}")
    return value


def truth(word: str) -> bool:
    """The type of an option that may be followed by ``=true`` or ``=false``.

    Raises:
        argparse.ArgumentTypeError: if it says something else.
    """
    match word.lower():
        case "true" | "1":
            return True
        case "false" | "0":
            return False
        case _:
            raise argparse.ArgumentTypeError(f"must be true, false, 1 or 0, not {word!r}")
