"""One row of a sweep, run again: to see that it still comes out the same, or to look into it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from simastra.config import CommGroups
from simastra.errors import ConfigError, InputError
from simastra.sweep.dataset import Identity, Row, read_table
from simastra.sweep.dataset.own_fields import OF_RUN
from simastra.sweep.points import PointRunner, Status, SweepPoint
from simastra.sweep.study import PointInputs, Study, Value
from simastra.writing import write_files

from .rows import fields_of_rows

_OF_THE_RUN = frozenset(it.name for it in OF_RUN)
"""Columns that say how a row was made."""

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Replay:
    """A row, and what comes of its point now.

    Attributes:
        stored: the row as it is in the folder.
        now: the row as it comes out.
        differences: columns that differ, with the value stored and the one now. What a point that
            was pruned comes to was never known, and is no difference.
    """

    stored: Row
    now: Row
    differences: Mapping[str, tuple[object, object]]


class StoredPoint:
    """A point of which a folder has a row.

    Args:
        folder: a sweep's ``--output``.
        point: the row's ``point``, or as many of its first digits as tell it from all others.

    Raises:
        ConfigError: the folder is no sweep's, or has no such row, or several.
        InputError: the study that it is of can't be read any more.
    """

    def __init__(self, folder: Path | str, point: str) -> None:
        self.stored = _row(Path(folder), point)
        self.study = Study.of(Identity.read(Path(folder)).document)
        self.point = SweepPoint.of(self.study, int(str(self.stored["number"])))

    def replay(self) -> Replay:
        """Run it again."""
        now = PointRunner(self.study).row(self.point.number)
        fields = [it for it in fields_of_rows(self.study) if it.name not in _OF_THE_RUN]
        if self.stored["status"] == Status.PRUNED.value:
            fields = [it for it in fields if it.name == "point"]
        both = {it.name: (self.stored.get(it.name), it.stored(now.get(it.name))) for it in fields}
        differences = {name: pair for name, pair in both.items() if pair[0] != pair[1]}
        return Replay(self.stored, now, differences)

    def write_inputs(self, folder: Path) -> list[str]:
        """Write the point's inputs as files, for other commands.

        Args:
            folder: where to; it is made if need be. Trace files stay where they are.

        Returns:
            the words by which ``simastra run`` and its like are given them.

        Raises:
            InputError: the point has no inputs, since its setting makes no sense.
            WriteError: a file can't be written.
        """
        inputs = self.point.inputs
        if inputs is None:
            raise InputError(f"point {self.point.digest} has no inputs: {self.point.error}")
        traces = inputs.workload.files(folder)
        files = dict(_configurations(inputs, traces.comm_groups))
        contents = [(folder / name, content) for name, content in files.values()]
        write_files([*contents, *traces.missing], makes_folders=True)
        words = [f"--workload={traces.prefix}"]
        words += [f"--{option}={folder / name}" for option, (name, _) in files.items()]
        return [*words, *_options(inputs)]


def _row(folder: Path, point: str) -> Row:
    """The row of a point, by the first digits of its digest."""
    table = read_table(folder)
    points = table.values("point")
    found = [at for at, it in enumerate(points) if it.startswith(point.lower())] if point else []
    names = sorted({points[at] for at in found})
    if not found:
        raise ConfigError(f"it has no row whose point is {point!r}", source=folder)
    if len(names) > 1:
        some = ", ".join(names[:_SHOWN])
        problem = f"{len(names)} points begin with {point!r}, such as {some}; give more digits"
        raise ConfigError(problem, source=folder)
    return table.row(found[0])


def _configurations(
    inputs: PointInputs, groups: CommGroups | None
) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """For options that name a file: its name, and its content. JSON is YAML, too.

    Args:
        inputs: of the point.
        groups: what comes with its traces, unless it says its own.
    """
    names = {
        "system": "system.json",
        "network": "network.yml",
        "memory": "memory.json",
        "comm-groups": "groups.json",
        "calibration": "calibration.json",
        "scenario": "scenario.yml",
    }
    documents = dict(inputs.documents)
    if groups is not None:
        of_traces: Value = {it.name: list(it.members) for it in groups.groups}
        documents.setdefault("comm-groups", of_traces)
    for option, name in names.items():
        if option in documents:
            yield option, (name, (json.dumps(documents[option], indent=1) + "\n").encode())


def _options(inputs: PointInputs) -> Iterator[str]:
    told = inputs.documents.get("options")
    for name, value in told.items() if isinstance(told, Mapping) else ():
        if value is True:
            yield f"--{name}"
        elif value is not False:
            yield f"--{name}={value}"
