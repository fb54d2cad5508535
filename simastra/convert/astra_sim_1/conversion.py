"""The converter's front: a file of either kind in, the content of its successor out."""

from dataclasses import dataclass
from pathlib import Path

from simastra.config.load import read_text
from simastra.errors import ConfigError
from simastra.foreign import InputRole, instead_of
from simastra.notices import Notice

from .network import convert_network
from .system import convert_system


@dataclass(frozen=True, slots=True)
class ConvertedFile:
    """A converted file.

    Attributes:
        ending: what its name ends with, behind the user's prefix.
        content: of the new file.
        summary: what it says, in a few words.
        notices: what was left out, or read in one of several ways.
    """

    ending: str
    content: str
    summary: str
    notices: tuple[Notice, ...]


def convert_file(path: Path | str) -> ConvertedFile:
    """Convert a system or a network file, which of them its content says.

    Raises:
        ConfigError: it can't be read, or is neither.
    """
    try:
        return _converted(read_text(path), path)
    except ConfigError as error:
        problem = instead_of(path, InputRole.VERSION_1)
        if problem is None:
            raise
        raise ConfigError(problem, source=path) from error


def _converted(text: str, path: Path | str) -> ConvertedFile:
    notices: list[Notice] = []
    if text.lstrip().startswith("{"):
        network, content = convert_network(text, path, notices)
        shape = " x ".join(
            f"{name} of {count}"
            for name, count in zip(network.topology, network.npus_count, strict=True)
        )
        return ConvertedFile(
            "network.yml", content, f"{shape}, {network.npus} NPUs", tuple(notices)
        )
    system, content = convert_system(text, path, notices)
    summary = f"{system.scheduling_policy}, {system.preferred_dataset_splits} chunks a collective"
    return ConvertedFile("system.json", content, summary, tuple(notices))
