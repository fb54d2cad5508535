"""What a system file may tell an algorithm beside its name."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

from simastra.config import Part, PartOptions
from simastra.quick_dataclass import dataclass

from .algorithm import Algorithm


@dataclass(frozen=True, slots=True)
class AlgorithmSetting:
    """What is known where a system file tells an algorithm more than its name.

    Attributes:
        folder: where paths of files that it names begin.
        named: looks an algorithm up; raises `UnknownAlgorithm` if there is none of that name.
        told: looks one up that is told more than its name itself; takes what says so, and under
            which key of the options that stands. Raises as `named`, and `ConfigError` if it
            doesn't take that.
        names: of all algorithms that there are.
    """

    folder: Path
    named: Callable[[str], Algorithm]
    told: Callable[[Part, str], Algorithm]
    names: tuple[str, ...] = ()


class AlgorithmOptions(PartOptions, ABC):
    """Options of an algorithm: derive, and name the fields as in a list of the system file."""

    @abstractmethod
    def algorithm(self, setting: AlgorithmSetting) -> Algorithm:
        """The algorithm that is told so."""
