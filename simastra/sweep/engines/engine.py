"""What an engine is: it makes rows of points, somewhere."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

from simastra.sweep.dataset import Row
from simastra.sweep.pruning import Front
from simastra.sweep.study import Study


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How an engine is to run.

    Attributes:
        workers: how many processes; one for each core if it is None.
        scheduler: address of Dask's scheduler; a cluster of this machine's own if it is None.
    """

    workers: int | None = None
    scheduler: str | None = None


class Engine(ABC):
    """Makes rows. It is a context manager, at whose end nothing of it is left.

    Class attributes:
        summary: what it is, in a few words.
        takes: which of `EngineSettings` it heeds.
    """

    summary: ClassVar[str]
    takes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, study: Study, settings: EngineSettings) -> None:
        self._study = study
        self._settings = settings

    @abstractmethod
    def rows(self, numbers: Iterable[int], front: Front | None = None) -> Iterator[Row]:
        """The rows of points, in their order, as they come; numbers are taken a few ahead.

        Args:
            numbers: of the points, perhaps without an end.
            front: points that it dominates for certain are left out; None to leave out none.

        Raises:
            InputError: if the engine can't work, for want of a scheduler for instance.
        """

    def close(self) -> None:  # noqa: B027 - most have nothing to end
        """End what it has begun, at once."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
