"""Trace files: their names, and reading and writing their bytes with errors for people.

ASTRA-sim takes a prefix and reads ``<prefix>.<npu>.et`` for each NPU.
"""

import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from simastra import writing
from simastra.deferred import deferred
from simastra.errors import TraceError
from simastra.reading import open_input
from simastra.trace.annotations import NOT_ANNOTATED, Annotations
from simastra.trace.nodes import Node
from simastra.units import NpuId
from simastra.writing import FILE_TROUBLE, WriteError, reason

if TYPE_CHECKING:
    from simastra.trace import protobuf
else:
    # google.protobuf would double the start-up time of whoever never writes.
    protobuf = deferred("simastra.trace.protobuf")


GROUPS_ENDING = ".groups.json"
"""What follows the prefix in the name of the file of process groups beside trace files."""


RANKS_ENDING = ".ranks.json"
"""What follows it in the name of a file that says what NPUs without a trace file do."""


def trace_path(prefix: Path | str, npu: NpuId) -> Path:
    """Return the name of one NPU's trace file.

    >>> trace_path("traces/ring", 3).as_posix()
    'traces/ring.3.et'
    """
    return Path(f"{prefix}.{npu}.et")


def existing_files(prefix: Path | str) -> list[str]:
    """Return the names (without folder) of the trace files with this prefix, in order of NPU."""
    some_name = trace_path(prefix, 0)
    pattern = re.compile(re.escape(some_name.name.removesuffix("0.et")) + r"(\d+)\.et")
    try:
        names = [entry.name for entry in some_name.parent.iterdir()]
    except OSError:
        return []
    matches = [match for name in names if (match := pattern.fullmatch(name))]
    return [match[0] for match in sorted(matches, key=lambda match: int(match[1]))]


def existing_paths(prefix: Path | str) -> list[Path]:
    """Return the paths of the trace files with this prefix, in order of NPU."""
    folder = trace_path(prefix, 0).parent
    return [folder / name for name in existing_files(prefix)]


def prefixes_in(folder: Path | str) -> list[str]:
    """Return the names (without folder) that traces in a folder have before ``.<npu>.et``."""
    first = ".0.et"
    try:
        names = [entry.name for entry in Path(folder).iterdir()]
    except OSError:
        return []
    return sorted(name.removesuffix(first) for name in names if name.endswith(first))


def surplus_files(prefix: Path | str, npus: int) -> list[str]:
    """Return the names (without folder) of files with this prefix for NPUs from `npus` on."""
    first = trace_path(prefix, 0)
    start = first.name.removesuffix("0.et")
    try:
        names = os.listdir(first.parent)  # noqa: PTH208  # iterdir makes a Path for each
    except OSError:
        return []
    # Mostly there are none: then nothing but counting is done.
    if sum(name.startswith(start) and name.endswith(".et") for name in names) <= npus:
        return []
    return [
        name
        for name in existing_files(prefix)
        if int(name[len(start) :].removesuffix(".et")) >= npus
    ]


def is_missing(path: Path) -> bool:
    """Return whether there is no such file; one that is there but can't be read isn't missing."""
    try:
        path.stat()
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        return False
    return False


def read_file(path: Path | str) -> bytes:
    """Return a trace file's bytes.

    Raises:
        TraceError: there is no such file, or it can't be read.
    """
    with open_file(path) as file:
        return file.read()


@contextmanager
def open_file(path: Path | str) -> Iterator[io.BufferedReader | io.BytesIO]:
    """Give a trace file to read from.

    Raises:
        TraceError: there is no such file, or it can't be read.
    """
    try:
        file = open_input(path)
    except FileNotFoundError as error:
        raise TraceError("the file does not exist", source=path) from error
    except IsADirectoryError as error:
        raise TraceError("this is a directory; name a trace file", source=path) from error
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        raise _unreadable(path, error) from error
    with file:
        try:
            yield file
        except OSError as error:
            raise _unreadable(path, error) from error


def write_file(path: Path | str, data: bytes) -> None:
    """Write a trace file; a file is replaced in one move, so it is never there in part.

    Raises:
        TraceError: the folder does not exist, or the file can't be written.
    """
    target = Path(path)
    try:
        if target.is_fifo() or target.is_char_device():  # they can't be replaced
            target.write_bytes(data)
            return
    except FILE_TROUBLE as error:
        raise TraceError(f"the file can't be written: {reason(error)}", source=path) from error
    write_set([(target, data)])


def ranks_path(prefix: Path | str) -> Path:
    """Return the name of the file of ranks of a trace (see `simastra.trace.ranks`)."""
    return Path(f"{prefix}{RANKS_ENDING}")


def other_form(prefix: Path | str) -> list[Path]:
    """Return what goes as traces of all NPUs come: a file of ranks, which would contradict them."""
    return [path for path in [ranks_path(prefix)] if path.is_file()]


def write_set(
    files: Iterable[tuple[Path, bytes]],
    *,
    makes_folders: bool = False,
    gone: Iterable[Path] = (),
) -> list[Path]:
    """Write trace files, and others that belong to them, as one: all are replaced, or none.

    Args:
        files: names and contents; may raise while it is read, and nothing is written then.
        makes_folders: whether folders that aren't there are made.
        gone: files of an old set, beside new ones, that are removed as these come.

    Returns:
        the names.

    Raises:
        TraceError: a file can't be written.
    """
    try:
        return writing.write_files(files, makes_folders=makes_folders, gone=gone)
    except WriteError as error:
        problem = f"the file can't be written: {error.reason}"
        raise TraceError(problem, source=error.path) from error


def write_npus(
    prefix: Path | str,
    npus: Mapping[NpuId, Sequence[Node]],
    annotations: Mapping[NpuId, Annotations] | None = None,
    edits: Sequence[str] = (),
) -> list[Path]:
    """Write ``<prefix>.<npu>.et`` for each of these NPUs, as one, and return the paths.

    Args:
        prefix: what the names begin with.
        npus: for each NPU, its nodes.
        annotations: of the step, for NPUs that have any.
        edits: what was done to the trace.

    Raises:
        TraceError: a node can't be written (see `protobuf.encode_nodes`), or a file can't.
    """
    return write_set(encoded(prefix, npus, annotations, edits), gone=other_form(prefix))


def encoded(
    prefix: Path | str,
    npus: Mapping[NpuId, Sequence[Node]],
    annotations: Mapping[NpuId, Annotations] | None = None,
    edits: Sequence[str] = (),
) -> Iterator[tuple[Path, bytes]]:
    """Give the name and the content of ``<prefix>.<npu>.et`` for each of these NPUs.

    Arguments as of `write_npus`.

    Raises:
        TraceError: a node can't be written (see `protobuf.encode_nodes`).
    """
    # By identity: the NPUs of a uniform trace share one tuple.
    known: dict[tuple[int, Annotations], bytes] = {}
    for npu, nodes in npus.items():
        path = trace_path(prefix, npu)
        said = (annotations or {}).get(npu, NOT_ANNOTATED)
        if (id(nodes), said) not in known:
            known[id(nodes), said] = protobuf.encode_nodes(nodes, path, said, edits)
        yield path, known[id(nodes), said]


def _unreadable(path: Path | str, error: Exception) -> TraceError:
    return TraceError(f"the file can't be read: {reason(error)}", source=path)
