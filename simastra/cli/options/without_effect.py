"""Options that other tools have and that do nothing here: accepted, and said in a notice."""

import argparse
from collections.abc import Sequence

from simastra.notices import Notice, Severity
from simastra.quick_dataclass import dataclass

from .input_paths import input_file
from .parser import Parser, number, text

_NO_LOG = "simastra writes no log; what there is to say is on stderr"


@dataclass(frozen=True, slots=True)
class WithoutEffect:
    """An option.

    Attributes:
        name: without dashes.
        metavar: what stands for its value; empty for an option without one.
        reason: why it has no effect.
        is_read: whether its value names a file that somebody reads; nothing may replace it.
        scale: whether its value is a number, which scales nothing if it is 1.
        severity: of the notice that says so.
    """

    name: str
    metavar: str
    reason: str
    scale: bool = False
    is_read: bool = False
    severity: Severity = Severity.WARNING

    def given(self, arguments: argparse.Namespace) -> bool:
        """Whether it stands in a command line, with a value that should have an effect."""
        value = vars(arguments)[self.name.replace("-", "_")]
        is_given = value is not None and value is not False  # a number may be 0, which equals False
        return is_given and not (self.scale and value == 1)


_NEVER_USED = "ASTRA-sim reads it and never uses it"

ASTRA_SIMS = (
    WithoutEffect("compute-scale", "X", _NEVER_USED, scale=True),
    WithoutEffect("comm-scale", "X", _NEVER_USED, scale=True),
    WithoutEffect("logging-configuration", "FILE", _NO_LOG, is_read=True),
    WithoutEffect("logging-folder", "DIR", _NO_LOG),
)
"""Those of ASTRA-sim, at the verbs that take its inputs."""

CHAKRAS_LOG = WithoutEffect("log-filename", "FILE", _NO_LOG)
"""Where Chakra's tools write their log."""

LINKERS = (
    WithoutEffect("log-level", "LEVEL", _NO_LOG),
    WithoutEffect("annotation", "NAME", "the whole trace is linked"),
    WithoutEffect("exact-match", "", "operators are always matched one by one"),
)
"""Those of Chakra's linker and of the one before it."""


def idle(name: str, reason: str) -> WithoutEffect:
    """An option with a whole number that another converter needs, and this one doesn't."""
    return WithoutEffect(name, "N", reason, severity=Severity.INFO)


def add_without_effect(parser: Parser, whose: str, options: Sequence[WithoutEffect]) -> None:
    """Declare options; `whose` they are, their part of the help says."""
    group = parser.add_argument_group(f"accepted, as {whose} does, and without effect")
    for option in options:
        name = f"--{option.name}"
        if not option.metavar:
            group.add_argument(name, action="store_true", help=option.reason)
        elif option.scale:
            group.add_argument(name, metavar=option.metavar, type=number, help=option.reason)
        else:
            kind = input_file if option.is_read else text
            group.add_argument(name, metavar=option.metavar, type=kind, help=option.reason)


def notices_of(
    arguments: argparse.Namespace, options: Sequence[WithoutEffect]
) -> tuple[Notice, ...]:
    """A notice for each of those options that a command line gives."""
    return tuple(
        Notice(
            code="no-effect-option",
            where=f"--{option.name}",
            message=f"has no effect: {option.reason}",
            fix="leave it out",
            severity=option.severity,
        )
        for option in options
        if option.given(arguments)
    )
