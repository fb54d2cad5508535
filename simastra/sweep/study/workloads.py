"""What the NPUs of a point do, either way in which a study says it; both say how traces are had."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, NamedTuple, TypeAlias

from simastra.config import CommGroups
from simastra.convert.generate.requests import GenerateRequest
from simastra.trace import Trace
from simastra.trace.files import encoded


class Traces(NamedTuple):
    """The traces of a point's NPUs, and their process groups; None if none come with them."""

    trace: Trace
    comm_groups: CommGroups | None


class FilesOfTraces(NamedTuple):
    """Traces as commands are given them.

    Attributes:
        prefix: of their names.
        missing: names and contents of those that have to be written.
        comm_groups: as of `Traces`.
    """

    prefix: str
    missing: Iterable[tuple[Path, bytes]]
    comm_groups: CommGroups | None


class Workload(ABC):
    """What NPUs do: those that are equal have the same traces.

    Class attributes:
        root: the key by which a study says it.
    """

    root: ClassVar[str]

    @property
    def request(self) -> GenerateRequest | None:
        """What a generator is asked for; None if none is."""
        return None

    @abstractmethod
    def traces(self, npus: int, load: "LoadTrace") -> Traces:
        """Have the traces.

        Args:
            npus: how many the network has.
            load: loads trace files.

        Raises:
            InputError: they can't be read, or a generator refuses.
        """

    @abstractmethod
    def files(self, folder: Path) -> FilesOfTraces:
        """Have them as files.

        Args:
            folder: of those that aren't there yet.

        Raises:
            InputError: a generator refuses.
        """


@dataclass(frozen=True, slots=True)
class TraceFilesGiven(Workload):
    """A workload that is files.

    Attributes:
        prefix: of the files, ``PREFIX.<npu>.et``.
        digest: of what is in them.
    """

    root: ClassVar[str] = "workload"

    prefix: str
    digest: str

    def traces(self, npus: int, load: "LoadTrace") -> Traces:
        """Load them."""
        return Traces(load(self, npus), None)

    def files(self, folder: Path) -> FilesOfTraces:
        """They stay where they are."""
        return FilesOfTraces(self.prefix, (), None)


class GeneratedWorkload(Workload):
    """A workload that is generated.

    Args:
        request: what is asked of the generator; requests of the same content are one object.
    """

    root: ClassVar[str] = "generate"

    def __init__(self, request: GenerateRequest) -> None:
        self._request = request

    def __eq__(self, other: object) -> bool:
        return isinstance(other, GeneratedWorkload) and self._request is other._request

    def __hash__(self) -> int:
        return id(self._request)

    @property
    def request(self) -> GenerateRequest:
        """What is asked of the generator."""
        return self._request

    def traces(self, npus: int, load: "LoadTrace") -> Traces:
        """Generate them, for as many NPUs as are asked for."""
        made = self._request.generated()
        return Traces(made.trace, made.comm_groups)

    def files(self, folder: Path) -> FilesOfTraces:
        """All of them have to be written."""
        made = self._request.generated()
        of_npus = dict(enumerate(made.trace.npus)), dict(enumerate(made.trace.annotations))
        prefix = folder / "trace"
        return FilesOfTraces(str(prefix), encoded(prefix, *of_npus), made.comm_groups)


LoadTrace: TypeAlias = Callable[[TraceFilesGiven, int], Trace]
"""Loads the traces of so many NPUs."""
