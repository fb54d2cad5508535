"""Inputs as a study names them, read once: files and machines become the mappings that they are."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from simastra.calibration import Calibration
from simastra.calibration.document import calibration_json, parse_calibration
from simastra.calibration.ready_files import ready_names
from simastra.config import (
    CommGroups,
    ConfigModel,
    load_comm_groups,
    load_memory,
    load_network,
    load_system,
)
from simastra.config.fields import MOST_DIMENSIONS
from simastra.config.messages import show
from simastra.config.text_file import LARGEST_NETWORK, limited_text
from simastra.errors import ConfigError, InputError, OptionError
from simastra.machines import machine
from simastra.reading import is_reference
from simastra.scenario.reading import scenario_document
from simastra.sweep.digest import DIGITS, digest_of
from simastra.trace.files import existing_paths, read_file, trace_path

from .axes import AxisError, Value
from .key_paths import KeyPath
from .mistakes import told_at
from .roots import CALIBRATION, SCENARIO, plain
from .workloads import TraceFilesGiven

_LOADERS: Mapping[str, Callable[[Path], ConfigModel]] = MappingProxyType(
    {
        "system": load_system,
        "network": load_network,
        "memory": load_memory,
        "comm-groups": load_comm_groups,
    }
)


@dataclass(frozen=True, slots=True)
class StudyInput:
    """An input as it is given, and read.

    Attributes:
        document: the mapping that it stands for; for a machine's system, which depends on the
            network, None.
        source: the file; None for what stands in the study itself.
        machine: what refers to a machine, as ``@hgx-h100``; empty otherwise.
        traces: of a workload.
        calibration: what a calibration's document is.
    """

    document: Mapping[str, Value] | None
    source: str | None = None
    machine: str = ""
    traces: TraceFilesGiven | None = None
    calibration: Calibration | None = None

    def mapping(self, dimensions: int = MOST_DIMENSIONS) -> Mapping[str, Value]:
        """The mapping that it stands for; empty for none.

        Args:
            dimensions: of the network, on which a machine's system depends.
        """
        if self.document is None and self.machine:
            return machine(self.machine, shape_matters=False).system_keys(dimensions)
        return self.document or {}


NOTHING = StudyInput(None)
"""What is left out."""


class InputFiles:
    """What a study's inputs are given as, each read once.

    Args:
        folder: what paths are relative to.
        source: of the study, for messages.
    """

    def __init__(self, folder: Path, source: Path | str) -> None:
        self.folder = folder
        self.source = source
        self._read: dict[tuple[str, str], StudyInput] = {}
        self._contents: dict[str, str] = {}

    def read(self, root: str, written: Value) -> StudyInput:
        """An input.

        Args:
            root: which.
            written: a mapping, the path of a file, or what refers to a machine.

        Raises:
            ConfigError: a file can't be read or is wrong, there is no such machine, or a quantity
                in a mapping is of another kind than is wanted there.
        """
        name = (root, json.dumps(written))
        if name not in self._read:
            try:
                self._read[name] = _given(root, written, self.folder)
            except (AxisError, InputError) as error:
                raise told_at(error, self.source, root) from None
        return self._read[name]

    def content(self, written: str, key: str) -> tuple[str, str]:
        """The path of a further file, from here, and the digest of what is in it.

        Args:
            written: its path.
            key: where it is named.

        Raises:
            ConfigError: it can't be read.
        """
        path = str(self.folder / written)
        if path not in self._contents:
            try:
                self._contents[path] = digest_of(limited_text(path, LARGEST_NETWORK))
            except ConfigError as error:
                raise told_at(error, self.source, key) from None
        return path, self._contents[path]

    @property
    def traces(self) -> tuple[TraceFilesGiven, ...]:
        """All workloads that are files."""
        return tuple(it.traces for it in self._read.values() if it.traces is not None)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all files that were read."""
        found = [it.source for it in self._read.values() if it.source and not it.machine]
        of_traces = (str(path) for it in self.traces for path in _trace_files(it.prefix))
        return (*found, *of_traces, *self._contents)

    def document(self) -> list[list[object]]:
        """What stands in files of configurations, ready for JSON, so that it need not be read."""
        return [
            [root, written, it.document, it.source]
            for (root, written), it in self._read.items()
            if it.source and not it.machine
        ]

    def know(self, document: object) -> None:
        """Take over what `document` gave."""
        for root, written, mapping, source in document if isinstance(document, list) else ():
            made = calibration_of(mapping, source) if root == CALIBRATION else None
            self._read[root, written] = StudyInput(mapping, source=source, calibration=made)


def _given(root: str, written: Value, folder: Path) -> StudyInput:
    if root == CALIBRATION:
        return _calibration(written, folder)
    if root == SCENARIO:
        return _scenario(written, folder)
    if isinstance(written, Mapping) and root != "workload":
        document = plain(KeyPath(root), written)
        assert isinstance(document, dict)
        return StudyInput(document)
    if not isinstance(written, str) or not written:
        raise OptionError(root, f"must be {_wanted(root)}, not {show(written)}")
    if root == "workload":
        return StudyInput(None, traces=traces_given(str(folder / written)))
    if root not in _LOADERS:
        raise OptionError(root, f"must be {_wanted(root)}, not {show(written)}")
    if is_reference(written):
        return _of_machine(root, written, folder)
    model = _LOADERS[root](folder / written)
    return StudyInput(mapping_of(model), source=str(folder / written))


def _calibration(written: Value, folder: Path) -> StudyInput:
    """A calibration: the name of a ready one, the path of a file, or what would stand there."""
    if isinstance(written, Mapping):
        return StudyInput(written, calibration=calibration_of(written, CALIBRATION))
    if not isinstance(written, str) or not written:
        wanted = "the path of a calibration's file, or the name of a ready one such as h100"
        raise OptionError(CALIBRATION, f"must be {wanted}, not {show(written)}")
    is_name = Path(written).name == written and not Path(written).suffix
    is_file = not is_name or (folder / written).exists()
    is_file = is_file and written not in ready_names()
    made = Calibration.load(str(folder / written) if is_file else written)
    document: dict[str, Value] = json.loads(calibration_json(made.file))
    return StudyInput(document, source=str(folder / written) if is_file else None, calibration=made)


def _scenario(written: Value, folder: Path) -> StudyInput:
    """A scenario: the path of a file, or what would stand there."""
    if isinstance(written, Mapping):
        return StudyInput(written)
    if not isinstance(written, str) or not written:
        raise OptionError(SCENARIO, f"must be the path of a scenario's file, not {show(written)}")
    return StudyInput(scenario_document(folder / written), source=str(folder / written))


def calibration_of(document: Mapping[str, Value], source: object) -> Calibration:
    """The calibration that a document is.

    Raises:
        ConfigError: it is none.
    """
    return Calibration(parse_calibration(json.dumps(document), str(source)), str(source))


def _wanted(root: str) -> str:
    if root == "workload":
        return "the prefix of trace files"
    return "the path of a file, or a mapping" if root in _LOADERS else "a mapping of keys to values"


def _of_machine(root: str, written: str, folder: Path) -> StudyInput:
    reference = written
    if written.partition(":")[0].endswith((".yml", ".yaml")):
        reference = f"@{folder / written.removeprefix('@')}"
    if root == "system":
        machine(reference, option=root, shape_matters=False)
        return StudyInput(None, source=written, machine=reference)
    if root == "network":
        found = machine(reference, option=root)
        return StudyInput(found.network_keys, source=written, machine=reference)
    raise OptionError(root, f"{written} has none, like all machines; leave it out, or name a file")


def mapping_of(model: ConfigModel) -> dict[str, Value]:
    """A configuration as a file has it, with what is given there only."""
    if isinstance(model, CommGroups):
        return {group.name: list(group.members) for group in model.groups}
    return model.model_dump(mode="json", by_alias=True, exclude_unset=True)


def traces_given(prefix: str) -> TraceFilesGiven:
    """The traces of a prefix, with a digest of what is in them.

    Raises:
        ConfigError: there are none.
    """
    content = hashlib.sha256()
    for path in _trace_files(prefix):
        content.update(hashlib.sha256(read_file(path)).digest())
    return TraceFilesGiven(prefix, content.hexdigest()[:DIGITS])


def _trace_files(prefix: str) -> list[Path]:
    """The files of a workload.

    Raises:
        ConfigError: there are none.
    """
    paths = existing_paths(prefix)
    if not paths:
        problem = "file not found; it would be the first NPU's trace"
        raise ConfigError(problem, source=trace_path(prefix, 0))
    return paths
