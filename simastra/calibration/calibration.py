"""A calibration: times of collectives and messages as they were measured, with their bands."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.errors import ConfigError, InputError
from simastra.requirement import require
from simastra.suggestions import unknown_name
from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import collective_name
from simastra.units import NS_PER_MICROSECOND, Bytes, Ns
from simastra.writing import WriteError, write_file

from .asked import check_collective, check_size
from .base import BaseTime
from .collective_times import CollectiveTimes
from .compute import ComputeModel
from .document import (
    CalibrationFile,
    GpuSystem,
    LinkClass,
    LinkSection,
    calibration_json,
    parse_calibration,
    read_calibration,
)
from .estimate import CollectiveEstimate, Widths
from .links import link_section, widths
from .priced import BandEdge, CollectiveTime, Knowledge, Priced, whole_ns
from .ready_files import ready_names, ready_text

if TYPE_CHECKING:
    from . import completed, more_nodes
    from . import fit as fitting
    from .measurements import Measurements
else:  # few processes fit anything, and numpy takes long to import
    completed = deferred("simastra.calibration.completed")
    more_nodes = deferred("simastra.calibration.more_nodes")
    fitting = deferred("simastra.calibration.fit")

_STANDS_FOR = {
    CollectiveType.BARRIER: CollectiveType.ALL_REDUCE,
    CollectiveType.REDUCE_SCATTER_BLOCK: CollectiveType.REDUCE_SCATTER,
}
"""Collectives that libraries run as another one; a barrier is an all-reduce of next to nothing."""


class Calibration:
    """What was measured of a system, asked for any size, number of NPUs and number of nodes.

    Two are equal if their files have the same content, wherever they came from.

    Args:
        file: the content.
        source: where it is from, for messages.
    """

    def __init__(self, file: CalibrationFile, source: str = "calibration") -> None:
        self.file = file
        self.source = source
        self._times: dict[CollectiveType, CollectiveTimes] = {}
        self._estimates: dict[tuple[CollectiveType, Bytes, int, int], CollectiveEstimate] = {}

    @classmethod
    def load(cls, source: str | Path) -> Calibration:
        """Read a calibration file.

        Args:
            source: its path, or the name of one that comes with the package, such as ``h100``.

        Raises:
            InputError: there is none, or it is wrong.
        """
        name = str(source)
        if name in ready_names() and not (isinstance(source, Path) and source.exists()):
            return cls(parse_calibration(ready_text(name), name), name)
        if name and not Path(name).suffix and "/" not in name and not Path(name).exists():
            raise ConfigError(_no_such(name), source=name)
        return cls(read_calibration(source), name)

    @classmethod
    def fit(
        cls,
        measurements: Measurements,
        system: GpuSystem,
        *,
        library: bool = True,
        npus: Sequence[int] = (),
        nodes: Sequence[int] = (),
    ) -> Calibration:
        """Fit a calibration to measurements; needs numpy, which the extra ``calibrate`` brings.

        What isn't measured is of the datasheet (messages), or of the ready calibration of that
        system, if there is one (computations).

        Args:
            measurements: of the system.
            system: whose they are.
            library: whether public tables of other systems take part.
            npus: numbers of NPUs of one node to have curves of, beside those measured and powers
                of two.
            nodes: numbers of full nodes to have curves of, beside those measured; others are
                estimated when asked for.

        Raises:
            InputError: nothing is known of any collective.
            MissingPackageError: numpy isn't installed.
        """
        require("numpy", "calibrate", "fitting a calibration")
        file = fitting.fit_calibration(measurements, system, library=library, npus=npus)
        file = completed.completed(file, measurements.sends)
        return cls(more_nodes.with_nodes(file, nodes), f"calibration of {system.name}")

    def save(self, path: str | Path) -> None:
        """Write it to a file.

        Raises:
            InputError: that can't be written.
        """
        try:
            write_file(path, calibration_json(self.file).encode())
        except WriteError as error:
            raise InputError(str(error)) from None

    @property
    def gpus_per_node(self) -> int:
        """How many consecutive NPUs are a node."""
        return self.file.system.gpus_per_node

    @property
    def compute(self) -> ComputeModel | None:
        """How long computations of a training step take; None where that wasn't measured."""
        section = self.file.compute
        return None if section is None else ComputeModel(section)

    def collective(self, kind: CollectiveType, size: Bytes, npus: int, nodes: int = 1) -> Priced:
        """What a collective takes once all of its members have come.

        Args:
            kind: which.
            size: as nccl-tests counts it; for an all-gather, what is gathered from all.
            npus: how many take part.
            nodes: of how many nodes they are.

        Raises:
            InputError: the file knows nothing of it.
        """
        return self._estimate(kind, size, npus, nodes).priced()

    def parts(
        self,
        kind: CollectiveType,
        size: Bytes,
        npus: int,
        nodes: int = 1,
        edge: BandEdge = BandEdge.MID,
    ) -> CollectiveTime:
        """What the same consists of, at one edge of its band.

        Raises:
            InputError: the file knows nothing of it.
        """
        return self._estimate(kind, size, npus, nodes).parts(edge)

    def send(self, size: Bytes, *, same_node: bool, edge: BandEdge = BandEdge.MID) -> Ns:
        """What a message between two NPUs takes: latency, and its bytes at the link's bandwidth.

        Raises:
            InputError: nothing is known of links between nodes.
        """
        check_size(size)
        link = self._link(LinkClass.NODE if same_node else LinkClass.NIC)
        mid = link.latency_us * NS_PER_MICROSECOND + size / link.gb_s
        return whole_ns(mid * math.exp(widths(link).at(edge)))

    def _link(self, link: LinkClass) -> LinkSection:
        found = link_section(self.file, link)
        if found is None:
            problem = (
                "is wanted for messages between nodes: bandwidth of a GPU's network adapter, as of "
                "'simastra calibrate --nic-bandwidth'"
            )
            raise ConfigError(problem, source=self.source, key="system.nic_gb_s")
        return found

    def _estimate(
        self, kind: CollectiveType, size: Bytes, npus: int, nodes: int
    ) -> CollectiveEstimate:
        key = (kind, size, npus, nodes)
        if key not in self._estimates:
            self._estimates[key] = self._new_estimate(*key)
        return self._estimates[key]

    def _new_estimate(
        self, kind: CollectiveType, size: Bytes, npus: int, nodes: int
    ) -> CollectiveEstimate:
        check_collective(kind, size, npus, nodes)
        if npus == 1:
            return _NOTHING
        return self._times_of(_STANDS_FOR.get(kind, kind)).estimate(size, npus, nodes)

    def _times_of(self, kind: CollectiveType) -> CollectiveTimes:
        if kind not in self._times:
            name = collective_name(kind)
            section = self.file.collectives.get(name)
            if section is None:
                known = ", ".join(self.file.collectives) or "none"
                problem = (
                    f"isn't in this calibration; measured are {known}. "
                    "Measure it with nccl-tests, and calibrate with that log too"
                )
                raise ConfigError(problem, source=self.source, key=f"collectives.{name}")
            self._times[kind] = CollectiveTimes(kind, section, self.file.system, self.source)
        return self._times[kind]

    @cached_property
    def digest(self) -> str:
        """Hash of its content (SHA-256)."""
        return hashlib.sha256(calibration_json(self.file).encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calibration) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __reduce__(self) -> tuple[object, ...]:
        return Calibration, (self.file, self.source)  # what was estimated is found again

    def __repr__(self) -> str:
        return f"Calibration({self.file.system.name!r}, {', '.join(self.file.collectives)})"


_NOTHING = CollectiveEstimate(0.0, Widths(0.0, 0.0), Knowledge.MEASURED, BaseTime(1.0, 0.0, 0.0))
"""Of what has nobody to wait for."""


def _no_such(name: str) -> str:
    ready = ready_names()
    problem = unknown_name("calibration", name, ready)
    path = f"a file's name ends with .json, or has a slash before it as in ./{name}"
    return f"{problem} ({', '.join(ready)} come with simastra; {path})"
