"""What is asked of a generator: the options of ``simastra generate``, as a command or a file has
them."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from simastra.config import CommGroups, ConfigModel
from simastra.errors import OptionError
from simastra.notices import Notice
from simastra.trace import Trace

from .fields import Number

_MOST_NPUS = 2**20


@dataclass(frozen=True, slots=True)
class GeneratedTrace:
    """What a request is answered by.

    Attributes:
        trace: of all NPUs.
        comm_groups: the process groups that it names; None if it names none.
        notices: what is doubtful in it.
    """

    trace: Trace
    comm_groups: CommGroups | None = None
    notices: tuple[Notice, ...] = ()


class GenerateRequest(ConfigModel):
    """A trace to be generated.

    Its fields are the options of the kind's verb, by the same names. Numbers that contradict each
    other are told by `generated`, as an OptionError with the option's name.
    """

    word: ClassVar[str] = "generate"

    @property
    @abstractmethod
    def size_of_machine(self) -> int:
        """How many NPUs it is for.

        Raises:
            OptionError: if that isn't said, or is wrong.
        """

    @property
    @abstractmethod
    def nodes(self) -> int:
        """About how many nodes each NPU has: known without making them."""

    def generated(self) -> GeneratedTrace:
        """Make it.

        Raises:
            OptionError: if an option is wrong, or they don't fit together.
            ConfigError: the same of a request that was read from a file, with its key there.
            TraceError: if a number is out of its range.
        """
        try:
            return self._generated()
        except OptionError as error:
            if not self._is_file:
                raise
            raise self.error(error.problem, error.option) from None

    @abstractmethod
    def _generated(self) -> GeneratedTrace:
        """Make it; what is wrong is told by options."""


class RequestForNpus(GenerateRequest):
    """One in which the number of NPUs is free."""

    npus: Number | None = None
    """number of NPUs"""

    @property
    def size_of_machine(self) -> int:
        """How many NPUs it is for."""
        if self.npus is None:
            raise OptionError("npus", "is required: for how many NPUs")
        return checked_npus(self.npus)


def checked_npus(npus: int) -> int:
    """A number of NPUs as it is, if so many can be generated for.

    Raises:
        OptionError: they can't.
    """
    if not 1 <= npus <= _MOST_NPUS:
        raise OptionError("npus", f"must be from 1 to {_MOST_NPUS}, not {npus}")
    return npus


def comm_groups_of(groups: Mapping[int, tuple[int, ...]]) -> CommGroups | None:
    """Process groups by number as a configuration has them; None if there are none."""
    named = {str(number): list(members) for number, members in groups.items()}
    return CommGroups.parse(named) if named else None
