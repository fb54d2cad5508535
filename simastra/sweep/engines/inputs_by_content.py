"""Trace files as workers get them, who may have no such files: by content, not by path."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from simastra.errors import InputError, TraceError
from simastra.sweep.study import TraceFilesGiven
from simastra.trace import Trace, load_trace
from simastra.trace.files import existing_paths, read_file, trace_path


@dataclass(frozen=True, slots=True)
class PrefixContents:
    """What is in the trace files of a prefix.

    Attributes:
        prefix: of their names where the study is.
        files: contents by name, without folder; files of one content share it.
    """

    prefix: str
    files: Mapping[str, bytes]

    @classmethod
    def of(cls, given: TraceFilesGiven) -> Self:
        """Read them.

        Raises:
            TraceError: if one can't be read.
        """
        known: dict[bytes, bytes] = {}
        contents = ((path.name, read_file(path)) for path in existing_paths(given.prefix))
        return cls(str(given.prefix), {name: known.setdefault(it, it) for name, it in contents})

    def load(self, npus: int) -> Trace:
        """As `load_trace` where the study is, with the same names and the same errors.

        Raises:
            InputError: if that can't be done.
        """
        with tempfile.TemporaryDirectory(prefix="simastra-") as folder:
            for name, content in self.files.items():
                (Path(folder) / name).write_bytes(content)
            copy = str(Path(folder) / Path(self.prefix).name)
            try:
                loaded = load_trace(copy, npus)
            except TraceError as error:
                raise InputError(str(error).replace(copy, self.prefix)) from None
        names = tuple(str(trace_path(self.prefix, npu)) for npu in range(npus))
        return Trace(loaded.npus, names, loaded.annotations)


@dataclass(frozen=True, slots=True)
class ByContent:
    """Loads traces by the digests of their contents.

    Attributes:
        contents: by digest.
    """

    contents: Mapping[str, PrefixContents]

    def __call__(self, given: TraceFilesGiven, npus: int) -> Trace:
        """Load them for so many NPUs.

        Raises:
            InputError: if that can't be done.
        """
        return self.contents[given.digest].load(npus)
