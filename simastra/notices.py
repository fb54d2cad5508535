"""Notices: what is allowed but probably not what the user means.

A notice is data. The parts that notice something return notices; the command line prints them,
``--strict`` refuses to run with a warning among them, and a Result keeps them.
"""

from dataclasses import dataclass
from enum import StrEnum

from simastra.legible import legible, one_line


class Severity(StrEnum):
    """How much a notice matters."""

    WARNING = "warning"
    """The result is probably not what the user means; ``--strict`` refuses to run."""
    INFO = "info"
    """Worth knowing once; nothing is wrong."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One doubt about an input.

    Attributes:
        code: short stable name of the kind of doubt, such as "no-effect-key".
        where: file, key, node or link concerned, for a person to find it.
        message: what is doubtful and what it does to the result.
        fix: what to write instead.
        severity: how much it matters.
    """

    code: str
    where: str
    message: str
    fix: str
    severity: Severity = Severity.WARNING

    def __str__(self) -> str:
        return legible(one_line(f"{self.where}: {self.message} ({self.fix})"))
